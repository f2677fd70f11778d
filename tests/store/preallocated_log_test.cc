// A write that was torn is cut off, whichever of its sectors are there; what is damaged is refused; and a log that a
// server has open is left alone.
#include "store/preallocated_log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "leveldb/env.h"
#include "store/leveldb_disk.h"
#include "store/leveldb_env.h"
#include "tests/store/seed.h"
#include "tests/store/temporary_folder.h"
#include "tests/store/whole_file.h"

namespace alcove::store {
namespace {

namespace fs = std::filesystem;

constexpr size_t kSectorBytes = 512;
constexpr size_t kRoomBytes = size_t{256} << 10;
constexpr LevelDbDisk::Sizes kSizes = {.write_buffer_bytes = size_t{4} << 20, .probe_bytes = 1000};

class PreallocatedLogTest : public testing::Test {
 protected:
  ~PreallocatedLogTest() override {
    for (const std::string& folder : {folder_, killed_}) fs::remove_all(folder);
  }

  fs::path Log(const std::string& folder) {
    for (const auto& file : fs::directory_iterator(folder)) {
      if (file.path().extension() == ".log") return file.path();
    }
    ADD_FAILURE() << "no log";
    return {};
  }
  // No byte of it is zero, as none of ours is.
  std::string Value(size_t bytes) {
    std::string value(bytes, 'v');
    for (char& c : value) c = static_cast<char>('a' + rng_() % 26);
    return value;
  }
  // Each a write, to a new store. Leaves in `killed_` what a server that was killed then leaves.
  void Write(const std::vector<std::string>& values) {
    fs::remove_all(folder_);
    LevelDbDisk disk(folder_, SystemEnv(), kSizes);
    ASSERT_TRUE(disk.Open().ok());
    ends_.clear();
    for (size_t i = 0; i < values.size(); ++i) {
      ASSERT_TRUE(disk.Write({{"t/" + std::to_string(i), values[i]}}).ok());
      ends_.push_back(ReadFile(Log(folder_)).find_last_not_of('\0') + 1);
    }
    fs::remove_all(killed_);
    fs::copy(folder_, killed_);
  }
  // What the keys hold that Write() wrote, if `log` is what is found; nullopt where it is refused.
  std::optional<std::vector<std::optional<std::string>>> Found(const std::string& log, size_t keys) {
    const std::string copy = killed_ + ".copy";
    fs::remove_all(copy);
    fs::copy(killed_, copy);
    WriteFile(Log(copy), log);
    std::optional<std::vector<std::optional<std::string>>> found;
    {
      LevelDbDisk disk(copy, SystemEnv(), kSizes);
      if (const absl::Status opened = disk.Open(); opened.ok()) {
        found.emplace();
        for (size_t i = 0; i < keys; ++i) found->push_back(*disk.Get("t/" + std::to_string(i)));
      } else {
        EXPECT_EQ(opened.code(), absl::StatusCode::kDataLoss) << opened;
      }
    }
    fs::remove_all(copy);
    return found;
  }

