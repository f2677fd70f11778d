#include "store/leveldb_env.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "leveldb/env.h"
#include "store/preallocated_log.h"

namespace alcove::store {
namespace {

leveldb::Status Failed(const std::string& name) {
  const std::string reason = std::strerror(errno);
  return errno == ENOENT ? leveldb::Status::NotFound(name, reason) : leveldb::Status::IOError(name, reason);
}

// LevelDB's own thread merges tables: it reads and writes them from their beginning to their end, block by block.
thread_local bool merges = false;

class Table final : public leveldb::RandomAccessFile {
 public:
  Table(std::string name, int descriptor) : name_(std::move(name)), descriptor_(descriptor) {}
  ~Table() override { close(descriptor_); }

  leveldb::Status Read(uint64_t offset, size_t size, leveldb::Slice* result, char* scratch) const override {
    if (!merges) return ReadHere(offset, size, result, scratch);
    // To open a table it reads some blocks, too, and those tables stay.
    const bool goes_on = offset == 0 || offset == merged_bytes_;
    merged_bytes_ = offset + size;
    return goes_on && size < kAheadBytes ? ReadAhead(offset, size, result, scratch)
                                         : ReadHere(offset, size, result, scratch);
  }

 private:
  // A block has 4 KB before it is compressed, and some tables are merged at once, which are removed behind it.
  static constexpr size_t kAheadBytes = size_t{32} << 10;

  // Of what was read with the blocks before. On the merging thread alone.
  leveldb::Status ReadAhead(uint64_t offset, size_t size, leveldb::Slice* result, char* scratch) const {
    const bool is_there = offset >= ahead_offset_ && offset - ahead_offset_ <= ahead_.size() &&
                          size <= ahead_.size() - (offset - ahead_offset_);
    if (!is_there) {
      ahead_.resize(kAheadBytes);
      ahead_offset_ = offset;
      leveldb::Slice got;
      const leveldb::Status status = ReadHere(offset, kAheadBytes, &got, ahead_.data());
      ahead_.resize(got.size());
      if (!status.ok()) return status;
    }
    const size_t begin = offset - ahead_offset_;
    const size_t there = std::min(size, ahead_.size() - begin);
    std::memcpy(scratch, ahead_.data() + begin, there);
    *result = leveldb::Slice(scratch, there);
    return leveldb::Status::OK();
  }

  leveldb::Status ReadHere(uint64_t offset, size_t size, leveldb::Slice* result, char* scratch) const {
    size_t got = 0;
    while (got < size) {
      const ssize_t more = pread(descriptor_, scratch + got, size - got, static_cast<off_t>(offset + got));
      if (more < 0 && errno == EINTR) continue;
      if (more < 0) {
        *result = {};
        return Failed(name_);
      }
      if (more == 0) break;  // LevelDB calls a block that is cut off damaged
      got += static_cast<size_t>(more);
    }
    *result = leveldb::Slice(scratch, got);
    return leveldb::Status::OK();
  }

  const std::string name_;
  const int descriptor_;
  mutable std::string ahead_;
  mutable uint64_t ahead_offset_ = 0;
  mutable uint64_t merged_bytes_ = 0;
};

// A table that is written: nobody reads it before it is synced, so it is not handed on block by block.
class NewTable final : public leveldb::WritableFile {
 public:
  explicit NewTable(leveldb::WritableFile* file) : file_(file) {}
  leveldb::Status Append(const leveldb::Slice& data) override { return file_->Append(data); }
  leveldb::Status Flush() override { return leveldb::Status::OK(); }
  leveldb::Status Sync() override { return file_->Sync(); }
  leveldb::Status Close() override { return file_->Close(); }

 private:
  const std::unique_ptr<leveldb::WritableFile> file_;
};

class PreadEnv final : public leveldb::EnvWrapper {
 public:
  PreadEnv() : leveldb::EnvWrapper(leveldb::Env::Default()) {}

  leveldb::Status NewRandomAccessFile(const std::string& name, leveldb::RandomAccessFile** result) override {
    *result = nullptr;
    const int descriptor = open(name.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return Failed(name);
    *result = new Table(name, descriptor);
    return leveldb::Status::OK();
  }

  leveldb::Status NewWritableFile(const std::string& name, leveldb::WritableFile** result) override {
    leveldb::Status status = target()->NewWritableFile(name, result);
    if (!status.ok()) return status;
    if (std::string_view(name).ends_with(kTableSuffix)) *result = new NewTable(*result);
    if (std::string_view(name).ends_with(kLogSuffix)) {
      *result = PreallocateLog(name, std::unique_ptr<leveldb::WritableFile>(*result)).release();
    }
    return status;
  }

  void Schedule(void (*work)(void*), void* of) override { target()->Schedule(RunMerging, new Work{work, of}); }

 private:
  static constexpr std::string_view kTableSuffix = ".ldb";
  static constexpr std::string_view kLogSuffix = ".log";
  struct Work {
    void (*run)(void*);
    void* of;
  };
  static void RunMerging(void* given) {
    merges = true;
    const std::unique_ptr<Work> work(static_cast<Work*>(given));
    work->run(work->of);
  }
};

}  // namespace

leveldb::Env* SystemEnv() {
  // LevelDB's own thread may use it until the very end.
  static PreadEnv* const env = new PreadEnv;
  return env;
}

}  // namespace alcove::store
