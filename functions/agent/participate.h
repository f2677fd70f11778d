#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::agent {

// POST /v1/agent/conversations/{conversation}/join
//
// The caller takes part in the conversation beside the agent who has it, or lets
// a colleague do so: whoever is in it themselves may, and who supervises. It
// stays whose it is, and is no load of who joins. Who takes part already, or has
// it, is answered as the first time.
//
// 200 with a wire::ConversationAnswer, or
//   INVALID_ARGUMENT   the body is no wire::Participation
//   422 unprocessable  who is named is not there, is disabled or may only read; kParticipantsMax take part; the agent
//                      does so in kJoinedConversationsMax
//   UNAUTHENTICATED    no session of an agent
//   403 role_required  a colleague is named, and the caller is not in it and supervises nobody
//   NOT_FOUND          no such conversation in the agent's site
//   409 closed         it is closed
Outcome JoinIt(const Request& request, Context& context);

// POST /v1/agent/conversations/{conversation}/leave
//
// The caller takes part no longer. Who does not, changes nothing. Who has it
// hands it over instead (assign.h): what nobody has would wait without a reason.
//
// 200 with a wire::ConversationAnswer, or
//   422 unprocessable  the caller has it
//   UNAUTHENTICATED    no session of an agent
//   NOT_FOUND          no such conversation in the agent's site
Outcome LeaveIt(const Request& request, Context& context);

}  // namespace alcove::functions::agent