  std::mt19937_64 rng_{Seed()};
  const std::string folder_ = MakeTemporaryFolder();
  const std::string killed_ = MakeTemporaryFolder();
  std::vector<size_t> ends_;  // of each write, in the log
};

TEST_F(PreallocatedLogTest, HasRoomWhileItIsOpenAndNoneBehind) {
  Write({Value(100), Value(100)});
  EXPECT_EQ(ReadFile(Log(killed_)).size(), kRoomBytes);
  EXPECT_EQ(ReadFile(Log(folder_)).size(), ends_.back()) << "closed";
  Write({Value(kRoomBytes)});
  EXPECT_EQ(ReadFile(Log(killed_)).size(), 2 * kRoomBytes);
  Write({});
  EXPECT_EQ(ReadFile(Log(killed_)).size(), 0U) << "nothing was written";
}

TEST_F(PreallocatedLogTest, WhatAKilledServerWroteIsThere) {
  const std::vector<std::string> values = {Value(100), Value(70'000), Value(300'000), Value(1)};
  Write(values);
  const auto found = Found(ReadFile(Log(killed_)), values.size());
  ASSERT_TRUE(found);
  for (size_t i = 0; i < values.size(); ++i) EXPECT_EQ((*found)[i], values[i]) << i;
}

TEST_F(PreallocatedLogTest, ATornWriteIsCutOffWhicheverSectorsAreThere) {
  SCOPED_TRACE(Replay());
  // In one sector, in some, over a block's end, and over several.
  for (const size_t bytes : {100U, 3000U, 40'000U, 100'000U}) {
    // Behind so many, and at the end of a block, where no header fits and where no more than one does.
    for (const size_t before : {10U, 1000U, 30'000U, 32'737U, 32'734U}) {
      const std::string first = Value(before), second = Value(bytes);
      Write({first, second});
      if (HasFailure()) return;
      const std::string whole = ReadFile(Log(killed_));
      const size_t begin = ends_[0], end = ends_[1];
      for (int i = 0; i < 12; ++i) {
        std::string log = whole;
        for (size_t at = begin; at < end;) {
          const size_t next = std::min((at / kSectorBytes + 1) * kSectorBytes, end);
          // None, all but one, or any.
          const bool is_lost = i == 0 || (i == 1 ? at != begin : (i == 2 ? next != end : rng_() % 2 == 0));
          if (is_lost) log.replace(at, next - at, next - at, '\0');
          at = next;
        }
        bool is_torn = log != whole;      // zeros at a block's end are no loss
        if (i % 4 == 1) log.resize(end);  // no room was made
        if (i % 4 == 3) {                 // nor was the file as long
          log.resize(begin + rng_() % (end - begin));
          is_torn = true;
        }
        SCOPED_TRACE(testing::Message() << bytes << " bytes behind " << before << ", case " << i);
        const auto found = Found(log, 2);
        ASSERT_TRUE(found) << "refused";
        EXPECT_EQ((*found)[0], first) << "it was synced";
        EXPECT_EQ((*found)[1], is_torn ? std::nullopt : std::optional(second));
      }
    }
  }
}

TEST_F(PreallocatedLogTest, DamageIsRefused) {
  SCOPED_TRACE(Replay());
  // The last is of one record, of one behind the zeros at a block's end, and of several.
  for (const size_t before : {1000U, 32'737U}) {
    for (const size_t last : {3000U, 70'000U}) {
      Write({Value(before), Value(last)});
      if (HasFailure()) return;
      const std::string whole = ReadFile(Log(killed_));
      const size_t begin = before == 1000 ? ends_[0] : 32'768;
      ASSERT_NE(whole[begin + 6], 0) << "there the last one begins";
      std::vector<std::pair<size_t, int>> bits;
      for (size_t at = begin; at < begin + 7; ++at) {
        for (int bit = 0; bit < 8; ++bit) bits.emplace_back(at, bit);
      }
      for (const size_t at : {size_t{0}, size_t{6}, begin + 7, begin + 50 + rng_() % 900, ends_.back() - 1}) {
        bits.emplace_back(at, 1);
      }
      for (const auto& [at, bit] : bits) {
        const size_t size = bit % 2 == 0 ? whole.size() : ends_.back();
        // Longer than the file LevelDB takes it for one that was just begun.
        const bool is_length = at == begin + 4 || at == begin + 5;
        if (is_length && size == ends_.back()) continue;
        SCOPED_TRACE(testing::Message() << last << " bytes behind " << before << ", bit " << bit << " of byte "
                                        << static_cast<int64_t>(at - begin) << ", of " << size);
        std::string log = whole.substr(0, size);
        log[at] = static_cast<char>(log[at] ^ (1 << bit));
        EXPECT_FALSE(Found(log, 0));
      }
    }
  }
}

// However the one looks: it was synced before the other began.
TEST_F(PreallocatedLogTest, WhatHasAnotherWriteBehindItIsDamage) {
  Write({Value(1000), Value(3000), Value(3000)});
  for (const size_t at : {2 * kSectorBytes, 5 * kSectorBytes}) {
    std::string log = ReadFile(Log(killed_));
    log.replace(at, kSectorBytes, kSectorBytes, '\0');
    WriteFile(Log(killed_), log);
    EXPECT_EQ(CutTornWrite(*SystemEnv(), Log(killed_)).status().code(), absl::StatusCode::kDataLoss);
    EXPECT_EQ(ReadFile(Log(killed_)), log);
    EXPECT_FALSE(Found(log, 0));
  }
}

TEST_F(PreallocatedLogTest, OnlyTheNewestLogIsCut) {
  const std::string first = Value(100);
  Write({first, Value(3000)});
  std::string torn = ReadFile(Log(killed_));
  torn.replace(ends_.back() / kSectorBytes * kSectorBytes, kSectorBytes, kSectorBytes, '\0');
  WriteFile(Log(killed_), torn);
  const struct {
    const char* name;
    std::string newer;
    bool is_cut;
  } kCases[] = {
      {"a newer one is empty", "", true},
      {"a newer one has nothing but room", std::string(1000, '\0'), true},
      {"a newer one was written to", torn, false},
  };
  const std::string copy = killed_ + ".copy";
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    fs::copy(killed_, copy);
    WriteFile(copy + "/000999.log", c.newer);
    LevelDbDisk disk(copy, SystemEnv(), kSizes);
    const absl::Status opened = disk.Open();
    EXPECT_EQ(opened.ok(), c.is_cut) << opened;
    if (opened.ok()) {
      EXPECT_EQ(*disk.Get("t/0"), first);
    }
    fs::remove_all(copy);
  }
}

TEST_F(PreallocatedLogTest, OtherFilesAreLeftAlone) {
  Write({Value(100)});
  const std::vector<std::string> others = {"/server.log", "/1a.log", "/.log", "/-1.log"};
  for (const std::string& name : others) WriteFile(folder_ + name, "2026-11-30 up");
  fs::create_directory(folder_ + "/old.log");
  LevelDbDisk disk(folder_, SystemEnv(), kSizes);
  EXPECT_TRUE(disk.Open().ok());
  for (const std::string& name : others) EXPECT_EQ(ReadFile(folder_ + name), "2026-11-30 up") << name;
}

TEST_F(PreallocatedLogTest, WhatCannotBeReadIsUnavailable) {
  EXPECT_EQ(CutTornWrite(*SystemEnv(), folder_ + "/000001.log").status().code(), absl::StatusCode::kUnavailable);
  fs::create_directory(folder_ + "/000001.log");
  EXPECT_EQ(CutTornWrite(*SystemEnv(), folder_ + "/000001.log").status().code(), absl::StatusCode::kUnavailable);
}

// A file whose appends fail when the test says so, having written a part.
class FailingFile final : public leveldb::WritableFile {
 public:
  FailingFile(leveldb::WritableFile* file, const bool& fails) : file_(file), fails_(fails) {}
  leveldb::Status Append(const leveldb::Slice& data) override {
    if (!fails_) return file_->Append(data);
    (void)file_->Append({data.data(), data.size() / 2});
    (void)file_->Flush();
    return leveldb::Status::IOError("the test said so");
  }
  leveldb::Status Flush() override { return file_->Flush(); }
  leveldb::Status Sync() override { return file_->Sync(); }
  leveldb::Status Close() override { return file_->Close(); }

 private:
  const std::unique_ptr<leveldb::WritableFile> file_;
  const bool& fails_;
};

TEST_F(PreallocatedLogTest, NothingOfARefusedWriteIsLeft) {
  const std::string name = folder_ + "/t";
  leveldb::WritableFile* opened = nullptr;
  ASSERT_TRUE(leveldb::Env::Default()->NewWritableFile(name, &opened).ok());
  bool fails = false;
  auto log = PreallocateLog(name, std::make_unique<FailingFile>(opened, fails));
  EXPECT_TRUE(log->Append("synced").ok());
  EXPECT_TRUE(log->Sync().ok());
  fails = true;
  EXPECT_FALSE(log->Append("refused").ok());
  EXPECT_EQ(ReadFile(name).size(), kRoomBytes);
  log.reset();
  EXPECT_EQ(ReadFile(name), "synced");
}

// What is half written just now, by whoever has it open, is nobody else's to cut off.
TEST_F(PreallocatedLogTest, AStoreThatIsOpenIsLeftAlone) {
  LevelDbDisk disk(folder_, SystemEnv(), kSizes);
  ASSERT_TRUE(disk.Open().ok());
  ASSERT_TRUE(disk.Write({{"t/0", Value(2000)}}).ok());
  const fs::path path = Log(folder_);
  std::string log = ReadFile(path);
  log.replace(kSectorBytes, kSectorBytes, kSectorBytes, '\0');
  WriteFile(path, log);
  LevelDbDisk other(folder_, SystemEnv(), kSizes);
  const absl::Status opened = other.Open();
  EXPECT_EQ(opened.code(), absl::StatusCode::kFailedPrecondition) << opened;
  EXPECT_EQ(ReadFile(path), log);
}

}  // namespace
}  // namespace alcove::store
