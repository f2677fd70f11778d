#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::customer {

// PUT /v1/customer/conversations/{conversation}
//
// Starts a conversation, with its first message in the same write. The site's
// rules say what it needs; it goes to whom the strategy chooses of the agents
// who are online, fit and have room, else it waits in the queue. Events:
// `message` (where there is one), then `assigned` or `queued`, and `tagged`
// where a rule puts tags on. Where a bot answers first it is `joined` by the
// bot instead, which says its greeting, and answers the message.
// Outside of the hours, with nobody online or with a full queue it is a message
// to whom is not there, where the site wants that: it waits in the queue, and is
// `offline`. What the page says of it wrongly is ignored, and told.
// Idempotent on the conversation's id: a repeat returns the first answer.
//
// 201 or 200 with a wire::ConversationAnswer, or
//   INVALID_ARGUMENT      the body is no wire::NewConversation
//   422 unprocessable     an id is not well formed, the text is empty or too long,
//                         there is no such team, the customer has kCustomerOpenConversationsMax open, or what the
//                         form asks for is missing, or is none
//   UNAUTHENTICATED       no session of a customer
//   NOT_FOUND             the id is another customer's
//   ALREADY_EXISTS        the id was used with another body
//   429                   too many start in this site
//   503 overloaded        kQueueLengthMax wait, or as many as the site allows
Outcome Start(const Request& request, Context& context);

}  // namespace alcove::functions::customer
