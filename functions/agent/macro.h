#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::agent {

// PUT /v1/agent/conversations/{conversation}/macros/{message}
//
// Runs a macro on the conversation: all that it says, in its order, each as its
// own call would, or nothing. The id, chosen by the client, is that of the run
// and of the message that the macro sends, if any: a repeat does nothing more.
// Placeholders are filled in; where one has no value nothing is done. The audit
// log tells of the run.
//
// 201 or 200 with a wire::MacroAnswer, or
//   INVALID_ARGUMENT   the body is no wire::MacroRun
//   422 unprocessable  an id is not well formed, there is no such macro, a placeholder has no value; or what the action
//                      that the detail names is refused with
//   UNAUTHENTICATED    no session of an agent
//   403 role_required  the agent may not converse
//   NOT_FOUND          no such conversation in the agent's site
//   ALREADY_EXISTS     the id was used for another macro, or by somebody else
//   409                as the action that the detail names: closed, already_claimed
Outcome RunMacro(const Request& request, Context& context);

}  // namespace alcove::functions::agent
