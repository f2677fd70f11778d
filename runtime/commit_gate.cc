#include "runtime/commit_gate.h"

#include <utility>

#include "functions/wire/limits.h"
#include "runtime/shedding.h"

namespace alcove::runtime {

CommitGate::~CommitGate() {
  const store::MutexLock lock(mutex_);
  while (held_ > 0) emptied_.Wait(mutex_);
}

void CommitGate::Hold(std::unique_ptr<Exchange> exchange) {
  const store::FatePtr fate = std::move(exchange->fate);
  if (fate == nullptr) return let_go_(std::move(exchange), absl::OkStatus());
  const size_t bytes = exchange->answer ? exchange->answer->size() : 0;
  {
    const store::MutexLock lock(mutex_);
    ++held_;
    held_bytes_ += bytes;
  }
  fate->WhenDecided([this, bytes, held = std::move(exchange)](const absl::Status& status) mutable {
    let_go_(std::move(held), status);
    const store::MutexLock lock(mutex_);
    held_bytes_ -= bytes;
    if (--held_ == 0) emptied_.NotifyAll();
  });
}

size_t CommitGate::held() const {
  const store::MutexLock lock(mutex_);
  return held_;
}

bool CommitGate::TakesMore(functions::Work work) const {
  const store::MutexLock lock(mutex_);
  return runtime::TakesMore(held_, wire::kQueuedRequestsMax, work) &&
         runtime::TakesMore(held_bytes_, wire::kHeldAnswersBytesMax, work);
}

}  // namespace alcove::runtime
