// Runs what was deferred, as a node does.
#pragma once

#include "functions/deferrables.h"
#include "functions/due.h"
#include "tests/functions/world.h"

namespace alcove::functions {

// Runs a claim; what it fetches is asked of the world's web.
inline absl::StatusOr<Run> RunToItsEnd(Claim& claim, const Deferrable* deferrable, World& world) {
  Context context = world.MakeContext();
  absl::StatusOr<Run> run = RunClaim(claim, deferrable, context);
  while (run.ok() && run->fetch) {
    claim.fetched.Add(world.web.Ask(*run->fetch));
    run = RunClaim(claim, deferrable, context);
  }
  return run;
}

// Runs what is due now, each once.
inline void RunDueCalls(World& world) {
  Context context = world.MakeContext();
  const int64_t now_ms = absl::ToUnixMillis(world.clock.Now());
  const auto due = world.store->Read([&](store::Reader& reader) { return FindDue(reader, now_ms); });
  ASSERT_TRUE(due.ok()) << due.status();
  for (const DueCall& call : due->calls) {
    auto claimed = ClaimCall(call, context);
    ASSERT_TRUE(claimed.ok() && claimed->claim);
    const auto run = RunToItsEnd(*claimed->claim, FindDeferrable(Deferrables(), claimed->claim->function), world);
    ASSERT_TRUE(run.ok()) << run.status();
    EXPECT_EQ(run->ran, Ran::kDone);
  }
}

}  // namespace alcove::functions
