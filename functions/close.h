// Closing a conversation, for both sides.
//
// Threads: free functions.
#pragma once

#include "functions/context.h"
#include "functions/cursor.h"
#include "functions/function.h"

namespace alcove::functions {

// The contract is that of customer/close.h and agent/close.h.
Outcome CloseBy(Side side, const Request& request, Context& context);

}  // namespace alcove::functions
