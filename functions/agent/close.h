#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::agent {

// POST /v1/agent/conversations/{conversation}/close
//
// Ends the conversation, whoever has it. A repeat finds it closed and changes
// nothing. The agent who had it takes the next one that waits.
//
// 200 with a wire::ConversationAnswer, or
//   INVALID_ARGUMENT   the body is no wire::CloseConversation
//   422 unprocessable  the reason is too long, or the site asks for another, or for a tag
//   UNAUTHENTICATED    no session of an agent
//   NOT_FOUND          no such conversation in the agent's site
Outcome Close(const Request& request, Context& context);

}  // namespace alcove::functions::agent
