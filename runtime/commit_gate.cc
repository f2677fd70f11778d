#include "runtime/commit_gate.h"

#include <utility>

#include "functions/wire/limits.h"

namespace alcove::runtime {

CommitGate::~CommitGate() {
  const store::MutexLock lock(mutex_);
  while (held_ > 0) emptied_.Wait(mutex_);
}

void CommitGate::Hold(std::unique_ptr<Exchange> exchange) {
  const store::FatePtr fate = std::move(exchange->fate);
  if (fate == nullptr) return let_go_(std::move(exchange), absl::OkStatus());
  {
    const store::MutexLock lock(mutex_);
    ++held_;
  }
  fate->WhenDecided([this, held = std::move(exchange)](const absl::Status& status) mutable {
    let_go_(std::move(held), status);
    const store::MutexLock lock(mutex_);
    if (--held_ == 0) emptied_.NotifyAll();
  });
}

bool CommitGate::full() const {
  const store::MutexLock lock(mutex_);
  return held_ >= wire::kQueuedRequestsMax;
}

}  // namespace alcove::runtime
