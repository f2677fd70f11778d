#include "runtime/timer_wheel.h"

#include <algorithm>

namespace alcove::runtime {

void TimerWheel::Set(Timed& timed, SteadyTime deadline) {
  Cancel(timed);
  // One tick up, so that the deadline has passed when its slot comes; never behind the search.
  const int64_t tick = std::max(TickOf(deadline) + 1, tick_);
  timed.slot_ = static_cast<int>(tick % kSlots);
  timed.deadline_ = deadline;
  Timed*& first = slots_[static_cast<size_t>(timed.slot_)];
  timed.previous_ = nullptr;
  timed.next_ = first;
  if (first != nullptr) first->previous_ = &timed;
  first = &timed;
  ++count_;
}

void TimerWheel::Cancel(Timed& timed) {
  if (timed.slot_ < 0) return;
  if (cursor_ == &timed) cursor_ = timed.next_;
  (timed.previous_ != nullptr ? timed.previous_->next_ : slots_[static_cast<size_t>(timed.slot_)]) = timed.next_;
  if (timed.next_ != nullptr) timed.next_->previous_ = timed.previous_;
  timed.previous_ = nullptr;
  timed.next_ = nullptr;
  timed.slot_ = -1;
  --count_;
}

Timed* TimerWheel::NextExpired(SteadyTime now) {
  const int64_t now_tick = TickOf(now);
  // After a long sleep once round is enough.
  if (now_tick - tick_ >= kSlots) {
    tick_ = now_tick - kSlots + 1;
    cursor_ = nullptr;
  }
  while (true) {
    if (cursor_ == nullptr) cursor_ = slots_[static_cast<size_t>(tick_ % kSlots)];
    while (cursor_ != nullptr) {
      Timed* const candidate = cursor_;
      cursor_ = candidate->next_;
      if (candidate->deadline_ <= now) {
        Cancel(*candidate);
        return candidate;
      }
    }
    if (tick_ >= now_tick) return nullptr;
    ++tick_;
  }
}

}  // namespace alcove::runtime
