#include "store/postgres_turns.h"

#include <algorithm>
#include <chrono>
#include <functional>

namespace alcove::store::postgres {
namespace {

// For all keys of a transaction together. Several round trips: who holds a key
// for longer has a slow body or a slow database, and waiting does not help.
constexpr std::chrono::milliseconds kClaimTime{20};

}  // namespace

Turns::Turn& Turns::Turn::operator=(Turn&& other) noexcept {
  End();
  turns_ = std::exchange(other.turns_, nullptr);
  company_ = other.company_;
  stripes_ = std::move(other.stripes_);
  return *this;
}

void Turns::Turn::End() {
  if (Turns* const turns = std::exchange(turns_, nullptr); turns != nullptr) turns->End(*this);
}

Turns::Turn Turns::Begin(Company company) {
  Turn turn;
  const MutexLock lock(mutex_);
  if (company == Company::kAlone) {
    ++alone_waiting_;
    while (alone_ || running_ > 0) changed_.Wait(mutex_);
    --alone_waiting_;
    alone_ = true;
  } else {
    while (alone_ || alone_waiting_ > 0) changed_.Wait(mutex_);
    ++running_;
  }
  turn.turns_ = this;
  turn.company_ = company;
  return turn;
}

void Turns::Claim(Turn& turn, const std::vector<std::string>& keys) {
  std::vector<size_t> wanted;
  for (const std::string& key : keys) wanted.push_back(std::hash<std::string>()(key) % kStripes);
  // Everyone in the same order, or two would wait for each other.
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  const auto deadline = std::chrono::steady_clock::now() + kClaimTime;
  for (const size_t index : wanted) {
    Stripe& stripe = stripes_[index];
    const MutexLock lock(stripe.mutex);
    while (stripe.taken) {
      const auto left = deadline - std::chrono::steady_clock::now();
      if (left <= left.zero()) return;
      stripe.freed.WaitFor(stripe.mutex, absl::FromChrono(left));
    }
    stripe.taken = true;
    turn.stripes_.push_back(index);
  }
}

void Turns::End(Turn& turn) {
  for (const size_t index : turn.stripes_) {
    Stripe& stripe = stripes_[index];
    const MutexLock lock(stripe.mutex);
    stripe.taken = false;
    stripe.freed.NotifyOne();
  }
  turn.stripes_.clear();
  const MutexLock lock(mutex_);
  if (turn.company_ == Company::kAlone) {
    alone_ = false;
  } else {
    --running_;
  }
  changed_.NotifyAll();
}

}  // namespace alcove::store::postgres
