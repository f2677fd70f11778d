// Runs what was deferred, as a node does.
#pragma once

#include "functions/deferrables.h"
#include "functions/due.h"
#include "tests/functions/world.h"

namespace alcove::functions {

// Runs what is due now, each once.
inline void RunDueCalls(World& world) {
  Context context = world.MakeContext();
  const int64_t now_ms = absl::ToUnixMillis(world.clock.Now());
  const auto due = world.store->Read([&](store::Reader& reader) { return FindDue(reader, now_ms); });
  ASSERT_TRUE(due.ok()) << due.status();
  for (const DueCall& call : due->calls) {
    const auto claimed = ClaimCall(call, context);
    ASSERT_TRUE(claimed.ok() && claimed->claim);
    const auto ran = RunClaim(*claimed->claim, FindDeferrable(Deferrables(), claimed->claim->function), context);
    ASSERT_TRUE(ran.ok()) << ran.status();
    EXPECT_EQ(*ran, Ran::kDone);
  }
}

}  // namespace alcove::functions
