#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::agent {

// PUT /v1/agent/conversations/{conversation}/messages/{message}
//
// Appends one message of the agent to any conversation of their site, waiting
// or assigned, and wakes whoever follows it. Idempotent on the message id: a
// repeat returns the first result, after a close too. What a bot has is the
// writer's from then on.
//
// 201 or 200 with a wire::EventAnswer, or
//   INVALID_ARGUMENT    the body is no wire::NewMessage
//   422 unprocessable   the id is not well formed, the text is empty or too long
//   UNAUTHENTICATED     no session of an agent
//   NOT_FOUND           no such conversation in the agent's site
//   ALREADY_EXISTS      the id was used with another body, or by somebody else
//   409 closed          the conversation is closed
//   409 overtaken       `after` was given, and another agent has written behind that event: `agent` says who
Outcome PutMessage(const Request& request, Context& context);

}  // namespace alcove::functions::agent
