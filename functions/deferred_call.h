// A deferred call as it is stored: under the time at which it is to be looked
// at, and in the index by its function and key. What defers calls (defer.h),
// runs them (due.h) and shows them (deferred_list.h) stands on this.
//
// Threads: free functions; a Reader or Transaction belongs to its body.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "functions/records.h"
#include "functions/wire/ids.h"
#include "store/store.h"

namespace alcove::functions {

struct StoredCall {
  int64_t run_at = 0;
  wire::DeferredId id;
  DeferredRecord record;

  // Whether a run of it, or of the call that it replaced, is under way.
  bool IsLeased(int64_t now_ms) const { return record.lease_until > now_ms; }
};

// The call of an entry of keys::AllDeferred() or keys::AllDeadLetters(). DATA_LOSS where it cannot be read.
absl::StatusOr<StoredCall> DecodeCall(const store::Entry& entry);

// The call at a place, or nullopt where it has gone.
absl::StatusOr<std::optional<StoredCall>> FindCallAt(store::Reader& reader, int64_t run_at, const wire::DeferredId& id);

// The one call of a function and key, or nullopt.
absl::StatusOr<std::optional<StoredCall>> FindCallOf(store::Reader& reader, std::string_view function,
                                                     std::string_view key);

// Puts a new one where it says, with its index. REQUIRES: there is none of its function and key.
void PutCall(store::Transaction& transaction, const StoredCall& call);
void EraseCall(store::Transaction& transaction, const StoredCall& call);
// Changes its place, and writes what was changed of it; `call` is then of there. Errors as Reader::Get().
absl::Status MoveCall(store::Transaction& transaction, StoredCall& call, int64_t run_at);

// Wakes who runs calls, where `run_at` is so near that they might not look by themselves.
void TellOfCall(store::Transaction& transaction, int64_t run_at, int64_t now_ms);

}  // namespace alcove::functions
