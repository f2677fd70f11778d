// Moving all that a store holds: into a backup, out of one, into another store.
//
// Not moved is what a store says of itself: its format, its epoch and the probe
// of health checks. So whatever is filled has an epoch of its own, and clients
// whose cursors are of another are told to take a new snapshot.
//
// Threads: free functions; progress is told on the caller's thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/backup.h"
#include "store/store.h"

namespace alcove::store {

// So many entries of so many; 0: nobody knows of how many. Not OK ends it with that.
using TransferProgress = std::function<absl::Status(int64_t done, int64_t entries)>;

// How many entries there are. One pass.
absl::StatusOr<int64_t> CountEntries(Reader& reader, const TransferProgress& progress);

struct Contents {
  int64_t entries = 0;
  std::string sha256;  // of all keys and values in order, in hex
  friend bool operator==(const Contents&, const Contents&) = default;
};
absl::StatusOr<Contents> Measure(Reader& reader, int64_t entries, const TransferProgress& progress);

// Writes a whole backup of the snapshot that the reader is: counts, then writes.
absl::Status WriteBackup(Reader& reader, const std::string& epoch, BackupWriter& writer,
                         const TransferProgress& progress);

// Fills an empty store with what a backup holds, whose Begin() was called. A
// store that is not filled to the end is refused by whoever opens it.
//   FAILED_PRECONDITION  the store is not empty: nothing was written
// or an error of the backup or of the store.
absl::Status Restore(BackupReader& backup, const BackupHeader& header, Store& target, const TransferProgress& progress);

// Fills an empty store with what another holds, then reads it back: the
// contents of both. Errors as for Restore(), and
//   DATA_LOSS  what was read back is not what was written
absl::StatusOr<Contents> Copy(Store& from, Store& to, const TransferProgress& progress);

}  // namespace alcove::store
