#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "functions/access.h"
#include "functions/context.h"
#include "functions/function.h"
#include "store/store.h"

namespace alcove::functions::agent {

// POST /v1/agent/conversations/{conversation}/claim
//
// Takes a conversation out of the queue, whatever the agent's presence and
// load. Of several who claim at once exactly one has it; who has it already
// is answered as the first time.
//
// 200 with a wire::ConversationAnswer, or
//   UNAUTHENTICATED      no session of an agent
//   NOT_FOUND            no such conversation in the agent's site
//   409 already_claimed  another agent has it: `agent` says who
//   409 closed           it is closed
Outcome Claim(const Request& request, Context& context);

// Gives a conversation that waits to who calls, and tells of it.
absl::Status ClaimForCaller(store::Transaction& transaction, Entered& entered, int64_t now_ms);

}  // namespace alcove::functions::agent
