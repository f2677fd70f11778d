// The threads on which functions run.
//
// Threads: Push() from any.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "functions/wire/limits.h"
#include "runtime/exchange.h"
#include "store/mutex.h"

namespace alcove::runtime {

// A write blocks its worker until the group commit is on disk, so this is how
// many writes can share one fsync. Half would halve messages a second on a slow
// disk; double gains little, as commits then take longer. An idle one costs 20 KB.
inline constexpr int kWorkersDefault = 48;

class WorkerPool {
 public:
  // `run` is called on `threads` threads, for one exchange each.
  WorkerPool(int threads, std::function<void(std::unique_ptr<Exchange>)> run);
  // Runs what is queued, then returns. REQUIRES: nobody pushes any more.
  ~WorkerPool();

  bool full() const;
  void Push(std::unique_ptr<Exchange> exchange);

 private:
  void Work();

  const std::function<void(std::unique_ptr<Exchange>)> run_;
  mutable store::Mutex mutex_;
  store::CondVar pushed_;
  std::deque<std::unique_ptr<Exchange>> queue_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace alcove::runtime
