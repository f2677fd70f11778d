// What the optimistic engine asks of a place that keeps bytes.
//
// Threads: Get(), Scan() and Snapshot() may be called by any number of threads
// at once, and meanwhile one thread calls Write() or Reopen().
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/shared_value.h"
#include "store/store.h"

namespace alcove::store {

// A key's new value, or that it is erased.
struct Change {
  std::string key;
  SharedValue value;
};

class Disk {
 public:
  virtual ~Disk() = default;

  // What the last successful Write() left, of sizes that were checked before:
  //   UNAVAILABLE  closed: a reopening failed
  //   DATA_LOSS    the files are damaged
  virtual absl::StatusOr<std::optional<std::string>> Get(std::string_view key) = 0;
  virtual absl::StatusOr<std::vector<Entry>> Scan(const Range& range, const ScanOptions& options) = 0;

  // The state of one moment, which the reader keeps until it dies. It must die
  // before the Disk, and on the thread that asked for it.
  virtual absl::StatusOr<std::unique_ptr<Reader>> Snapshot() = 0;

  // As Snapshot(), or null where that would wait for Reopen(), or fail.
  virtual std::unique_ptr<Reader> SnapshotAtOnce() = 0;

  // Applies the changes in their order, all or none, and returns when they are
  // durable. None is seen before that. After any error the outcome is unknown
  // and the caller writes nothing more until Reopen() succeeds: LevelDB would
  // take the next writes, acknowledge them and lose them.
  virtual absl::Status Write(const std::vector<Change>& changes) = 0;

  // Closes and opens anew, so that what is read is what is really kept.
  //   RESOURCE_EXHAUSTED  nothing can be written still; it was not closed, and reads go on
  //   DATA_LOSS           the files are damaged; it is closed
  //   UNAVAILABLE         it could not be opened; it is closed
  virtual absl::Status Reopen() = 0;
};

}  // namespace alcove::store
