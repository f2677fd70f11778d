// Counters, as Prometheus reads them.
//
// Labels are patterns of routes, status codes and names of this file: never an
// id, a path or an address, so their number is bounded.
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
#include "runtime/histogram.h"
#include "store/mutex.h"

namespace alcove::runtime {

// What requests are measured apart for: how long each may take differs.
enum class RouteClass {
  kPoll,   // waits for news on purpose
  kSlow,   // of the slow lane: checks a password
  kWrite,  // waits for the disk
  kRead,
  kFile,
  kOther,  // answered without a function
};
inline constexpr std::array<std::string_view, 6> kRouteClassNames = {"poll", "slow", "write", "read", "file", "other"};

class Metrics {
 public:
  // A request was answered. `pattern` must be of a fixed set.
  void CountAnswer(std::string_view pattern, int status);
  // So long after it was whole.
  void CountRequest(RouteClass route_class, absl::Duration took) {
    requests_[static_cast<size_t>(route_class)].Add(took);
  }
  // A function ran, whether it answered or waits.
  void CountRun(absl::Duration took) { runs_.Add(took); }
  // A poll told of an event of that age.
  void CountDelivery(absl::Duration age) { deliveries_.Add(age); }
  // An answer was held back so long until what it tells was durable.
  void CountCommitWait(absl::Duration took) { commit_waits_.Add(took); }
  // The store made so many commits durable at once.
  void CountCommits(size_t commits, absl::Duration took);
  // A deferred call was run, or not: both are of fixed sets.
  void CountDeferred(std::string_view function, std::string_view result);
  // Another server was asked, or not; the result is of a fixed set.
  void CountFetch(std::string_view result, absl::Duration took);
  // A function threw, or waited when it had to answer: a bug. Tests assert that it is 0.
  void CountFailure() { failures_.fetch_add(1); }
  uint64_t failures() const { return failures_.load(); }

  // What is measured when asked for.
  struct Gauges {
    size_t open_connections = 0;
    size_t parked_requests = 0;
    size_t queued_fast = 0;
    size_t queued_slow = 0;
    size_t held_answers = 0;
    size_t queued_fetches = 0;
    size_t fetches_out = 0;
    size_t waited_topics = 0;
    size_t ephemera_items = 0;
    size_t deferred_due = 0;
    absl::Duration deferred_oldest = absl::ZeroDuration();
  };
  // The whole page, in the text format 0.0.4.
  std::string Text(const Gauges& gauges) const;

 private:
  // Upper bounds in seconds: a read takes 0.1 ms, a commit on a slow disk 30 ms, a poll 25 s.
  static constexpr std::array<double, 9> kRunBounds = {0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1};
  static constexpr std::array<double, 15> kBounds = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                                     0.25,   0.5,   1,      2.5,   5,    10,    30};

  std::array<Histogram, kRouteClassNames.size()> requests_ = {Histogram(kBounds), Histogram(kBounds),
                                                              Histogram(kBounds), Histogram(kBounds),
                                                              Histogram(kBounds), Histogram(kBounds)};
  Histogram runs_{kRunBounds};
  Histogram deliveries_{kBounds};
  Histogram commit_waits_{kBounds};
  Histogram syncs_{kBounds};
  Histogram fetches_{kBounds};
  std::atomic<uint64_t> commits_{0};
  std::atomic<uint64_t> failures_{0};
  mutable store::Mutex mutex_;
  std::map<std::pair<std::string, int>, uint64_t, std::less<>> answers_ ABSL_GUARDED_BY(mutex_);
  std::map<std::pair<std::string, std::string>, uint64_t, std::less<>> deferred_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, uint64_t, std::less<>> fetched_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace alcove::runtime
