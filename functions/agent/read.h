#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::agent {

// POST /v1/agent/conversations/{conversation}/read
//
// The agents' side has read up to `seq`. Moves forward only, so that it may be
// repeated and come late; the customer is told.
//
// 200, or
//   INVALID_ARGUMENT   the body is no wire::ReadUpTo
//   UNAUTHENTICATED    no session of an agent
//   NOT_FOUND          no such conversation in the agent's site
//   422 unprocessable  there is no event `seq`
Outcome Read(const Request& request, Context& context);

}  // namespace alcove::functions::agent
