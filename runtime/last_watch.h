// Sees to it that the end of the process comes to an end: at once where it is
// told a second time, and in time where a function or a disk never does. What
// is cut off then was not acknowledged.
//
// Threads: its own, from construction to destruction.
#pragma once

#include <atomic>
#include <chrono>
#include <csignal>
#include <thread>

namespace alcove::runtime {

class LastWatch {
 public:
  // A drain takes 12 s at most, and supervisors are promised 15 s.
  static constexpr std::chrono::seconds kPatience{14};

  // Ends the process with status 1 and a sentence when one of `signals` comes, or
  // `patience` is over. REQUIRES: the signals are blocked in every thread.
  explicit LastWatch(const sigset_t& signals, std::chrono::milliseconds patience = kPatience);
  ~LastWatch();
  LastWatch(const LastWatch&) = delete;
  LastWatch& operator=(const LastWatch&) = delete;

 private:
  void Watch(const sigset_t& signals, std::chrono::milliseconds patience) const;

  std::atomic<bool> ended_{false};
  std::thread thread_;
};

// Whether one of `signals` came within that time.
bool WaitForSignal(const sigset_t& signals, std::chrono::milliseconds patience);

}  // namespace alcove::runtime
