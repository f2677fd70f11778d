#include "store/gated_store.h"

#include <utility>

#include "store/status_macros.h"

namespace alcove::store {

absl::Status GatedStore::TransactStatus(const Body& body) {
  RETURN_IF_ERROR(Settle());
  if (std::exchange(pace_, Pace::kWaits) == Pace::kWaits) return store_.Sequence(body, fate_);
  if (const auto status = store_.SequenceAtOnce(body, fate_)) return *status;
  refused_ = true;
  return Settle();
}

absl::Status GatedStore::ReadStatus(const std::function<absl::Status(Reader&)>& body) {
  RETURN_IF_ERROR(Settle());
  return store_.Read([&](Reader& reader) { return body(reader); });
}

absl::Status GatedStore::Settle() {
  if (refused_) return absl::UnavailableError("it would have to wait");
  const FatePtr fate = std::move(fate_);
  return fate == nullptr ? absl::OkStatus() : fate->Await();
}

}  // namespace alcove::store
