#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::agent {

// POST /v1/agent/bulk
//
// Does several things with each of several conversations: claim, assign, close,
// reopen, snooze, tags, each as its own call would, in a transaction of its own.
// Of one conversation nothing more is done once something was refused; the
// others go on. Each of these may be repeated, and so may the whole.
//
// 200 with a wire::BulkAnswer, in the order of the conversations, or
//   INVALID_ARGUMENT   the body is no wire::Bulk
//   UNAUTHENTICATED    no session of an agent, also where it ends meanwhile
//   403 role_required  the agent may not converse
//   422 unprocessable  an id is none or is there twice, an act is none, or there are more than kBulkConversationsMax or
//                      kBulkActionsMax
//   503                the store failed: what was done before stays done
Outcome DoBulk(const Request& request, Context& context);

}  // namespace alcove::functions::agent
