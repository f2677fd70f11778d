#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::customer {

// POST /v1/customer/conversations/{conversation}/close
//
// Ends the conversation. A repeat finds it closed and changes nothing. The
// agent who had it takes the next one that waits.
//
// 200 with a wire::ConversationAnswer, or
//   INVALID_ARGUMENT   the body is no wire::CloseConversation
//   422 unprocessable  the reason is too long
//   UNAUTHENTICATED    no session of a customer
//   NOT_FOUND          no such conversation, or not this customer's
Outcome Close(const Request& request, Context& context);

}  // namespace alcove::functions::customer
