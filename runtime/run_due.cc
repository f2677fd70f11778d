#include "runtime/run_due.h"

#include <utility>

#include "absl/time/time.h"
#include "functions/deferrables.h"
#include "functions/due.h"
#include "store/status_macros.h"

namespace alcove::runtime {
namespace {

absl::StatusOr<functions::Ran> RunCall(const functions::DueCall& call,
                                       std::span<const functions::Deferrable> deferrables, functions::Context& context,
                                       Fetcher& fetcher) {
  ASSIGN_OR_RETURN(functions::Claimed claimed, functions::ClaimCall(call, context));
  if (!claimed.claim) return claimed.otherwise;
  functions::Claim& claim = *claimed.claim;
  const functions::Deferrable* const deferrable = functions::FindDeferrable(deferrables, claim.function);
  while (true) {
    ASSIGN_OR_RETURN(functions::Run run, functions::RunClaim(claim, deferrable, context));
    if (!run.fetch) return run.ran;
    claim.fetched.Add(fetcher.Await(*std::move(run.fetch), claim.id.text()));
  }
}

void Count(functions::Ran ran, DueCounts& counts) {
  switch (ran) {
    case functions::Ran::kDone:
      ++counts.done;
      break;
    case functions::Ran::kRepeats:
      ++counts.failed;
      break;
    case functions::Ran::kDied:
      ++counts.dead;
      break;
    case functions::Ran::kGone:
      break;
  }
}

}  // namespace

absl::StatusOr<DueCounts> RunDue(std::span<const functions::Deferrable> deferrables, functions::Context& context,
                                 Fetcher& fetcher) {
  RETURN_IF_ERROR(functions::DeferStanding(deferrables, context));
  DueCounts counts;
  while (true) {
    const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
    ASSIGN_OR_RETURN(const functions::Due due,
                     context.store.Read([&](store::Reader& reader) { return functions::FindDue(reader, now_ms); }));
    if (due.calls.empty()) return counts;
    for (const functions::DueCall& call : due.calls) {
      ASSIGN_OR_RETURN(const functions::Ran ran, RunCall(call, deferrables, context, fetcher));
      Count(ran, counts);
    }
  }
}

}  // namespace alcove::runtime
