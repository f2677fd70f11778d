#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::agent {

// POST /v1/agent/session
//
// Signs an agent in. An address that is not known and a password that is wrong
// are the same answer, after the same work.
//
// 200 with a wire::AgentSession, or
//   INVALID_ARGUMENT   the body is no wire::AgentSessionRequest
//   422 unprocessable  the address or the password is too long
//   429                too many tries, from this address or with this e-mail address, or too many wrong codes
//   UNAUTHENTICATED    the two do not belong together, or the agent is disabled
//   401 totp_required  they do, and the code of the second factor is missing, wrong or used
Outcome MakeSession(const Request& request, Context& context);

// DELETE /v1/agent/session
//
// Signs out: the token is worth nothing from now on, in a parked poll too. With
// the last session of the agent the presence becomes offline, so that nobody is
// given to who is gone; conversations stay theirs.
//
// 200, or
//   UNAUTHENTICATED  no session of an agent
Outcome EndSession(const Request& request, Context& context);

}  // namespace alcove::functions::agent
