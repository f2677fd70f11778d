#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::admin {

// DELETE /v1/admin/conversations/{conversation}/messages/{message}
//
// Erases what a message or a note says, for privacy and for good: from the event, its edits, the list row, and from
// what is remembered to answer a repeat. Its place stays, with `erased_at`, and an `erased` event tells faces to drop
// it, in conversations that are over, too. What is erased already is answered alike, and audited once, without the
// text.
//
// 200, or
//   UNAUTHENTICATED     no agent, no key
//   403 role_required
//   NOT_FOUND           no such conversation, message or note
Outcome EraseMessage(const Request& request, Context& context);

// DELETE /v1/admin/conversations/{conversation}/messages
//
// As EraseMessage(), of all that its customer wrote there until now: messages, comments, reasons, values of fields,
// pages, and the answers to the form. What is known of the customer, their name and attributes, is not of it. Where it
// fails a part may be erased, each with its `erased` event: a repeat goes on.
//
// 200, or errors as EraseMessage()
Outcome EraseCustomersPart(const Request& request, Context& context);

}  // namespace alcove::functions::admin
