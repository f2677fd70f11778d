#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::agent {

// POST /v1/agent/conversations/{conversation}/reopen
//
// Begins a closed conversation anew and gives it to the caller. What is not
// closed stays as it is.
//
// 200 with a wire::ConversationAnswer, or
//   UNAUTHENTICATED    no session of an agent
//   NOT_FOUND          no such conversation in the agent's site
//   422 unprocessable  the customer has kCustomerOpenConversationsMax
Outcome ReopenFor(const Request& request, Context& context);

}  // namespace alcove::functions::agent
