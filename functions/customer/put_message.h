#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::customer {

// PUT /v1/customer/conversations/{conversation}/messages/{message}
//
// Appends one message and wakes whoever follows the conversation, which is
// snoozed no longer. A bot that has it answers in the same write, or its
// program begins to be asked, or it hands over. Idempotent
// on the message id: a repeat returns the first result, after a close too.
//
// 201 or 200 with a wire::EventAnswer, or
//   INVALID_ARGUMENT    the body is no wire::NewMessage
//   422 unprocessable   the id is not well formed, the text is empty or too long
//   UNAUTHENTICATED     no session of a customer
//   NOT_FOUND           no such conversation, or not this customer's
//   ALREADY_EXISTS      the id was used with another body, or by somebody else
//   409 closed          the conversation is closed, and the site does not have it reopened by that, or no longer
//   503 overloaded      a bot would hand it over, and kQueueLengthMax wait
Outcome PutMessage(const Request& request, Context& context);

}  // namespace alcove::functions::customer
