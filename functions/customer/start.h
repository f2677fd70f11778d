#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::customer {

// PUT /v1/customer/conversations/{conversation}
//
// Starts a conversation, with its first message in the same write. It goes to
// the least loaded agent who is online and has room, else it waits in the
// queue. Events: `message` (where there is one), then `assigned` or `queued`.
// Idempotent on the conversation's id: a repeat returns the first answer.
//
// 201 or 200 with a wire::ConversationAnswer, or
//   INVALID_ARGUMENT      the body is no wire::NewConversation
//   422 unprocessable     an id is not well formed, the text is empty or too long,
//                         or the customer has kCustomerOpenConversationsMax open
//   UNAUTHENTICATED       no session of a customer
//   NOT_FOUND             the id is another customer's
//   ALREADY_EXISTS        the id was used with another body
//   429                   too many start in this site
//   503 overloaded        kQueueLengthMax wait
Outcome Start(const Request& request, Context& context);

}  // namespace alcove::functions::customer
