// What only a store in a folder can do: survive its process, refuse a second
// one, and tell what is wrong with its files.
#include "store/leveldb_store.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "leveldb/db.h"
#include "leveldb/env.h"
#include "leveldb/write_batch.h"
#include "store/keys.h"
#include "store/leveldb_disk.h"
#include "tests/store/store_contract.h"
#include "tests/store/temporary_folder.h"

namespace alcove::store {
namespace {

namespace fs = std::filesystem;

class LevelDbStore : public testing::Test {
 protected:
  ~LevelDbStore() override { fs::remove_all(folder_); }

  std::unique_ptr<Store> Open() {
    auto store = OpenLevelDbStore(folder_);
    EXPECT_TRUE(store.ok()) << store.status();
    return store.ok() ? *std::move(store) : nullptr;
  }
  static void Put(Store& store, const std::string& key, const std::string& value) {
    EXPECT_TRUE(store
                    .Transact([&](Transaction& txn) {
                      txn.Put(key, value);
                      return absl::OkStatus();
                    })
                    .ok());
  }
  // Past LevelDB's own checks: as another version, or another program, would.
  void PutRaw(const std::string& key, const std::string& value) {
    leveldb::DB* db = nullptr;
    leveldb::Options options;
    options.create_if_missing = true;
    ASSERT_TRUE(leveldb::DB::Open(options, folder_, &db).ok());
    EXPECT_TRUE(db->Put({}, key, value).ok());
    delete db;
  }
  // The code and words that a start on this folder must end with.
  void ExpectRefused(absl::StatusCode code, const std::vector<std::string>& words) {
    const auto store = OpenLevelDbStore(folder_);
    ASSERT_FALSE(store.ok());
    EXPECT_EQ(store.status().code(), code) << store.status();
    const std::string said(store.status().message());
    EXPECT_NE(said.find(folder_), std::string::npos) << said;
    for (const std::string& word : words) EXPECT_NE(said.find(word), std::string::npos) << said;
    EXPECT_EQ(said.find('\n'), std::string::npos) << said;
  }
  fs::path FileThatEndsWith(const std::string& end) {
    for (const auto& file : fs::directory_iterator(folder_)) {
      if (file.path().filename().string().ends_with(end)) return file.path();
    }
    ADD_FAILURE() << "no file ..." << end;
    return {};
  }

