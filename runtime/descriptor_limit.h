// How many files this process may have open, and how many of them may be clients.
//
// Threads: free functions.
#pragma once

#include <cstddef>

namespace alcove::runtime {

// Descriptors that clients never get: the store's tables (200, store/leveldb_disk.cc), its log and what it rewrites,
// the listener for operators and the reactors' own. Half would leave the store without files while it compacts. Of a
// limit that is small itself, at most a quarter.
inline constexpr size_t kReservedDescriptorsMax = 256;

// Raises the soft limit of this process to the hard one: the usual soft limit is 1,024.
void RaiseDescriptorLimit();

// What the soft limit is now.
size_t DescriptorLimit();

// Connections that a process may have which may have `limit` descriptors.
size_t ConnectionsMax(size_t limit);

}  // namespace alcove::runtime
