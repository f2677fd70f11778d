#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::agent {

// PUT /v1/agent/presence
//
// Who comes online is given what waits, up to their capacity; who goes keeps
// what they have, and so does who is online and polls no more (away.h).
// Colleagues are told. Repeating it changes nothing, and
// tells them where that was still to be done.
//
// 200 with a wire::AgentAnswer, or
//   INVALID_ARGUMENT   the body is no wire::PresenceChange
//   422 unprocessable  the state is no name of wire::Presence
//   UNAUTHENTICATED    no session of an agent
Outcome SetPresence(const Request& request, Context& context);

}  // namespace alcove::functions::agent
