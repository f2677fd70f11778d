// A leveldb::Env that fails when the test says so.
//
// Counts the operations that change something (open to write, append, flush,
// sync, close, rename) and fails the ones that were named, as a disk does: an
// append that fails has written half. It can go on failing, as a full disk does.
//
// It does not really sync: the machine does not end in these tests, and they
// are many. But it knows what was synced, so that a test can cut the power:
// LoseWhatIsNotSynced() leaves of each file what a disk would be sure to have.
// A rename and a removal count as done at once, as a journal keeps their order.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <set>
#include <string>

#include "leveldb/env.h"
#include "store/leveldb_env.h"
#include "store/mutex.h"

namespace alcove::store {

class FaultEnv final : public leveldb::EnvWrapper {
 public:
  FaultEnv() : leveldb::EnvWrapper(SystemEnv()) {}

  // Of the operations from now on (from 1), these fail.
  void FailAt(std::set<int> operations);
  // All from this one on fail.
  void FailFrom(int operation);
  void Heal();
  // Failed since the last of these calls.
  int failures();

  // To be called while no store is open: cuts each file that was written since
  // this Env was made. kTorn keeps a part of what was not synced, by chance: of
  // a log, which has room ahead, any sectors.
  enum class Loss { kAll, kTorn };
  void LoseWhatIsNotSynced(Loss loss, std::mt19937_64& rng);

  leveldb::Status NewWritableFile(const std::string& name, leveldb::WritableFile** result) override;
  leveldb::Status NewAppendableFile(const std::string& name, leveldb::WritableFile** result) override;
  leveldb::Status RenameFile(const std::string& from, const std::string& to) override;
  leveldb::Status RemoveFile(const std::string& name) override;

 private:
  class File;
  // Counts one operation: OK, or the error that it must answer.
  leveldb::Status Step(const std::string& name);
  void Synced(const std::string& name, uint64_t bytes);
  void EndsInHalf(const std::string& name);
  struct Written {
    uint64_t synced = 0;        // the bytes that are safe
    bool ends_in_half = false;  // of an append that failed
  };
  static void Tear(const std::string& name, const Written& written, Loss loss, std::mt19937_64& rng);

  Mutex mutex_;
  int counted_ ABSL_GUARDED_BY(mutex_) = 0;
  int failures_ ABSL_GUARDED_BY(mutex_) = 0;
  std::set<int> fail_at_ ABSL_GUARDED_BY(mutex_);
  int fail_from_ ABSL_GUARDED_BY(mutex_) = kNever;
  std::map<std::string, Written> written_ ABSL_GUARDED_BY(mutex_);
  static constexpr int kNever = std::numeric_limits<int>::max();
};

}  // namespace alcove::store
