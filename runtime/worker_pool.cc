#include "runtime/worker_pool.h"

#include <algorithm>
#include <utility>

#include "functions/wire/limits.h"

namespace alcove::runtime {

using functions::Lane;

// Of a small pool one thread is always left to the fast.
WorkerPool::WorkerPool(int threads, size_t queued_slow_max, Run run)
    : run_(std::move(run)),
      slow_running_max_(std::clamp(threads - 1, 1, wire::kSlowFunctionsMax)),
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

bool WorkerPool::full() const {
  const store::MutexLock lock(mutex_);
  return queue_.size() >= wire::kQueuedRequestsMax;
}

void WorkerPool::Push(std::unique_ptr<Exchange> exchange) {
  {
    const store::MutexLock lock(mutex_);
    (exchange->lane == Lane::kSlow ? slow_queue_ : queue_).push_back(std::move(exchange));
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

void WorkerPool::Work() {
  while (true) {
    std::unique_ptr<Exchange> exchange;
    bool is_slow = false;
    {
      const store::MutexLock lock(mutex_);
      while (queue_.empty() && !MayRunSlow() && !stopping_) pushed_.Wait(mutex_);
      if (stopping_ && queue_.empty()) return;
      // The slow first: they have waited longer, and they cannot take all threads.
      is_slow = !stopping_ && MayRunSlow();
      Queue& queue = is_slow ? slow_queue_ : queue_;
      exchange = std::move(queue.front());
      queue.pop_front();
      if (is_slow) ++slow_running_;
    }
    run_(std::move(exchange), *this);
    if (!is_slow) continue;
    // No notice is needed: this thread looks for the next slow one itself.
    const store::MutexLock lock(mutex_);
    --slow_running_;
  }
}

}  // namespace alcove::runtime
