#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::admin {

// GET /v1/admin/conversations/{conversation}/explain
//
// Why a conversation is where it is: what it needs and by which rules, each
// decision about it with its numbers, and what would become of it now.
//
// 200 with a wire::Explanation, or
//   UNAUTHENTICATED    no session of an agent, no key
//   403 role_required  without the permission to follow
//   NOT_FOUND          no such conversation in the site
Outcome ExplainConversation(const Request& request, Context& context);

}  // namespace alcove::functions::admin
