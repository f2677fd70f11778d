#include "store/fate.h"

#include <utility>

namespace alcove::store {

void Fate::Decide(absl::Status status) {
  Then then;
  {
    const MutexLock lock(mutex_);
    if (then_ == nullptr) {
      status_ = std::move(status);
    } else {
      then = std::move(then_);
    }
  }
  // Without the lock, which who is woken takes at once.
  if (then == nullptr) {
    decided_.NotifyOne();
  } else {
    then(std::move(status));
  }
}

absl::Status Fate::Await() {
  const MutexLock lock(mutex_);
  awaited_ = true;
  while (!status_) decided_.Wait(mutex_);
  return *std::move(status_);
}

bool Fate::IsAwaited() {
  const MutexLock lock(mutex_);
  return awaited_;
}

void Fate::WhenDecided(Then then) {
  absl::Status status;
  {
    const MutexLock lock(mutex_);
    if (!status_) {
      then_ = std::move(then);
      return;
    }
    status = *std::move(status_);
  }
  then(std::move(status));
}

}  // namespace alcove::store
