// Counters, as Prometheus reads them.
//
// Labels are patterns of routes and status codes: never an id, a path or an
// address, so their number is bounded.
//
// Threads: all methods may be called from any thread.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "store/mutex.h"

namespace alcove::runtime {

class Metrics {
 public:
  // A request was answered. `pattern` must be of a fixed set.
  void CountAnswer(std::string_view pattern, int status);
  // A function ran, whether it answered or waits.
  void CountRun(absl::Duration took);
  // A function threw, or waited when it had to answer: a bug. Tests assert that it is 0.
  void CountFailure() { failures_.fetch_add(1); }
  uint64_t failures() const { return failures_.load(); }

  // What is measured when asked for.
  struct Gauges {
    size_t open_connections = 0;
    size_t parked_requests = 0;
    size_t waited_topics = 0;
    size_t ephemera_items = 0;
  };
  std::string Text(const Gauges& gauges) const;

 private:
  // Upper bounds in seconds: a read takes 0.1 ms, a commit on a slow disk 30 ms.
  static constexpr std::array<double, 9> kBuckets = {0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1};

  std::atomic<uint64_t> failures_{0};
  mutable store::Mutex mutex_;
  std::map<std::pair<std::string, int>, uint64_t, std::less<>> answers_ ABSL_GUARDED_BY(mutex_);
  std::array<uint64_t, kBuckets.size() + 1> runs_ ABSL_GUARDED_BY(mutex_) = {};
  double run_seconds_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace alcove::runtime
