#include "store/leveldb_env.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include "leveldb/env.h"

namespace alcove::store {
namespace {

leveldb::Status Failed(const std::string& name) {
  const std::string reason = std::strerror(errno);
  return errno == ENOENT ? leveldb::Status::NotFound(name, reason) : leveldb::Status::IOError(name, reason);
}

class Table final : public leveldb::RandomAccessFile {
 public:
  Table(std::string name, int descriptor) : name_(std::move(name)), descriptor_(descriptor) {}
  ~Table() override { close(descriptor_); }

  leveldb::Status Read(uint64_t offset, size_t size, leveldb::Slice* result, char* scratch) const override {
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

 private:
  const std::string name_;
  const int descriptor_;
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
};

}  // namespace

leveldb::Env* SystemEnv() {
  // LevelDB's own thread may use it until the very end.
  static PreadEnv* const env = new PreadEnv;
  return env;
}

}  // namespace alcove::store
