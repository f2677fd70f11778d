#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::agent {

// PUT /v1/agent/conversations/{conversation}/notes/{message}
//
// Appends a note that agents alone read, to a conversation in any state, and
// tells it to those whom it mentions as well. One that whispers is for the agent who has the conversation, who is
// mentioned with it; only supervisors and above whisper. Idempotent on the id, which is
// one of a message's.
//
// 201 or 200 with a wire::EventAnswer, or
//   INVALID_ARGUMENT    the body is no wire::NewNote
//   422 unprocessable   the id is not well formed, the text is empty or too long, more than
//                       kMentionsMax agents are mentioned, or somebody who is no agent of the site; it whispers, and no
//                       other agent has the conversation
//   403 role_required   it whispers, and who sends it supervises nobody
//   UNAUTHENTICATED     no session of an agent
//   NOT_FOUND           no such conversation in the agent's site
//   ALREADY_EXISTS      the id was used with another body, or by somebody else
Outcome PutNote(const Request& request, Context& context);

}  // namespace alcove::functions::agent
