#include "runtime/metrics.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "runtime/version.h"

namespace alcove::runtime {
namespace {

void AppendGauge(std::string_view name, std::string_view help, uint64_t value, std::string& text) {
  absl::StrAppend(&text, "# HELP ", std::string(name), " ", std::string(help), "\n# TYPE ", std::string(name),
                  " gauge\n", std::string(name), " ", value, "\n");
}

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

}  // namespace

void Metrics::CountAnswer(std::string_view pattern, int status) {
  const store::MutexLock lock(mutex_);
  ++answers_[{std::string(pattern), status}];
}

void Metrics::CountRun(absl::Duration took) {
  const double seconds = absl::ToDoubleSeconds(took);
  const auto bucket = std::lower_bound(kBuckets.begin(), kBuckets.end(), seconds) - kBuckets.begin();
  const store::MutexLock lock(mutex_);
  ++runs_[static_cast<size_t>(bucket)];
  run_seconds_ += seconds;
}

std::string Metrics::Text(const Gauges& gauges) const {
  std::string text = absl::StrCat(
      "# HELP alcove_build_info The version that runs.\n# TYPE alcove_build_info gauge\nalcove_build_info{version=\"",
      kVersion, "\"} 1\n");
  AppendGauge("alcove_connections", "Open connections.", gauges.open_connections, text);
  AppendGauge("alcove_parked_requests", "Requests that wait for a topic.", gauges.parked_requests, text);
  AppendGauge("alcove_waited_topics", "Topics that a request waits for.", gauges.waited_topics, text);
  AppendGauge("alcove_ephemera_items", "Typing, presence and read positions in memory.", gauges.ephemera_items, text);
  AppendGauge("process_resident_memory_bytes", "Resident memory.", ResidentBytes(), text);
  AppendGauge("process_open_fds", "Open file descriptors.", OpenDescriptors(), text);
  absl::StrAppend(&text,
                  "# HELP alcove_function_failures_total Functions that threw.\n"
                  "# TYPE alcove_function_failures_total counter\nalcove_function_failures_total ",
                  failures(), "\n");
  const store::MutexLock lock(mutex_);
  absl::StrAppend(&text, "# HELP alcove_answers_total Requests answered.\n# TYPE alcove_answers_total counter\n");
  for (const auto& [key, count] : answers_) {
    absl::StrAppend(&text, "alcove_answers_total{route=\"", key.first, "\",code=\"", key.second, "\"} ", count, "\n");
  }
  absl::StrAppend(&text, "# HELP alcove_function_seconds How long functions run, replays included.\n",
                  "# TYPE alcove_function_seconds histogram\n");
  uint64_t count = 0;
  for (size_t i = 0; i < kBuckets.size(); ++i) {
    count += runs_[i];
    absl::StrAppend(&text, "alcove_function_seconds_bucket{le=\"", kBuckets[i], "\"} ", count, "\n");
  }
  count += runs_.back();
  absl::StrAppend(&text, "alcove_function_seconds_bucket{le=\"+Inf\"} ", count, "\nalcove_function_seconds_sum ",
                  run_seconds_, "\nalcove_function_seconds_count ", count, "\n");
  return text;
}

}  // namespace alcove::runtime
