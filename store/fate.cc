#include "store/fate.h"

#include <utility>

namespace alcove::store {

void Fate::Decide(absl::Status status) {
  Then then;
  {
    const MutexLock lock(mutex_);
    if (then_ == nullptr) {
      status_ = std::move(status);
      decided_.NotifyOne();
      return;
    }
    then = std::move(then_);
  }
  then(std::move(status));
}

absl::Status Fate::Await() {
  const MutexLock lock(mutex_);
  while (!status_) decided_.Wait(mutex_);
  return *std::move(status_);
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
