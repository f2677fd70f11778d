// What LevelDB's own thread reads ahead is what is there, and tables are whole when they are synced.
#include "store/leveldb_env.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <future>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "leveldb/env.h"
#include "tests/store/temporary_folder.h"

namespace alcove::store {
namespace {

class LevelDbEnv : public testing::Test {
 protected:
  ~LevelDbEnv() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, size_t bytes) {
    std::minstd_rand random(static_cast<unsigned>(bytes) + 1);
    std::string text(bytes, '\0');
    std::generate(text.begin(), text.end(), [&] { return static_cast<char>(random()); });
    leveldb::WritableFile* opened = nullptr;
    EXPECT_TRUE(env_->NewWritableFile(folder_ + name, &opened).ok());
    const std::unique_ptr<leveldb::WritableFile> file(opened);
    EXPECT_TRUE(file->Append(text).ok());
    EXPECT_TRUE(file->Flush().ok());
    flushed_bytes_ = std::filesystem::file_size(folder_ + name);
    EXPECT_TRUE(file->Sync().ok());
    EXPECT_EQ(std::filesystem::file_size(folder_ + name), bytes);
    EXPECT_TRUE(file->Close().ok());
    return text;
  }
  std::unique_ptr<leveldb::RandomAccessFile> Open(const std::string& name) {
    leveldb::RandomAccessFile* opened = nullptr;
    EXPECT_TRUE(env_->NewRandomAccessFile(folder_ + name, &opened).ok());
    return std::unique_ptr<leveldb::RandomAccessFile>(opened);
  }
  static std::string ReadAt(const leveldb::RandomAccessFile& file, size_t offset, size_t bytes) {
    std::string scratch(bytes, '\0');
    leveldb::Slice got;
    EXPECT_TRUE(file.Read(offset, bytes, &got, scratch.data()).ok());
    return got.ToString();
  }
  // On the thread that merges.
  template <class Body>
  void Merge(Body body) {
    std::packaged_task<void()> task(std::move(body));
    std::future<void> done = task.get_future();
    env_->Schedule([](void* given) { (*static_cast<std::packaged_task<void()>*>(given))(); }, &task);
    done.get();
  }

  leveldb::Env* const env_ = SystemEnv();
  const std::string folder_ = MakeTemporaryFolder() + "/";
  size_t flushed_bytes_ = 0;
};

TEST_F(LevelDbEnv, AMergeReadsWhatIsThere) {
  std::minstd_rand random(20261130);
  for (const size_t bytes : {0U, 1U, 1000U, 32U * 1024, 32U * 1024 + 1, 200'000U}) {
    SCOPED_TRACE(bytes);
    const std::string text = Write("t.ldb", bytes);
    const auto file = Open("t.ldb");
    Merge([&] {
      // As a table is opened, and then read from its beginning, twice; at last anywhere.
      EXPECT_EQ(ReadAt(*file, bytes - std::min<size_t>(bytes, 48), 48),
                text.substr(bytes - std::min<size_t>(bytes, 48)));
      for (int pass = 0; pass < 2; ++pass) {
        for (size_t at = 0; at <= bytes;) {
          const size_t wanted = 1 + random() % (pass == 0 ? 5000 : 50'000);
          EXPECT_EQ(ReadAt(*file, at, wanted), text.substr(at, wanted)) << at;
          at += wanted;
        }
      }
      for (int i = 0; i < 200; ++i) {
        const size_t at = random() % (bytes + 10), wanted = 1 + random() % 10'000;
        EXPECT_EQ(ReadAt(*file, at, wanted), at < bytes ? text.substr(at, wanted) : "") << at;
      }
    });
    EXPECT_EQ(ReadAt(*file, 0, bytes + 1), text) << "who does not merge reads it, too";
  }
}

TEST_F(LevelDbEnv, ATableIsWrittenWhenItIsSynced) {
  Write("t.ldb", 1000);
  EXPECT_EQ(flushed_bytes_, 0U) << "block by block";
  Write("t.txt", 1000);
  EXPECT_EQ(flushed_bytes_, 1000U) << "all else, as far as it was flushed";
}

}  // namespace
}  // namespace alcove::store
