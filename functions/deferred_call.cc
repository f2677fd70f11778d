#include "functions/deferred_call.h"

#include <string>
#include <utility>

#include "functions/wire/limits.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

absl::StatusOr<StoredCall> DecodeCall(const store::Entry& entry) {
  StoredCall call;
  ASSIGN_OR_RETURN(call.run_at, keys::DecodeTime(entry.key));
  ASSIGN_OR_RETURN(call.id, keys::DecodeDeferred(entry.key));
  ASSIGN_OR_RETURN(call.record, DecodeRecord<DeferredRecord>(entry.value));
  return call;
}

absl::StatusOr<std::optional<StoredCall>> FindCallAt(store::Reader& reader, int64_t run_at,
                                                     const wire::DeferredId& id) {
  ASSIGN_OR_RETURN(auto record, Find<DeferredRecord>(reader, keys::Deferred(run_at, id)));
  if (!record) return std::optional<StoredCall>();
  return std::optional(StoredCall{run_at, id, *std::move(record)});
}

absl::StatusOr<std::optional<StoredCall>> FindCallOf(store::Reader& reader, std::string_view function,
                                                     std::string_view key) {
  ASSIGN_OR_RETURN(const auto place, Find<DeferredKeyRecord>(reader, keys::DeferredKey(function, key)));
  if (!place) return std::optional<StoredCall>();
  ASSIGN_OR_RETURN(auto call, FindCallAt(reader, place->run_at, wire::DeferredId(place->call)));
  if (!call) return absl::DataLossError("the index of deferred calls names one that is not there");
  return call;
}

void PutCall(store::Transaction& transaction, const StoredCall& call) {
  Save(transaction, keys::Deferred(call.run_at, call.id), call.record);
  DeferredKeyRecord place;
  place.run_at = call.run_at;
  place.call = call.id.text();
  Save(transaction, keys::DeferredKey(call.record.function, call.record.key), place);
}

void EraseCall(store::Transaction& transaction, const StoredCall& call) {
  transaction.Erase(keys::Deferred(call.run_at, call.id));
  transaction.Erase(keys::DeferredKey(call.record.function, call.record.key));
}

absl::Status MoveCall(store::Transaction& transaction, StoredCall& call, int64_t run_at) {
  if (run_at != call.run_at) transaction.Erase(keys::Deferred(call.run_at, call.id));
  call.run_at = run_at;
  Save(transaction, keys::Deferred(call.run_at, call.id), call.record);
  // Read first: a later server may keep more there.
  const std::string index = keys::DeferredKey(call.record.function, call.record.key);
  ASSIGN_OR_RETURN(auto place, LoadOrDefault<DeferredKeyRecord>(transaction, index));
  place.run_at = run_at;
  place.call = call.id.text();
  Save(transaction, index, place);
  return absl::OkStatus();
}

void TellOfCall(store::Transaction& transaction, int64_t run_at, int64_t now_ms) {
  if (run_at - now_ms < wire::kDeferLookMs) transaction.Signal(keys::DeferTopic());
}

}  // namespace alcove::functions
