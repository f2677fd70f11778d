#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::agent {

// GET /v1/agent/conversations?view=mine|joined|waiting|bot|team|closed|archived&before=&limit=
//
//   mine     open and assigned to the agent, the newest first
//   joined   those in which the agent takes part beside who has them, the newest first
//   waiting  the site's queue, first come first
//   bot      those that a bot has, the newest first
//   team     all that are not over in the site, the newest first
//   closed   all that are over in the site, the last closed first
//   archived all that are over for good, likewise
//
// `before` is the id of the last conversation of the page before: the next page
// begins behind it. At most `limit` (kListConversationsMax).
//
// 200 with a wire::ConversationList, or
//   INVALID_ARGUMENT  no such view, limit or before is malformed, or there is a `q`
//   UNAUTHENTICATED   no session of an agent
//   NOT_FOUND         `before` is no conversation of the site
Outcome Conversations(const Request& request, Context& context);

// GET /v1/agent/conversations/{conversation}
//
// 200 with a wire::ConversationAnswer: the summary and the newest
// kSnapshotEventsMax events, or
//   UNAUTHENTICATED  no session of an agent
//   NOT_FOUND        no such conversation in the agent's site
Outcome OneConversation(const Request& request, Context& context);

}  // namespace alcove::functions::agent
