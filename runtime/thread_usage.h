// What this thread has had of the machine: tells one that waited for a disk from
// one that only waited for its turn on a core, or for a lock.
//
// Threads: of the one that asks.
#pragma once

#include <chrono>

namespace alcove::runtime {

struct ThreadUsage {
  std::chrono::microseconds cpu{0};
  long disk_reads = 0;  // blocks, and pages of mapped files, that were not in memory

  static ThreadUsage Now();
};

}  // namespace alcove::runtime
