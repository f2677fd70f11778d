#include "runtime/process_figures.h"

#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace alcove::runtime {
namespace {

uint64_t ResidentBytes() {
  long pages = 0;
  if (FILE* const file = std::fopen("/proc/self/statm", "r"); file != nullptr) {
    if (std::fscanf(file, "%*d %ld", &pages) != 1) pages = 0;
    std::fclose(file);
  }
  return static_cast<uint64_t>(pages) * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

uint64_t OpenDescriptors() {
  std::error_code error;
  const std::filesystem::directory_iterator entries("/proc/self/fd", error);
  return error ? 0 : static_cast<uint64_t>(std::distance(begin(entries), end(entries)));
}

double CpuSeconds() {
  rusage usage = {};
  if (getrusage(RUSAGE_SELF, &usage) != 0) return 0;
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double SinceBoot() {
  timespec time = {};
  if (clock_gettime(CLOCK_BOOTTIME, &time) != 0) return 0;
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

double StartSeconds() {
  std::string stat;
  std::ifstream file("/proc/self/stat");
  if (!std::getline(file, stat)) return 0;
  return StartSecondsOf(stat, SinceBoot(), absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()));
}

}  // namespace

double StartSecondsOf(std::string_view stat, double since_boot, double now) {
  // Behind the name, which may hold anything, the start is the 20th field.
  const std::vector<std::string> fields =
      absl::StrSplit(std::string(stat.substr(stat.rfind(')') + 1)), ' ', absl::SkipEmpty());
  constexpr size_t kStartField = 19;
  double ticks = 0;
  if (fields.size() <= kStartField || !absl::SimpleAtod(fields[kStartField], &ticks)) return 0;
  return now - (since_boot - ticks / static_cast<double>(sysconf(_SC_CLK_TCK)));
}

ProcessFigures ReadProcessFigures() {
  // Once: read anew it would move with every step of the clock, as if the process had been started again.
  static const double start_seconds = StartSeconds();
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) limit.rlim_cur = 0;
  return {.resident_bytes = ResidentBytes(),
          .open_descriptors = OpenDescriptors(),
          .descriptors_max = limit.rlim_cur,
          .cpu_seconds = CpuSeconds(),
          .start_seconds = start_seconds};
}

}  // namespace alcove::runtime
