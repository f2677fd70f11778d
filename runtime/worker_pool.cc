#include "runtime/worker_pool.h"

#include <algorithm>
#include <utility>

#include "functions/wire/limits.h"
#include "runtime/shedding.h"

namespace alcove::runtime {

using functions::Lane;

namespace {

bool IsNew(const Exchange& exchange) { return exchange.wake == functions::Wake::kArrived; }

bool IsSend(const Exchange& exchange) { return IsNew(exchange) && exchange.work >= functions::Work::kSession; }

}  // namespace

// Of a small pool one thread is always left to the fast.
WorkerPool::WorkerPool(int threads, size_t queued_max, size_t queued_slow_max, Run run)
    : run_(std::move(run)),
      slow_running_max_(std::clamp(threads - 1, 1, wire::kSlowFunctionsMax)),
      queued_max_(queued_max),
      queued_slow_max_(queued_slow_max) {
  threads_.reserve(static_cast<size_t>(threads));
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

WorkerPool::~WorkerPool() {
  {
    const store::MutexLock lock(mutex_);
    stopping_ = true;
  }
  pushed_.NotifyAll();
  for (std::thread& thread : threads_) thread.join();
}

bool WorkerPool::TakesMore(functions::Work work) const {
  const store::MutexLock lock(mutex_);
  return runtime::TakesMore(arrived_, queued_max_, work);
}

size_t WorkerPool::queued(Lane lane) const {
  const store::MutexLock lock(mutex_);
  return lane == Lane::kSlow ? slow_queue_.size() : sends_.size() + others_.size();
}

void WorkerPool::Push(std::unique_ptr<Exchange> exchange) {
  {
    const store::MutexLock lock(mutex_);
    const bool is_slow = exchange->lane == Lane::kSlow;
    if (!is_slow && IsNew(*exchange)) ++arrived_;
    (is_slow ? slow_queue_ : IsSend(*exchange) ? sends_ : others_).push_back(std::move(exchange));
  }
  pushed_.NotifyOne();
}

bool WorkerPool::Move(std::unique_ptr<Exchange>& exchange) {
  {
    const store::MutexLock lock(mutex_);
    if (slow_queue_.size() >= queued_slow_max_) return false;
    slow_queue_.push_back(std::move(exchange));
  }
  pushed_.NotifyOne();
  return true;
}

std::unique_ptr<Exchange> WorkerPool::TakeFast() {
  ++turns_;
  const bool others_turn = sends_.empty() || turns_ % wire::kTurnsForSends == 0;
  Queue& queue = others_turn && !others_.empty() ? others_ : sends_;
  std::unique_ptr<Exchange> exchange = std::move(queue.front());
  queue.pop_front();
  if (IsNew(*exchange)) --arrived_;
  return exchange;
}

void WorkerPool::Work() {
  while (true) {
    std::unique_ptr<Exchange> exchange;
    bool is_slow = false;
    {
      const store::MutexLock lock(mutex_);
      while (!HasFast() && !MayRunSlow() && !stopping_) pushed_.Wait(mutex_);
      if (stopping_ && !HasFast()) return;
      // The slow first: they have waited longer, and they cannot take all threads.
      is_slow = !stopping_ && MayRunSlow();
      if (is_slow) {
        exchange = std::move(slow_queue_.front());
        slow_queue_.pop_front();
        ++slow_running_;
      } else {
        exchange = TakeFast();
      }
    }
    run_(std::move(exchange), *this);
    if (!is_slow) continue;
    // No notice is needed: this thread looks for the next slow one itself.
    const store::MutexLock lock(mutex_);
    --slow_running_;
  }
}

}  // namespace alcove::runtime
