#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::agent {

// POST /v1/agent/conversations/{conversation}/typing
//
// Tells the customer, and the other agents who are at it, that the agent types,
// never what. Forgotten after kTypingTtlMs; an empty text ends it at once.
// Nothing is stored. Nothing happens where the conversation is closed.
//
// 200 with a wire::ViewersAnswer: the others who look at it or type, or
//   INVALID_ARGUMENT  the body is no wire::Typing
//   UNAUTHENTICATED   no session of an agent
//   NOT_FOUND         no such conversation in the agent's site
Outcome Typing(const Request& request, Context& context);

}  // namespace alcove::functions::agent
