#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::customer {

// POST /v1/customer/conversations/{conversation}/hand_over
//
// The customer wants a person instead of the bot: the conversation is given to
// whom the strategy chooses, or waits in the queue. Where no bot has it nothing
// changes, so that a repeat is safe.
//
// 200 with a wire::ConversationAnswer, or
//   415 unsupported_media_type
//   UNAUTHENTICATED  no session of a customer
//   NOT_FOUND        no such conversation, or not this customer's
//   503 overloaded   kQueueLengthMax wait
Outcome HandOver(const Request& request, Context& context);

}  // namespace alcove::functions::customer
