// The system's leveldb::Env, but tables are read by pread() instead of mmap(),
// and logs are written into room made ahead (preallocated_log.h).
//
// A mapped table counts as memory of the process for as long as the kernel has
// room, so that a large store looks, and is limited by cgroups, as if it leaked;
// and where a mapped block cannot be read the process dies of SIGBUS, instead of
// an error that is answered.
//
// Threads: any.
#pragma once

namespace leveldb {
class Env;
}

namespace alcove::store {

// Lives as long as the process.
leveldb::Env* SystemEnv();

}  // namespace alcove::store
