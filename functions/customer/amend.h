#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::customer {

// PATCH /v1/customer/conversations/{conversation}/messages/{message}
//
// The customer says something else with a message of theirs. It keeps its place; whoever follows the
// conversation is told by an `edited` event. The text that it has already changes nothing, at any time.
//
// 200 with a wire::EventAnswer, the event as it is now, or
//   INVALID_ARGUMENT    the body is no wire::MessageEdit
//   UNAUTHENTICATED     no session of a customer
//   NOT_FOUND           no such conversation or message, not this customer's, or its text is gone
//   409 closed          the conversation is over
//   422 unprocessable   the text is empty or too long, or it was written longer ago than the site's edit_window_ms
Outcome EditMessage(const Request& request, Context& context);

// DELETE /v1/customer/conversations/{conversation}/messages/{message}
//
// The customer takes a message of theirs back.
// What it said is gone for everybody; its place stays, and a `deleted` event tells of it. What is gone already is
// answered alike.
//
// 200 with a wire::EventAnswer, the event as it is now, or
//   UNAUTHENTICATED     no session of a customer
//   NOT_FOUND           no such conversation or message, or not this customer's
//   409 closed          the conversation is over
//   422 unprocessable   it was written longer ago than the site's edit_window_ms
Outcome DeleteMessage(const Request& request, Context& context);

}  // namespace alcove::functions::customer
