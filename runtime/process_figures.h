// What the kernel says of this process, for /metrics.
//
// Threads: free functions.
#pragma once

#include <cstdint>

namespace alcove::runtime {

struct ProcessFigures {
  uint64_t resident_bytes = 0;
  uint64_t open_descriptors = 0;
  uint64_t descriptors_max = 0;
  double cpu_seconds = 0;    // of all its threads, in the kernel too
  double start_seconds = 0;  // since 1970
};

// What cannot be read is 0.
ProcessFigures ReadProcessFigures();

}  // namespace alcove::runtime
