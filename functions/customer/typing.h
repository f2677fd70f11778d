#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::customer {

// POST /v1/customer/conversations/{conversation}/typing
//
// Tells the agents that the customer types, and what (cut to
// kDraftTextBytesMax). Forgotten after kTypingTtlMs; an empty text ends it at
// once. Nothing is stored. Nothing happens where the conversation is closed.
//
// 200, or
//   INVALID_ARGUMENT  the body is no wire::Typing
//   UNAUTHENTICATED   no session of a customer
//   NOT_FOUND         no such conversation, or not this customer's
Outcome Typing(const Request& request, Context& context);

}  // namespace alcove::functions::customer
