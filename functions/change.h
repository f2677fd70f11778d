// What agents and customers do with a whole conversation: close it, tag it,
// hand it over, and the like. Each says only what it changes.
//
// Threads: a free function; the body may run more than once, as that of Transact().
#pragma once

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "functions/access.h"
#include "functions/context.h"
#include "functions/function.h"
#include "store/store.h"

namespace alcove::functions {

using ConversationChange =
    absl::FunctionRef<absl::Status(store::Transaction& transaction, Entered& entered, int64_t now_ms)>;

// 200 with the wire::ConversationAnswer of what the conversation that the path
// names is after `change`; errors as Enter(), or what `change` returned, and
// then nothing is changed.
Outcome ChangeConversation(Side side, const Request& request, Context& context, ConversationChange change);

}  // namespace alcove::functions
