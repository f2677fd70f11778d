// What the echo bench measures beside its messages: the disk and the server.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace alcove::bench {

// What a run of 300 small durable appends took, each in microseconds: the
// floor under any server that promises that an answer means "on disk".
// Empty where the folder cannot be written.
std::vector<uint32_t> MeasureDisk(const std::string& folder);

// User and system time of a process so far, in microseconds, to the clock tick
// (10 ms); 0 where it is gone.
int64_t CpuUsOf(int process);

// Resident memory of a process in KiB; 0 where it is gone.
int64_t ResidentKbOf(int process);

// This process's own user and system time in microseconds.
int64_t OwnCpuUs();

// The value below which `share` of the values lie; 0 of none. Reorders `values`.
uint32_t Percentile(std::vector<uint32_t>& values, double share);

}  // namespace alcove::bench