  const std::string folder_ = MakeTemporaryFolder();
};

TEST_F(LevelDbStore, IsThereAfterItWasClosed) {
  Map expected;
  auto store = Open();
  const std::string epoch = store->epoch();
  for (int i = 0; i < 100; ++i) {
    const std::string key = "t/" + std::to_string(i);
    Put(*store, key, std::to_string(i));
    expected[key] = std::to_string(i);
  }
  for (int times = 0; times < 3; ++times) {
    store.reset();
    store = Open();
    ASSERT_EQ(ReadAll(*store), expected);
    EXPECT_EQ(store->epoch(), epoch);
  }
}

// Enough for several tables, so that reads go through compacted files too.
TEST_F(LevelDbStore, IsThereAfterCompactions) {
  auto store = Open();
  const std::string value(100'000, 'v');
  for (int i = 0; i < 200; ++i) Put(*store, "t/" + std::to_string(i % 120), value + std::to_string(i));
  const Map before = ReadAll(*store);
  EXPECT_EQ(before.size(), 120u);
  store.reset();
  store = Open();
  EXPECT_EQ(ReadAll(*store), before);
}

TEST_F(LevelDbStore, MakesItsFolderButNotTheFolderAbove) {
  EXPECT_TRUE(OpenLevelDbStore(folder_ + "/new").ok());
  const auto status = OpenLevelDbStore(folder_ + "/not/there").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
}

TEST_F(LevelDbStore, SecondOpeningInTheSameProcessIsRefused) {
  const auto store = Open();
  ExpectRefused(absl::StatusCode::kFailedPrecondition, {"in use by another alcove process", "stop that one"});
  Put(*store, "t/a", "1");
}

TEST_F(LevelDbStore, SecondProcessIsRefused) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    // A process of its own that holds the folder until it is killed.
    const auto held = OpenLevelDbStore(folder_);
    std::ofstream(folder_ + "/held") << held.ok();
    while (true) pause();
  }
  while (!fs::exists(folder_ + "/held") || fs::file_size(folder_ + "/held") == 0) usleep(1000);
  ExpectRefused(absl::StatusCode::kFailedPrecondition, {"in use by another alcove process"});
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_NE(Open(), nullptr) << "a lock must die with its process";
}

// As root leaves them that filled a service's folder.
TEST_F(LevelDbStore, FilesOfAnotherUserAreNamed) {
  Open().reset();
  fs::permissions(folder_, fs::perms::all);
  fs::permissions(folder_ + "/LOCK", fs::perms::none);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    // Root may do everything.
    if (geteuid() == 0 && setresuid(65534, 65534, 65534) != 0) _exit(2);
    const auto store = OpenLevelDbStore(folder_);
    const std::string said(store.status().message());
    const std::string wanted = "must belong to the user that this runs as, " + std::to_string(geteuid()) + ";";
    if (said.find(wanted) == said.npos) std::fprintf(stderr, "%s\n", said.c_str());
    _exit(absl::IsUnavailable(store.status()) && said.find(wanted) != said.npos ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST_F(LevelDbStore, NewerFormatIsRefused) {
  Open().reset();
  PutRaw(keys::MetaFormat(), std::to_string(keys::kFormat + 1));
  ExpectRefused(absl::StatusCode::kFailedPrecondition, {"newer Alcove", "start that version"});
}

TEST_F(LevelDbStore, ForeignDatabaseIsRefusedAndLeftAlone) {
  PutRaw("theirs", "1");
  ExpectRefused(absl::StatusCode::kFailedPrecondition, {"not Alcove's"});
}

TEST_F(LevelDbStore, DamagedFormatIsRefused) {
  for (const char* format : {"", "x", "0", "-1", "1x"}) {
    SCOPED_TRACE(format);
    Open().reset();
    PutRaw(keys::MetaFormat(), format);
    ExpectRefused(absl::StatusCode::kDataLoss, {"damaged", "restore a backup"});
    PutRaw(keys::MetaFormat(), "1");
  }
}

TEST_F(LevelDbStore, DamagedFilesAreRefused) {
  {
    auto store = Open();
    for (int i = 0; i < 100; ++i) Put(*store, "t/" + std::to_string(i), std::string(1000, 'v'));
  }
  const struct {
    const char* name;
    const char* file;  // its end
    std::function<void(const fs::path&)> damage;
  } kCases[] = {
      {"a bit of the log is turned", ".log",
       [](const fs::path& path) {
         std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
         file.seekp(5000);
         file.put('\x55');
       }},
      {"CURRENT is empty", "CURRENT", [](const fs::path& path) { fs::resize_file(path, 0); }},
      {"CURRENT names nothing", "CURRENT", [](const fs::path& path) { std::ofstream(path) << "MANIFEST-999999\n"; }},
  };
  const fs::path copy = folder_ + ".copy";
  fs::copy(folder_, copy, fs::copy_options::recursive);
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    c.damage(FileThatEndsWith(c.file));
    const auto store = OpenLevelDbStore(folder_);
    EXPECT_FALSE(store.ok());
    fs::remove_all(folder_);
    fs::copy(copy, folder_, fs::copy_options::recursive);
    EXPECT_TRUE(OpenLevelDbStore(folder_).ok()) << "the copy was sound";
    fs::remove_all(folder_);
    fs::copy(copy, folder_, fs::copy_options::recursive);
  }
  fs::remove_all(copy);
}

// A table that is damaged is found when it is read, if not before.
TEST_F(LevelDbStore, DamagedTableIsDataLossNotWrongData) {
  {
    auto store = Open();
    for (int i = 0; i < 100; ++i) Put(*store, "t/" + std::to_string(i), std::string(1000, 'v'));
  }
  Open().reset();  // writes the log out as a table
  const fs::path table = FileThatEndsWith(".ldb");
  {
    std::fstream file(table, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(100);
    file.put('\x55');
  }
  const auto store = OpenLevelDbStore(folder_);
  if (!store.ok()) return;
  const auto entries = (*store)->Read([](Reader& reader) { return reader.Scan(kTestRange); });
  EXPECT_EQ(entries.status().code(), absl::StatusCode::kDataLoss) << entries.status();
}

// Whoever must not wait is told so while the files are opened anew, which here lasts until `reader` ends.
TEST_F(LevelDbStore, GivesNoSnapshotAtOnceWhileItIsReopened) {
  LevelDbDisk disk(folder_, leveldb::Env::Default(), {.write_buffer_bytes = size_t{4} << 20, .probe_bytes = 1});
  ASSERT_TRUE(disk.Open().ok());
  ASSERT_TRUE(disk.Write({{"t/a", "1"}}).ok());
  auto reader = disk.SnapshotAtOnce();
  ASSERT_NE(reader, nullptr);
  std::thread reopening([&] { EXPECT_TRUE(disk.Reopen().ok()); });
  while (disk.SnapshotAtOnce() != nullptr) std::this_thread::yield();
  EXPECT_EQ(*reader->Get("t/a"), "1");
  reader.reset();
  reopening.join();
  EXPECT_EQ(*disk.SnapshotAtOnce()->Get("t/a"), "1");
}

}  // namespace
}  // namespace alcove::store
