#include "runtime/worker_pool.h"

#include <utility>

namespace alcove::runtime {

WorkerPool::WorkerPool(int threads, std::function<void(std::unique_ptr<Exchange>)> run) : run_(std::move(run)) {
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
    queue_.push_back(std::move(exchange));
  }
  pushed_.NotifyOne();
}

void WorkerPool::Work() {
  while (true) {
    std::unique_ptr<Exchange> exchange;
    {
      const store::MutexLock lock(mutex_);
      while (queue_.empty() && !stopping_) pushed_.Wait(mutex_);
      if (queue_.empty()) return;
      exchange = std::move(queue_.front());
      queue_.pop_front();
    }
    run_(std::move(exchange));
  }
}

}  // namespace alcove::runtime
