// How many files this process may have open, and how many of them may be clients.
//
// Threads: free functions.
#pragma once

#include <cstddef>

namespace alcove::runtime {

// Raises the soft limit of this process to the hard one: the usual soft limit is 1,024.
void RaiseDescriptorLimit();

// What the soft limit is now.
size_t DescriptorLimit();

// Connections that a process may have which may have `limit` descriptors.
size_t ConnectionsMax(size_t limit);
// How many of them may come from one address: nobody gets more than a quarter.
size_t AddressConnectionsMax(size_t limit);

}  // namespace alcove::runtime
