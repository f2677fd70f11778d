// Passes topics on to the hub: most at once, those of keys::LaterTopic() when it is
// time, unless the topic itself is signalled before.
//
// Whoever writes in a conversation hears it by their own poll, too, which the
// next thing that the other side says answers anyway: a poll less for a message.
//
// Threads: all methods may be called from any thread.
#pragma once

#include <cstddef>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "runtime/hub.h"
#include "runtime/timer_wheel.h"
#include "store/mutex.h"

namespace alcove::runtime {

class LaterSignals {
 public:
  // Told later is what is told `delay` after it was changed. The hub must outlive it.
  LaterSignals(Hub& hub, SteadyDuration delay);
  // What is to be told later is not.
  ~LaterSignals();

  void TopicsChanged(const std::vector<std::string>& topics);

  // What is to be told later.
  size_t size() const;

 private:
  void Run();
  // Takes out what is to be told by now.
  std::vector<std::string> TakeDue() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Hub& hub_;
  const SteadyDuration delay_;

  mutable store::Mutex mutex_;
  store::CondVar changed_;
  // By when it is told, of each topic.
  absl::flat_hash_map<std::string, SteadyTime> due_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace alcove::runtime
