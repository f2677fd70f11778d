// A watcher that remembers, and can be waited for.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "store/mutex.h"
#include "store/store.h"

namespace alcove::store {

class Listener final : public Watcher {
 public:
  void TopicsChanged(const std::vector<std::string>& topics) override {
    const MutexLock lock(mutex_);
    heard_.insert(heard_.end(), topics.begin(), topics.end());
    changed_.NotifyAll();
  }
  void AnythingMayHaveChanged() override {
    const MutexLock lock(mutex_);
    ++anything_;
    changed_.NotifyAll();
  }

  std::vector<std::string> heard() {
    const MutexLock lock(mutex_);
    return heard_;
  }
  int anything_count() {
    const MutexLock lock(mutex_);
    return anything_;
  }
  // What never comes is for the test's own time-out.
  void AwaitTopic(const std::string& topic) {
    const MutexLock lock(mutex_);
    while (std::find(heard_.begin(), heard_.end(), topic) == heard_.end()) changed_.Wait(mutex_);
  }
  void AwaitAnything(int more_than) {
    const MutexLock lock(mutex_);
    while (anything_ <= more_than) changed_.Wait(mutex_);
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  std::vector<std::string> heard_ ABSL_GUARDED_BY(mutex_);
  int anything_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace alcove::store
