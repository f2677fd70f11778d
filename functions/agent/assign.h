#pragma once

#include <string>

#include "absl/status/status.h"
#include "functions/context.h"
#include "functions/function.h"
#include "functions/wire/ids.h"
#include "store/store.h"

namespace alcove::functions::agent {

// POST /v1/agent/conversations/{conversation}/assign
//
// Gives a conversation that waits, or is with anybody, to an agent of the site:
// whatever their presence and load, as a person decides it. Or to a team, for
// which it waits at the age that it has, and whose next agent with room gets it.
// The comment is for agents' eyes only. To whom has it already nothing happens.
//
// 200 with a wire::ConversationAnswer, or
//   INVALID_ARGUMENT   the body is no wire::Assignment
//   422 unprocessable  neither an agent nor a team is named, or one that is not there; the agent is disabled, or may
//                      only read; the comment is too long
//   UNAUTHENTICATED    no session of an agent
//   NOT_FOUND          no such conversation in the agent's site
//   409 closed         it is closed
Outcome AssignTo(const Request& request, Context& context);

// 422 where the agent is not there, is disabled, or may only read.
absl::Status CheckMayBeGiven(store::Reader& reader, const wire::SiteId& site, const std::string& id);

}  // namespace alcove::functions::agent
