// A leveldb::Env that fails when the test says so.
//
// Counts the operations that change something (open to write, append, flush,
// sync, close, rename) and fails the ones that were named, as a disk does: an
// append that fails has written half. It can go on failing, as a full disk does.
//
// It does not really sync: the machine does not end in these tests, and they
// are many.
#pragma once

#include <limits>
#include <set>
#include <string>

#include "leveldb/env.h"
#include "store/mutex.h"

namespace alcove::store {

class FaultEnv final : public leveldb::EnvWrapper {
 public:
  FaultEnv() : leveldb::EnvWrapper(leveldb::Env::Default()) {}

  // Of the operations from now on (from 1), these fail.
  void FailAt(std::set<int> operations);
  // All from this one on fail.
  void FailFrom(int operation);
  void Heal();
  // Failed since the last of these calls.
  int failures();

  leveldb::Status NewWritableFile(const std::string& name, leveldb::WritableFile** result) override;
  leveldb::Status NewAppendableFile(const std::string& name, leveldb::WritableFile** result) override;
  leveldb::Status RenameFile(const std::string& from, const std::string& to) override;

 private:
  class File;
  // Counts one operation: OK, or the error that it must answer.
  leveldb::Status Step(const std::string& name);

  Mutex mutex_;
  int counted_ ABSL_GUARDED_BY(mutex_) = 0;
  int failures_ ABSL_GUARDED_BY(mutex_) = 0;
  std::set<int> fail_at_ ABSL_GUARDED_BY(mutex_);
  int fail_from_ ABSL_GUARDED_BY(mutex_) = kNever;
  static constexpr int kNever = std::numeric_limits<int>::max();
};

}  // namespace alcove::store
