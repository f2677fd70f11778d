#include "store/gated_store.h"

#include "store/status_macros.h"

namespace alcove::store {

absl::Status GatedStore::TransactStatus(const Body& body) {
  RETURN_IF_ERROR(Settle());
  return store_.Sequence(body, fate_);
}

absl::Status GatedStore::ReadStatus(const std::function<absl::Status(Reader&)>& body) {
  RETURN_IF_ERROR(Settle());
  return store_.Read([&](Reader& reader) { return body(reader); });
}

absl::Status GatedStore::Settle() {
  const FatePtr fate = std::move(fate_);
  return fate == nullptr ? absl::OkStatus() : fate->Await();
}

}  // namespace alcove::store
