// Files that were altered: each is refused in a sentence, or found when it is
// read, or harmless. Never is anything else read than what was written, and
// nothing that was lost in the middle goes unnoticed.
//
// One thing nobody can see: the end of the log, cut off or with a sector of its
// last write lost, is what a crash before those writes leaves. It is a state that
// was, without its last moments.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "store/each_entry.h"
#include "store/leveldb_store.h"
#include "store/memory_store.h"
#include "tests/faults/talk.h"
#include "tests/functions/invariants.h"
#include "tests/store/seed.h"
#include "tests/store/temporary_folder.h"
#include "tests/store/whole_file.h"

namespace alcove::functions {
namespace {

namespace fs = std::filesystem;

std::string KindOf(const fs::path& path) {
  const std::string name = path.filename().string();
  if (name.starts_with("MANIFEST")) return "MANIFEST";
  if (name == "CURRENT") return name;
  const std::string end = path.extension().string();
  return end == ".log" || end == ".ldb" ? end : "";
}

enum class Outcome { kRefused, kFound, kHarmless, kEarlier };

class Damage : public testing::Test {
 protected:
  Damage() : rng_(store::Seed()), folder_(store::MakeTemporaryFolder()), copy_(store::MakeTemporaryFolder()) {
    World world(*store::OpenLevelDbStore(folder_));
    Talk talk(world, rng_(), wire::kMessageTextBytesMax);
    // Some memtables, so that there are tables and a long manifest.
    talk.Run(world, 400, [] { return false; });
    for (int i = 0; i < 3; ++i) {
      // Each opening writes the log out as a table.
      world.store.reset();
      world.store = *store::OpenLevelDbStore(folder_);
      talk.Run(world, 20, [] { return false; });
    }
    for (const store::Entry& entry : All(*world.store)) written_[entry.key] = entry.value;
    world.store.reset();
    world.store = store::MakeMemoryStore();  // which the World takes its watch from
  }
  ~Damage() override {
    fs::remove_all(folder_);
    fs::remove_all(copy_);
  }

  static std::vector<store::Entry> All(store::Store& store) {
    std::vector<store::Entry> all;
    EXPECT_TRUE(ReadAll(store, all).ok());
    return all;
  }
  static absl::Status ReadAll(store::Store& store, std::vector<store::Entry>& all) {
    return store.Read([&](store::Reader& reader) -> absl::Status {
      return store::EachEntry(reader, store::keys::Everything(), [&](store::Entry& entry) {
        all.push_back(std::move(entry));
        return absl::OkStatus();
      });
    });
  }

  // Copies the folder, alters one file of the copy, and looks what comes of it.
  Outcome Try(const fs::path& file, const std::string& bytes) {
    fs::remove_all(copy_);
    fs::copy(folder_, copy_, fs::copy_options::recursive);
    store::WriteFile(fs::path(copy_) / file.filename(), bytes);
    const auto store = store::OpenLevelDbStore(copy_);
    if (!store.ok()) {
      const std::string said(store.status().message());
      EXPECT_NE(said.find(copy_), std::string::npos) << said;
      EXPECT_TRUE(said.find("restore a backup") != std::string::npos || said.find("check that") != std::string::npos ||
                  said.find("not Alcove's") != std::string::npos)
          << "it says what to do: " << said;
      return Outcome::kRefused;
    }
    std::vector<store::Entry> all;
    if (const absl::Status read = ReadAll(**store, all); !read.ok()) {
      EXPECT_EQ(read.code(), absl::StatusCode::kDataLoss) << read;
      return Outcome::kFound;
    }
    bool same = all.size() == written_.size();
    for (const store::Entry& entry : all)
      same = same && written_.contains(entry.key) && written_[entry.key] == entry.value;
    if (same) return Outcome::kHarmless;
    int64_t findings = 0;
    const auto report = (*store)->Read([&](store::Reader& reader) { return Verify(reader, {}); });
    EXPECT_TRUE(report.ok()) << report.status();
    if (report.ok()) findings = report->findings;
    if (findings > 0) return Outcome::kFound;
    return Outcome::kEarlier;
  }

  std::vector<fs::path> Files() {
    std::vector<fs::path> files;
    for (const auto& file : fs::directory_iterator(folder_)) {
      if (!KindOf(file.path()).empty()) files.push_back(file.path());
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  std::mt19937_64 rng_;
  const std::string folder_;
  const std::string copy_;
  std::map<std::string, std::string> written_;
};

TEST_F(Damage, TurnedBitsAreRefusedOrFoundOrHarmless) {
  SCOPED_TRACE(store::Replay());
  std::map<std::string, std::map<Outcome, int>> outcomes;
  for (const fs::path& file : Files()) {
    const std::string sound = store::ReadFile(file);
    for (int i = 0; i < 8 && !HasFailure(); ++i) {
      // The first byte and the last, and any between.
      const size_t at = i == 0 ? 0 : (i == 1 ? sound.size() - 1 : rng_() % sound.size());
      const int bit = static_cast<int>(rng_() % 8);
      SCOPED_TRACE(testing::Message() << file.filename() << ": bit " << bit << " of byte " << at << " of "
                                      << sound.size());
      std::string bytes = sound;
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << bit));
      const Outcome outcome = Try(file, bytes);
      ++outcomes[KindOf(file)][outcome];
      EXPECT_NE(outcome, Outcome::kEarlier) << "something is gone, and nobody says so";
    }
  }
  for (const std::string kind : {"CURRENT", "MANIFEST", ".log", ".ldb"}) {
    EXPECT_GT(outcomes[kind][Outcome::kRefused] + outcomes[kind][Outcome::kFound], 0) << kind;
  }
}

TEST_F(Damage, CutFilesAreRefusedOrFoundOrAnEarlierState) {
  SCOPED_TRACE(store::Replay());
  std::map<std::string, std::map<Outcome, int>> outcomes;
  for (const fs::path& file : Files()) {
    const std::string sound = store::ReadFile(file);
    for (int i = 0; i < 7 && !HasFailure(); ++i) {
      const size_t size = i == 0 ? 0 : (i == 1 ? sound.size() - 1 : rng_() % sound.size());
      SCOPED_TRACE(testing::Message() << file.filename() << ": " << size << " of " << sound.size() << " bytes");
      const Outcome outcome = Try(file, sound.substr(0, size));
      ++outcomes[KindOf(file)][outcome];
      if (KindOf(file) != ".log") {
        EXPECT_NE(outcome, Outcome::kEarlier) << "something is gone, and nobody says so";
      }
    }
  }
  for (const std::string kind : {"CURRENT", "MANIFEST", ".ldb"}) {
    EXPECT_GT(outcomes[kind][Outcome::kRefused] + outcomes[kind][Outcome::kFound], 0) << kind;
  }
}

TEST_F(Damage, MissingFilesAreRefusedOrFound) {
  for (const fs::path& file : Files()) {
    SCOPED_TRACE(file.filename());
    fs::remove_all(copy_);
    fs::copy(folder_, copy_, fs::copy_options::recursive);
    fs::remove(fs::path(copy_) / file.filename());
    const auto store = store::OpenLevelDbStore(copy_);
    if (KindOf(file) == ".log") continue;  // as one that is cut off at its beginning
    EXPECT_FALSE(store.ok());
  }
}

}  // namespace
}  // namespace alcove::functions
