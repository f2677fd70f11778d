// A backup as bytes: what `alcove backup` writes and `alcove restore` reads.
//
//   alcove backup 1\n                 the layout of the file
//   format N\n                        of the store: keys::kFormat of who wrote it
//   epoch 32 hex digits\n             of the store it was taken from
//   entries N\n
//   entries in the order of the keys: 2 bytes length of the key, 4 of the
//     value, both little-endian, the key, the value
//   the end: 2 bytes 0, 8 bytes the number of entries, 32 bytes SHA-256 of all before
//
// The same bytes go from a server to `alcove backup` over its admin socket;
// there, 2 bytes 0xffff, 4 of a length and a text may say, in place of the head
// or of an entry, why it could not go on.
//
// Threads: one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/digest.h"
#include "store/store.h"

namespace alcove::store {

struct BackupHeader {
  int64_t format = 0;
  std::string epoch;
  int64_t entries = 0;
};

using ByteSink = std::function<absl::Status(std::string_view)>;
// Fills a part of the buffer; 0 is the end.
using ByteSource = std::function<absl::StatusOr<size_t>(char* buffer, size_t size)>;

// Errors are those of the sink.
class BackupWriter {
 public:
  explicit BackupWriter(ByteSink sink) : sink_(std::move(sink)) {}

  absl::Status Begin(const BackupHeader& header);
  // REQUIRES: keys grow.
  absl::Status Add(const Entry& entry);
  absl::Status Finish();
  // Instead of Begin() or Finish(), where the reader waits for more.
  absl::Status Refuse(std::string_view reason);

 private:
  absl::Status Write(std::string_view bytes);
  absl::Status Flush();

  ByteSink sink_;
  std::string buffer_;
  Digest digest_;
  uint64_t entries_ = 0;
};

// Every error is one sentence about the backup:
//   DATA_LOSS            it is damaged or cut off; where
//   INVALID_ARGUMENT     it is no backup of Alcove
//   FAILED_PRECONDITION  a newer Alcove made it
//   UNAVAILABLE          what Refuse() was told
// or an error of the source.
class BackupReader {
 public:
  explicit BackupReader(ByteSource source) : source_(std::move(source)) {}

  absl::StatusOr<BackupHeader> Begin();
  // nullopt after the last: the end was there, and everything before is as it was written.
  absl::StatusOr<std::optional<Entry>> Next();

 private:
  absl::StatusOr<std::string> Take(size_t size);
  absl::StatusOr<std::string> TakeLine();
  absl::Status TakeRefusal();
  absl::Status Damaged(std::string_view what) const;
  absl::Status Finish();

  ByteSource source_;
  std::string buffer_;
  size_t at_ = 0;  // in buffer_
  uint64_t taken_ = 0;
  Digest digest_;
  BackupHeader header_;
  uint64_t entries_ = 0;
  std::string last_key_;
};

}  // namespace alcove::store
