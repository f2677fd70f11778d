// Deadlines by the hundred thousand: O(1) to set, move and cancel.
//
// A deadline is met up to one tick late, never early. One further away than
// the wheel is round goes by its slot unharmed until its turn.
//
// Threads: one wheel belongs to one thread.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace alcove::runtime {

using SteadyTime = std::chrono::steady_clock::time_point;
using SteadyDuration = std::chrono::steady_clock::duration;

// What has a deadline derives from it. REQUIRES: cancelled before it dies.
class Timed {
 public:
  bool has_deadline() const { return slot_ >= 0; }
  SteadyTime deadline() const { return deadline_; }

 private:
  friend class TimerWheel;
  Timed* previous_ = nullptr;
  Timed* next_ = nullptr;
  int slot_ = -1;
  SteadyTime deadline_;
};

class TimerWheel {
 public:
  // Nobody notices a poll that ends 50 ms late; half would only wake us twice as often.
  static constexpr std::chrono::milliseconds kTick{50};

  explicit TimerWheel(SteadyTime now) : tick_(TickOf(now)) {}

  // Sets or moves the deadline.
  void Set(Timed& timed, SteadyTime deadline);
  void Cancel(Timed& timed);

  bool empty() const { return count_ == 0; }

  // One whose deadline is at or before `now`, already cancelled, or nullptr.
  // Call until nullptr; in between others may be set and cancelled.
  Timed* NextExpired(SteadyTime now);

 private:
  // 51 s round: polls and idle connections pass by at most twice.
  static constexpr int64_t kSlots = 1024;

  static int64_t TickOf(SteadyTime time) { return time.time_since_epoch() / kTick; }

  std::array<Timed*, kSlots> slots_ = {};
  Timed* cursor_ = nullptr;  // where the search in slot tick_ goes on
  int64_t tick_;             // the first tick that may hold an expired one
  size_t count_ = 0;
};

}  // namespace alcove::runtime
