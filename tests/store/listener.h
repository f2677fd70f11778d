// A watcher that remembers, and can be waited for.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
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
  void MessageHeard(std::string_view message) override {
    const MutexLock lock(mutex_);
    messages_.emplace_back(message);
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
  // The same, until it was heard so many times.
  void AwaitTopic(const std::string& topic, int64_t times) {
    const MutexLock lock(mutex_);
    while (std::count(heard_.begin(), heard_.end(), topic) < times) changed_.Wait(mutex_);
  }
  // Those heard so far, when there are so many.
  std::vector<std::string> AwaitMessages(size_t count) {
    const MutexLock lock(mutex_);
    while (messages_.size() < count) changed_.Wait(mutex_);
    return messages_;
  }
  void AwaitAnything(int more_than) {
    const MutexLock lock(mutex_);
    while (anything_ <= more_than) changed_.Wait(mutex_);
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  std::vector<std::string> messages_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> heard_ ABSL_GUARDED_BY(mutex_);
  int anything_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace alcove::store
