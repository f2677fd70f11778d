// The threads on which functions run, in lanes.
//
// What people send comes before what they ask for, and before replays: a new
// message is stored while 10,000 who wait for another one are being answered.
// Slow functions (functions::Lane) have a queue of their own, and few of the
// threads at once, so that they never keep the fast ones waiting. Whether an
// exchange is slow is known once a worker has parsed it: all begin among the
// fast ones, and are moved.
//
// Threads: all methods from any.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "functions/routes.h"
#include "functions/wire/limits.h"
#include "runtime/exchange.h"
#include "store/mutex.h"

namespace alcove::runtime {

// Where a write blocks its worker until it is durable, this is how many writes
// can share one sync. Half would halve messages a second on a slow disk; double
// gains little, as commits then take longer. An idle one costs 20 KB.
inline constexpr int kBlockedWorkers = 48;
// Where no worker waits, how many there are a core: half would idle a core while
// one reads a cold block, double is as many more switches between threads.
inline constexpr int kFreeWorkersPerCore = 2;

class WorkerPool {
 public:
  using Run = std::function<void(std::unique_ptr<Exchange>, WorkerPool&)>;

  // `run` is called on `threads` threads, for one exchange each.
  WorkerPool(int threads, size_t queued_max, size_t queued_slow_max, Run run);
  // Runs what is queued in the fast lanes and drops what is in the slow one,
  // then returns. REQUIRES: nobody but `run` calls any more.
  ~WorkerPool();

  // Whether a new request of this work may still be queued: what matters least is
  // refused first, and what people send when `queued_max` wait.
  bool TakesMore(functions::Work work) const;
  // How many wait in a lane.
  size_t queued(functions::Lane lane) const;
  // Into the queue of its lane, however long that is.
  void Push(std::unique_ptr<Exchange> exchange);
  // Takes the exchange into the slow lane, or returns false and leaves it where too many wait there.
  [[nodiscard]] bool Move(std::unique_ptr<Exchange>& exchange);

 private:
  using Queue = std::deque<std::unique_ptr<Exchange>>;

  void Work();
  std::unique_ptr<Exchange> TakeFast() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool HasFast() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !sends_.empty() || !others_.empty(); }
  bool MayRunSlow() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !slow_queue_.empty() && slow_running_ < slow_running_max_;
  }

  const Run run_;
  const int slow_running_max_;
  const size_t queued_max_;
  const size_t queued_slow_max_;
  mutable store::Mutex mutex_;
  store::CondVar pushed_;
  Queue sends_ ABSL_GUARDED_BY(mutex_);   // new requests that write what somebody waits for
  Queue others_ ABSL_GUARDED_BY(mutex_);  // other new requests, and replays
  Queue slow_queue_ ABSL_GUARDED_BY(mutex_);
  size_t arrived_ ABSL_GUARDED_BY(mutex_) = 0;  // new requests in the first two
  size_t turns_ ABSL_GUARDED_BY(mutex_) = 0;
  int slow_running_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace alcove::runtime
