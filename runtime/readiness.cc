#include "runtime/readiness.h"

#include <utility>

namespace alcove::runtime {

Readiness::Readiness(std::function<absl::Status()> probe)
    : probe_(std::move(probe)), thread_([this] { RunProbes(); }) {}

Readiness::~Readiness() {
  {
    const store::MutexLock lock(mutex_);
    stopping_ = true;
  }
  changed_.NotifyAll();
  thread_.join();
}

absl::Status Readiness::Check(std::chrono::milliseconds patience) {
  const SteadyTime deadline = std::chrono::steady_clock::now() + patience;
  const store::MutexLock lock(mutex_);
  if (!draining_ && !IsFresh()) {
    wanted_ = true;
    changed_.NotifyAll();
    const int before = probes_;
    while (probes_ == before && !draining_) {
      const auto left = deadline - std::chrono::steady_clock::now();
      if (left <= SteadyDuration::zero()) return absl::UnavailableError("the store does not answer");
      changed_.WaitFor(mutex_, absl::FromChrono(left));
    }
  }
  if (draining_) return absl::UnavailableError("draining");
  return IsFresh() ? absl::OkStatus() : last_;
}

void Readiness::SetDraining() {
  const store::MutexLock lock(mutex_);
  draining_ = true;
  changed_.NotifyAll();
}

bool Readiness::IsFresh() const {
  return last_success_.has_value() && std::chrono::steady_clock::now() - *last_success_ < kProbeAgeMax;
}

void Readiness::RunProbes() {
  mutex_.Lock();
  while (true) {
    while (!wanted_ && !stopping_) changed_.Wait(mutex_);
    if (stopping_) break;
    wanted_ = false;
    mutex_.Unlock();
    const SteadyTime begin = std::chrono::steady_clock::now();
    absl::Status status = probe_();
    mutex_.Lock();
    if (status.ok()) last_success_ = begin;
    last_ = std::move(status);
    ++probes_;
    changed_.NotifyAll();
  }
  mutex_.Unlock();
}

}  // namespace alcove::runtime
