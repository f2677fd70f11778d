#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::agent {

// POST /v1/agent/conversations/{conversation}/tags
//
// Puts tags on a conversation and takes others off, whatever its state. What is
// there already, or is not, changes nothing; a change of nothing is no event.
//
// 200 with a wire::ConversationAnswer, or
//   INVALID_ARGUMENT   the body is no wire::TagChange
//   422 unprocessable  a tag is empty or too long, or there would be more than kTagsMax
//   UNAUTHENTICATED    no session of an agent
//   NOT_FOUND          no such conversation in the agent's site
Outcome ChangeTags(const Request& request, Context& context);

}  // namespace alcove::functions::agent
