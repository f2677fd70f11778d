#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::agent {

// PUT /v1/agent/conversations/{conversation}/attributes/{attribute}
//
// Says what an attribute of the conversation is, or of its customer: as the site
// defined it. It is verified then. An empty value takes it away. What is so
// already changes nothing; what is another is a `field` event, of a customer's
// attribute in each of their conversations that is not over.
//
// 200 with a wire::ConversationAnswer, or
//   INVALID_ARGUMENT   the body is no wire::AttributeChange
//   422 unprocessable  the value is none of the attribute's type
//   UNAUTHENTICATED    no session of an agent
//   NOT_FOUND          no such conversation or attribute in the agent's site
Outcome SetAttribute(const Request& request, Context& context);

}  // namespace alcove::functions::agent
