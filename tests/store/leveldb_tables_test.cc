// What reads of the tables cost, what is kept of them, and whom it holds up when
// they are written: seen by an Env that counts and waits.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "leveldb/env.h"
#include "store/leveldb_env.h"
#include "store/leveldb_store.h"
#include "store/mutex.h"
#include "tests/store/temporary_folder.h"

namespace alcove::store {
namespace {

class TableEnv final : public leveldb::EnvWrapper {
 public:
  TableEnv() : leveldb::EnvWrapper(SystemEnv()) {}

  std::atomic<int> reads{0};
  std::atomic<uint64_t> bytes_read{0};

  // From here on nobody gets any further who wants to write a table.
  void Hold() {
    const MutexLock lock(mutex_);
    held_ = true;
  }
  void AwaitSomebody() {
    const MutexLock lock(mutex_);
    while (waiting_ == 0) changed_.Wait(mutex_);
  }
  void LetGo() {
    const MutexLock lock(mutex_);
    held_ = false;
    changed_.NotifyAll();
  }

  leveldb::Status NewRandomAccessFile(const std::string& name, leveldb::RandomAccessFile** result) override {
    const leveldb::Status status = target()->NewRandomAccessFile(name, result);
    if (status.ok()) *result = new Table(*this, *result);
    return status;
  }
  leveldb::Status NewWritableFile(const std::string& name, leveldb::WritableFile** result) override {
    if (name.ends_with(".ldb")) {
      const MutexLock lock(mutex_);
      ++waiting_;
      changed_.NotifyAll();
      while (held_) changed_.Wait(mutex_);
      --waiting_;
    }
    return target()->NewWritableFile(name, result);
  }

 private:
  class Table final : public leveldb::RandomAccessFile {
   public:
    Table(TableEnv& env, leveldb::RandomAccessFile* base) : env_(env), base_(base) {}
    leveldb::Status Read(uint64_t offset, size_t size, leveldb::Slice* result, char* scratch) const override {
      ++env_.reads;
      env_.bytes_read += size;
      return base_->Read(offset, size, result, scratch);
    }

   private:
    TableEnv& env_;
    const std::unique_ptr<leveldb::RandomAccessFile> base_;
  };

  Mutex mutex_;
  CondVar changed_;
  bool held_ ABSL_GUARDED_BY(mutex_) = false;
  int waiting_ ABSL_GUARDED_BY(mutex_) = 0;
};

class LevelDbTables : public testing::Test {
 protected:
  ~LevelDbTables() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  void Open() {
    store_.reset();
    auto opened = OpenLevelDbStore(folder_, {.env = &env_, .write_buffer_bytes = size_t{4} << 20});
    ASSERT_TRUE(opened.ok()) << opened.status();
    store_ = *std::move(opened);
  }
  // Every other number is there.
  static std::string KeyOf(int number) { return "t/" + std::to_string(10'000'000 + number); }
  void Put(int first, int count, size_t value_bytes) {
    const absl::Status status = store_->Transact([&](Transaction& txn) {
      for (int i = first; i < first + count; ++i) txn.Put(KeyOf(2 * i), std::string(value_bytes, 'v'));
      return absl::OkStatus();
    });
    ASSERT_TRUE(status.ok()) << status;
  }

  TableEnv env_;
  const std::string folder_ = MakeTemporaryFolder();
  std::unique_ptr<Store> store_;
};

TEST_F(LevelDbTables, AreAskedForWhatTheyHaveAndKeptInPart) {
  constexpr int kRecords = 24'000;
  constexpr size_t kValueBytes = 1000;  // 24 MB, and a cache of 8
  Open();
  for (int first = 0; first < kRecords; first += 1000) Put(first, 1000, kValueBytes);
  Open();  // what is in the log becomes a table
  const auto pass = [&] {
    env_.bytes_read = 0;
    int found = 0;
    for (int first = 0; first < kRecords; first += 1000) {
      const auto page = store_->Read(
          [&](Reader& reader) { return reader.Scan({KeyOf(2 * first), KeyOf(2 * (first + 1000))}, {.limit = 1000}); });
      found += static_cast<int>(page->size());
    }
    EXPECT_EQ(found, kRecords);
    return env_.bytes_read.load();
  };
  pass();
  // Blocks are pressed on disk; in the cache they are not, so that the second pass finds the first one's blocks gone.
  EXPECT_GT(env_.bytes_read, 0U);
  const uint64_t first_pass = env_.bytes_read;
  EXPECT_GT(pass(), first_pass / 2) << "all is kept in memory";

  env_.reads = 0;
  constexpr int kLookups = 3000;
  for (int i = 0; i < kLookups; ++i) {
    const std::string absent = KeyOf(2 * (i * 7919 % kRecords) + 1);
    const auto value = store_->Read([&](Reader& reader) { return reader.Get(absent); });
    EXPECT_EQ(*value, std::nullopt);
  }
  EXPECT_LT(env_.reads, kLookups / 10) << "what is not there is looked for in the tables";
}

// A memtable is written out, and commits go on in the next one: up to its size nobody waits for a table.
TEST_F(LevelDbTables, AreWrittenBesideTheCommits) {
  Open();
  env_.Hold();
  int number = 0;
  const auto put_megabyte = [&] {
    for (int i = 0; i < 10; ++i) Put(number++, 1, 100'000);
  };
  for (int i = 0; i < 5; ++i) put_megabyte();
  env_.AwaitSomebody();
  for (int i = 0; i < 2; ++i) put_megabyte();
  env_.LetGo();
  for (int i = 0; i < 20; ++i) put_megabyte();
  const auto last = store_->Read([&](Reader& reader) { return reader.Get(KeyOf(2 * (number - 1))); });
  EXPECT_EQ(last->value_or("").size(), 100'000U);
}

}  // namespace
}  // namespace alcove::store
