// What the kernel says of this process, for /metrics.
//
// Threads: free functions.
#pragma once

#include <cstdint>
#include <string_view>

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

// When the process of that line of /proc/PID/stat was started, in seconds since 1970; 0 of what is no such
// line. The kernel tells it in ticks since the machine's start. When that was, /proc/stat says, but a
// service that sees its own processes alone (ProcSubset=pid) has none: so from two clocks of one moment.
double StartSecondsOf(std::string_view stat, double since_boot, double now);

}  // namespace alcove::runtime
