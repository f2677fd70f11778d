#include "runtime/later_signals.h"

#include <chrono>
#include <optional>
#include <string_view>

#include "store/keys.h"

namespace alcove::runtime {
namespace {

// The thread looks so often while there is something to tell: an eighth more than the delay is not seen.
constexpr int kLooksInDelay = 8;

SteadyTime Now() { return std::chrono::steady_clock::now(); }

}  // namespace

LaterSignals::LaterSignals(Hub& hub, SteadyDuration delay) : hub_(hub), delay_(delay), thread_([this] { Run(); }) {}

LaterSignals::~LaterSignals() {
  {
    const store::MutexLock lock(mutex_);
    stopping_ = true;
  }
  changed_.NotifyAll();
  thread_.join();
}

void LaterSignals::TopicsChanged(const std::vector<std::string>& topics) {
  bool begins = false;
  {
    const SteadyTime due = Now() + delay_;
    const store::MutexLock lock(mutex_);
    const bool was_empty = due_.empty();
    for (const std::string& topic : topics) {
      if (const auto later = store::keys::TopicOfLater(topic)) due_.try_emplace(std::string(*later), due);
    }
    // Whoever is woken now hears of both.
    for (const std::string& topic : topics) due_.erase(topic);
    begins = was_empty && !due_.empty();
  }
  if (begins) changed_.NotifyAll();
  // Nobody waits for those that are for later by that name.
  hub_.TopicsChanged(topics);
}

size_t LaterSignals::size() const {
  const store::MutexLock lock(mutex_);
  return due_.size();
}

void LaterSignals::Run() {
  while (true) {
    std::vector<std::string> due;
    {
      const store::MutexLock lock(mutex_);
      while (due_.empty() && !stopping_) changed_.Wait(mutex_);
      if (stopping_) return;
      changed_.WaitFor(mutex_, absl::FromChrono(delay_ / kLooksInDelay));
      due = TakeDue();
    }
    hub_.TopicsChanged(due);
  }
}

std::vector<std::string> LaterSignals::TakeDue() {
  std::vector<std::string> due;
  const SteadyTime now = Now();
  absl::erase_if(due_, [&](const auto& entry) {
    if (entry.second > now) return false;
    due.push_back(entry.first);
    return true;
  });
  return due;
}

}  // namespace alcove::runtime
