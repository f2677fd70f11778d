// How deferred calls are run: found, claimed, run, and ended or repeated.
// The runtime (runtime/deferrer.h) does it on every node at once.
//
//   FindDue()    what is to be looked at now, by one read; CountDue(), how much that would be, for who watches
//   ClaimCall()  a transaction that takes the lease: counts the attempt and moves the call to the end of its lease,
//                where nobody looks before. Of several nodes one gets it.
//   RunClaim()   the function, and the end of the call; or FailClaim(), and its next attempt. Where the function asks
//                another server, whoever runs it puts the answer into the claim and runs it again.
//
// A claim is of one attempt: whoever's lease was over, and whose call another
// node has claimed since, or that was replaced or cancelled, ends nothing. A
// node that dies in between leaves nothing behind but the lease.
//
// Threads: free functions; they may be called by several at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "functions/context.h"
#include "functions/deferrable.h"
#include "functions/fetch.h"
#include "functions/wire/ids.h"
#include "store/store.h"

namespace alcove::functions {

struct DueCall {
  int64_t run_at = 0;
  wire::DeferredId id;
};
struct Due {
  std::vector<DueCall> calls;     // at most kDeferSweepMax, the longest due first
  std::optional<int64_t> oldest;  // when the oldest of them was due first
  std::optional<int64_t> next;    // when the first of the others is to be looked at
};
absl::StatusOr<Due> FindDue(store::Reader& reader, int64_t now_ms);

// What is due and not begun.
struct Backlog {
  size_t due = 0;                 // at most kDeferBacklogMax: there may be more
  std::optional<int64_t> oldest;  // when the oldest of these was due first
};
absl::StatusOr<Backlog> CountDue(store::Reader& reader, int64_t now_ms);

// What became of a call.
enum class Ran {
  kDone,     // it ran, for good
  kRepeats,  // it failed, and is run again later
  kDied,     // it was given up
  kGone,     // another node has it, or had it; it was replaced or cancelled
};

struct Claim {
  wire::DeferredId id;
  std::string function;
  std::string key;
  std::string arguments;
  int64_t attempt = 0;
  int64_t lease_until = 0;
  Fetches fetched = {};
};
struct Claimed {
  std::optional<Claim> claim;
  Ran otherwise = Ran::kGone;  // kDied: its last attempt never came back
};
absl::StatusOr<Claimed> ClaimCall(const DueCall& call, Context& context);

struct Run {
  Ran ran = Ran::kGone;
  // Where it has not ended yet, which `ran` then says nothing of.
  std::optional<Fetch> fetch = std::nullopt;
};
// Runs the claimed call by its row of the table; nullptr, a function that this
// version does not know, fails it: a later version's node may get the next
// attempt. Does not throw unless the function does. Errors are the store's:
// the lease stands, and the call is run again after it.
absl::StatusOr<Run> RunClaim(const Claim& claim, const Deferrable* deferrable, Context& context);

// The run came to nothing. Errors as RunClaim().
absl::StatusOr<Ran> FailClaim(const Claim& claim, std::string_view reason, Context& context);

// How long the call waits after its attempt of that number (from 1) has failed.
int64_t BackoffMs(int64_t attempt, Random& random);

}  // namespace alcove::functions
