#include "functions/deferred_list.h"

#include <optional>
#include <utility>

#include "store/each_entry.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

std::string_view StateOf(const StoredCall& call, int64_t now_ms) {
  if (call.record.cancelled.value_or(false)) return "cancelled";
  if (call.record.behind) return "waiting";
  if (call.IsLeased(now_ms)) return "running";
  return call.record.attempts == 0 ? "waiting" : "failed";
}

// The key of what has the id.
absl::StatusOr<std::string> KeyOf(store::Reader& reader, const wire::DeferredId& id) {
  std::optional<std::string> found;
  for (const store::Range& range : {keys::AllDeadLetters(), keys::AllDeferred()}) {
    RETURN_IF_ERROR(store::EachEntry(reader, range, [&](const store::Entry& entry) -> absl::Status {
      ASSIGN_OR_RETURN(const wire::DeferredId own, keys::DecodeDeferred(entry.key));
      if (own == id) found = entry.key;
      return absl::OkStatus();
    }));
    if (found) return *found;
  }
  return absl::NotFoundError("there is no deferred call " + id.text());
}

struct Held {
  StoredCall call;
  bool is_dead = false;
};

// The call at a key that was found before, and that nothing is doing just now.
absl::StatusOr<Held> AtRest(store::Reader& reader, const std::string& key, int64_t now_ms) {
  ASSIGN_OR_RETURN(const auto value, reader.Get(key));
  if (!value) return absl::FailedPreconditionError("that call is being run just now; try again");
  Held held;
  ASSIGN_OR_RETURN(held.call, DecodeCall({key, *value}));
  held.is_dead = key == keys::DeadLetter(held.call.run_at, held.call.id);
  if (!held.is_dead && held.call.IsLeased(now_ms)) {
    return absl::FailedPreconditionError("a call of that function and key is running");
  }
  return held;
}

}  // namespace

absl::Status ListCalls(store::Reader& reader, int64_t now_ms,
                       const std::function<absl::Status(const ListedCall&)>& take) {
  RETURN_IF_ERROR(store::EachEntry(reader, keys::AllDeferred(), [&](const store::Entry& entry) -> absl::Status {
    ASSIGN_OR_RETURN(const StoredCall call, DecodeCall(entry));
    return take({StateOf(call, now_ms), call});
  }));
  return store::EachEntry(reader, keys::AllDeadLetters(), [&](const store::Entry& entry) -> absl::Status {
    ASSIGN_OR_RETURN(const StoredCall call, DecodeCall(entry));
    return take({"dead", call});
  });
}

absl::Status RetryCall(store::Store& store, const wire::DeferredId& id, int64_t now_ms) {
  ASSIGN_OR_RETURN(const std::string key, store.Read([&](store::Reader& reader) { return KeyOf(reader, id); }));
  return store.Transact([&](store::Transaction& txn) -> absl::Status {
    ASSIGN_OR_RETURN(Held held, AtRest(txn, key, now_ms));
    DeferredRecord& record = held.call.record;
    if (held.is_dead) {
      ASSIGN_OR_RETURN(const auto later, FindCallOf(txn, record.function, record.key));
      if (later) return absl::FailedPreconditionError("a later call of that function and key is there");
    }
    record.attempts = 0;
    record.lease_until = 0;
    if (held.is_dead) {
      txn.Erase(key);
      held.call.run_at = now_ms;
      PutCall(txn, held.call);
    } else {
      RETURN_IF_ERROR(MoveCall(txn, held.call, now_ms));
    }
    TellOfCall(txn, now_ms, now_ms);
    return absl::OkStatus();
  });
}

absl::Status DropCall(store::Store& store, const wire::DeferredId& id, int64_t now_ms) {
  ASSIGN_OR_RETURN(const std::string key, store.Read([&](store::Reader& reader) { return KeyOf(reader, id); }));
  return store.Transact([&](store::Transaction& txn) -> absl::Status {
    ASSIGN_OR_RETURN(const Held held, AtRest(txn, key, now_ms));
    if (held.is_dead) {
      txn.Erase(key);
    } else {
      EraseCall(txn, held.call);
    }
    return absl::OkStatus();
  });
}

}  // namespace alcove::functions
