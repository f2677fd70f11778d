// Tells those who wait for a commit that it is durable, without holding up the
// committer.
//
// Each thread that is woken goes on at once, on the core of who has woken it:
// sixty-four of them would be through with their next transaction before the
// committer comes to the next batch, and the disk would stand idle meanwhile. Who
// only wants to hear of it is told at once.
//
// Threads: Release() is called by one at a time.
#pragma once

#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "store/fate.h"
#include "store/mutex.h"

namespace alcove::store {

class Releaser {
 public:
  Releaser() : thread_([this] { Run(); }) {}
  // When all were told.
  ~Releaser();

  // Decides them as OK: of those that threads wait for, more than a few soon, on a thread of its own; all others now.
  void Release(std::vector<FatePtr> fates);

 private:
  void Run();

  Mutex mutex_;
  CondVar changed_;
  std::vector<FatePtr> fates_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace alcove::store
