#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::agent {

// PATCH /v1/agent/conversations/{conversation}/messages/{message}
//
// The agent says something else with a message or a note of theirs. It keeps its place; whoever follows the
// conversation is told by an `edited` event. The text that it has already changes nothing, at any time.
//
// 200 with a wire::EventAnswer, the event as it is now, or
//   INVALID_ARGUMENT    the body is no wire::MessageEdit
//   UNAUTHENTICATED     no session of an agent
//   403 role_required   the role may only read
//   NOT_FOUND           no such conversation, message or note, another one's, or its text is gone
//   409 closed          the conversation is over
//   422 unprocessable   the text is empty or too long, or it was written longer ago than the site's edit_window_ms
Outcome EditMessage(const Request& request, Context& context);

// DELETE /v1/agent/conversations/{conversation}/messages/{message}
//
// The agent takes a message or a note of theirs back; who supervises any that no customer wrote, at any time.
// What it said is gone for everybody; its place stays, and a `deleted` event tells of it. What is gone already is
// answered alike.
//
// 200 with a wire::EventAnswer, the event as it is now, or
//   UNAUTHENTICATED     no session of an agent
//   403 role_required   another agent or a bot wrote it, and the caller supervises nobody
//   NOT_FOUND           no such conversation, message or note, or the customer's
//   409 closed          the conversation is over
//   422 unprocessable   it was written longer ago than the site's edit_window_ms
Outcome DeleteMessage(const Request& request, Context& context);

}  // namespace alcove::functions::agent
