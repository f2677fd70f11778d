// Runs the deferred calls that are due (functions/due.h), on every node beside
// all others: of several one gets the lease of a call.
//
// One thread looks: when the next call is due, when a topic tells of one that
// is due sooner, and every kDeferLookMs in any case; while nothing happens that
// is two reads of one entry a minute. What it finds, in an order of its own so
// that nodes do not meet at every call, is run by kDeferredRunsMax threads. A call
// that asks another server has none of them until the answer is there.
//
// Threads: all methods from any.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "functions/context.h"
#include "functions/deferrable.h"
#include "functions/due.h"
#include "runtime/fetcher.h"
#include "runtime/hub.h"
#include "runtime/metrics.h"
#include "runtime/timer_wheel.h"
#include "store/mutex.h"

namespace alcove::runtime {

class Deferrer final : private Waiter {
 public:
  // All must outlive it.
  Deferrer(std::span<const functions::Deferrable> deferrables, functions::Context& context, Hub& hub, Metrics& metrics,
           Fetcher& fetcher);
  // Waits for what runs, and for what it asks.
  ~Deferrer() override;

  // Begins nothing more: other nodes do, or this one after its restart. Returns at once.
  void Stop();
  // Whether it was stopped and nothing runs any more.
  bool stopped() const;

  // What was due and not begun when it was last counted: by each look that found it all, otherwise once in
  // kDeferCountMs, and then at most kDeferBacklogMax.
  struct Backlog {
    size_t due = 0;
    absl::Duration oldest;  // for how long the oldest of them has been due by now
  };
  Backlog backlog() const;

 private:
  void Signalled() override;

  void Look();
  // Finds what is due and hands it out; how long there is nothing to do.
  absl::Duration LookOnce();
  // Whether there is room now; otherwise what is due is to be counted first.
  bool AwaitRoom();
  void CountBacklog();
  void SetBacklog(const functions::Backlog& backlog);
  void Rest(SteadyTime looked_at, absl::Duration rest, uint64_t since);
  void Work();
  // Has `handle` have the first of a queue, without the lock.
  template <class Item, class Handle>
  void HandleFirst(std::deque<Item>& queue, const Handle& handle) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool IsFull() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool IsDone() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopping_ && asking_ == 0 && answered_.empty(); }
  void Claim(const functions::DueCall& call);
  void Run(functions::Claim claim);
  // Has the claim run again when the answer is there.
  void Fetch(functions::Claim claim, functions::Fetch fetch);
  void Fetched(functions::Claim claim, functions::Fetched fetched);
  void Count(const wire::DeferredId& id, std::string_view name, functions::Ran ran);
  absl::StatusOr<functions::Run> Threw(const functions::Claim& claim, std::string_view name, const std::string& what);

  const std::span<const functions::Deferrable> deferrables_;
  functions::Context& context_;
  Hub& hub_;
  Metrics& metrics_;
  Fetcher& fetcher_;
  // The looking thread's.
  bool has_standing_ = false;
  SteadyTime counted_at_ = std::chrono::steady_clock::now();

  mutable store::Mutex mutex_;
  store::CondVar changed_;    // for who looks
  store::CondVar available_;  // for who runs
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool told_ ABSL_GUARDED_BY(mutex_) = false;
  std::deque<functions::DueCall> due_ ABSL_GUARDED_BY(mutex_);
  // Taken from the above and not done with: they may be found again before they are claimed.
  std::set<wire::DeferredId> at_hand_ ABSL_GUARDED_BY(mutex_);
  // Whose answers are there, and of how many more they are not.
  std::deque<functions::Claim> answered_ ABSL_GUARDED_BY(mutex_);
  size_t asking_ ABSL_GUARDED_BY(mutex_) = 0;
  functions::Backlog backlog_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_;  // last: they use all of the above
};

}  // namespace alcove::runtime
