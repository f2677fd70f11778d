#include "store/gated_store.h"

#include <utility>

#include "store/status_macros.h"

namespace alcove::store {

absl::Status GatedStore::TransactStatus(const Body& body) {
  RETURN_IF_ERROR(GoOn());
  transacted_ = true;
  if (pace_ == Pace::kWaits) return store_.Sequence(body, fate_);
  if (const auto status = store_.SequenceAtOnce(body, fate_)) return *status;
  return GoOn();
}

absl::Status GatedStore::ReadStatus(const std::function<absl::Status(Reader&)>& body) {
  RETURN_IF_ERROR(GoOn());
  return store_.Read([&](Reader& reader) { return body(reader); });
}

absl::Status GatedStore::GoOn() {
  if (pace_ == Pace::kWaits) return Settle();
  refused_ = refused_ || transacted_;
  return refused_ ? absl::UnavailableError("it would have to wait") : absl::OkStatus();
}

absl::Status GatedStore::Settle() {
  const FatePtr fate = std::move(fate_);
  if (fate == nullptr) return absl::OkStatus();
  if (pace_ == Pace::kAtOnce) store_.CarryOut();
  return fate->Await();
}

}  // namespace alcove::store
