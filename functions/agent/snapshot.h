#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::agent {

// GET /v1/agent/snapshot
//
// Everything a console begins with: the agent, the site, colleagues, teams,
// canned replies, tags, the agent's open conversations and those in which they take part, the first
// kListConversationsMax of the queue, and the cursor from which polling misses nothing, all of one snapshot. Events
// past kSnapshotBytesMax are left to be paged.
//
// 200 with a wire::AgentSnapshot, or
//   UNAUTHENTICATED  no session of an agent
Outcome Snapshot(const Request& request, Context& context);

}  // namespace alcove::functions::agent
