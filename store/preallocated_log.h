// LevelDB's log with room made ahead of what is written, so that a sync is of the data alone.
//
// A file that grows has a new size and new blocks with each sync, which ext4 and
// XFS write to their journal first, by a kernel thread that has to be given the
// processor: here 0.26 ms a sync, 0.17 ms in room that was made, and up to 4 ms
// where the processors are busy.
//
// The room is zeros, which LevelDB takes for the log's end. But of a write that
// was under way as the power went some sectors may be there and others zeros,
// which it calls damage; it was never synced, so it is cut off.
//
// Threads: a file belongs to who writes it; CutTornWrite() to who opens the store.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace leveldb {
class Env;
class WritableFile;
}  // namespace leveldb

namespace alcove::store {

// `file` is the log `name`, just made. Where no room can be made, on a full disk, it grows as any file. When it is
// closed or deleted the room is cut off, and after a failed write all that is not synced: its writer was refused.
std::unique_ptr<leveldb::WritableFile> PreallocateLog(std::string name, std::unique_ptr<leveldb::WritableFile> file);

// Cuts the log `name` behind the last write that is whole, if what follows is one that was torn. Each write is synced
// before the next, so that there is one at most; where no sector of it is missing it is damage, and left for LevelDB
// to refuse. Returns whether anything was written to the log: if so, all logs before it are whole.
//   DATA_LOSS    what is not whole has another write behind it
//   UNAVAILABLE  it cannot be read or cut
// REQUIRES: nobody has the store open.
absl::StatusOr<bool> CutTornWrite(leveldb::Env& env, const std::string& name);

}  // namespace alcove::store
