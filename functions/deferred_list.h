// What an operator sees of deferred calls, and may do with one: for
// `alcove admin deferred`.
//
// Threads: free functions; a Reader or Transaction belongs to its body.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "functions/deferred_call.h"
#include "store/store.h"

namespace alcove::functions {

// Each call in the order in which they are looked at, then each dead letter,
// the oldest first. `now_ms` tells leases that are over.
//   waiting    it has not run yet
//   running    a run is under way
//   failed     a run failed, or its node died; it is run again
//   cancelled  while it was running
//   dead       it was given up; `run_at` is when
struct ListedCall {
  std::string_view state;
  StoredCall call;
};
// `take` may end the list by a status, which is then the result. Errors as Reader::Scan().
absl::Status ListCalls(store::Reader& reader, int64_t now_ms,
                       const std::function<absl::Status(const ListedCall&)>& take);

// Has the call run as soon as may be, with all its attempts before it. Of a dead letter it makes a call again.
//   NOT_FOUND            none has that id
//   FAILED_PRECONDITION  it is running; or it is dead and a later call of its key is there
absl::Status RetryCall(store::Store& store, const wire::DeferredId& id, int64_t now_ms);

// Forgets the call, or the dead letter.
//   NOT_FOUND            none has that id
//   FAILED_PRECONDITION  it is running
absl::Status DropCall(store::Store& store, const wire::DeferredId& id, int64_t now_ms);

}  // namespace alcove::functions
