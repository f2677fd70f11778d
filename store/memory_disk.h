// A Disk that is a map: for tests and the simulator. Nothing is durable, and
// everything counts as durable when it is written.
//
// Keeps old versions of a key only while a snapshot may look at them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "store/disk.h"
#include "store/mutex.h"

namespace alcove::store {

class MemoryDisk final : public Disk {
 public:
  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) override;
  absl::StatusOr<std::vector<Entry>> Scan(const Range& range, const ScanOptions& options) override;
  absl::StatusOr<std::unique_ptr<Reader>> Snapshot() override { return SnapshotAtOnce(); }
  std::unique_ptr<Reader> SnapshotAtOnce() override;
  absl::Status Write(const std::vector<Change>& changes) override;
  absl::Status Reopen() override { return absl::OkStatus(); }

 private:
  class View;
  struct Version {
    uint64_t written;  // the number of the Write()
    SharedValue value;
  };
  using Versions = std::vector<Version>;  // of one key, oldest first, never empty

  // Of the state after the write `moment`.
  std::optional<std::string> GetAt(uint64_t moment, std::string_view key);
  std::vector<Entry> ScanAt(uint64_t moment, const Range& range, const ScanOptions& options);
  void Release(uint64_t moment);
  // Drops the versions of a key that nobody can see any more.
  void Trim(const std::string& key) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  static const std::string* Visible(const Versions& versions, uint64_t moment);

  Mutex mutex_;
  std::map<std::string, Versions, std::less<>> keys_ ABSL_GUARDED_BY(mutex_);
  uint64_t written_ ABSL_GUARDED_BY(mutex_) = 0;
  std::multiset<uint64_t> snapshots_ ABSL_GUARDED_BY(mutex_);
  // Keys with more than their newest value, to be trimmed when snapshots end.
  std::set<std::string> untrimmed_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace alcove::store
