// A Disk in a folder, by LevelDB.
//
// LevelDB 1.23 goes on after a failed append as if nothing had been, and loses
// the synced writes that follow (measured: 916 of 1,497). So a handle that
// refused one write is never written to again: Reopen() replaces it. Until a
// probe shows that the folder can be written to, the old handle stays for
// reading: a full disk stops writes only.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/disk.h"
#include "store/mutex.h"

namespace leveldb {
class Cache;
class DB;
class Env;
class FilterPolicy;
}  // namespace leveldb

namespace alcove::store {

// DATA_LOSS, in the sentence that a deployer reads: what to do, and `why`.
absl::Status DamagedFolder(const std::string& folder, std::string_view why);

class LevelDbDisk final : public Disk {
 public:
  // As LevelDbOptions has them.
  struct Sizes {
    size_t write_buffer_bytes;
    size_t probe_bytes;
  };

  // Not yet open: Get() and the like are UNAVAILABLE. `env` is not owned.
  LevelDbDisk(std::string folder, leveldb::Env* env, Sizes sizes);
  ~LevelDbDisk() override;

  // REQUIRES: called once, before all else. The errors are those of OpenLevelDbStore().
  absl::Status Open();

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) override;
  absl::StatusOr<std::vector<Entry>> Scan(const Range& range, const ScanOptions& options) override;
  absl::StatusOr<std::unique_ptr<Reader>> Snapshot() override;
  std::unique_ptr<Reader> SnapshotAtOnce() override;
  absl::Status Write(const std::vector<Change>& changes) override;
  absl::Status Reopen() override;

 private:
  class View;
  // Keeps the handle open while it lives; empty where it is closed.
  class Lease {
   public:
    enum class WhileReopening { kWait, kStayEmpty };
    explicit Lease(LevelDbDisk& disk, WhileReopening manner = WhileReopening::kWait);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    leveldb::DB* db() const { return db_; }
    // UNAVAILABLE where the handle is waited for, to be replaced, and this has held
    // it for long, as a backup does: it must let go. Who came just now may end.
    absl::Status CheckWanted() const;

   private:
    LevelDbDisk& disk_;
    leveldb::DB* db_;
    const std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  };

  // Of the newest log with anything in it, unless a process has the folder open. DATA_LOSS or UNAVAILABLE as
  // preallocated_log.h says.
  absl::Status CutTornWrite();
  absl::StatusOr<std::unique_ptr<leveldb::DB>> OpenHandle();
  // RESOURCE_EXHAUSTED where a file of sizes_.probe_bytes cannot be written and synced.
  absl::Status ProbeFolder();

  const std::string folder_;
  leveldb::Env* const env_;
  const Sizes sizes_;
  const std::unique_ptr<const leveldb::FilterPolicy> filter_;
  const std::unique_ptr<leveldb::Cache> cache_;

  Mutex mutex_;
  std::unique_ptr<leveldb::DB> db_ ABSL_GUARDED_BY(mutex_);  // null: closed
  int leases_ ABSL_GUARDED_BY(mutex_) = 0;
  bool reopening_ ABSL_GUARDED_BY(mutex_) = false;  // new leases wait
  CondVar changed_;                                 // leases_ is 0, or reopening_ ended
};

}  // namespace alcove::store
