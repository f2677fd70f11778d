#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::agent {

// POST /v1/agent/conversations/{conversation}/viewing
//
// The agent looks at the conversation, for kViewingTtlMs unless they say so
// again, or with `gone` no longer. Its agent, and the others who look at it, are
// told, and tell each other what they write; whoever looks is told the
// customer's draft. Nothing is stored.
//
// 200 with a wire::ViewersAnswer: the others, or
//   INVALID_ARGUMENT   the body is no wire::Viewing
//   UNAUTHENTICATED    no session of an agent
//   403 role_required  without the permission to follow
//   NOT_FOUND          no such conversation in the agent's site
Outcome Viewing(const Request& request, Context& context);

}  // namespace alcove::functions::agent
