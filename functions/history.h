// Pages of a conversation's events, for both sides.
//
// Threads: free functions.
#pragma once

#include "functions/context.h"
#include "functions/cursor.h"
#include "functions/function.h"

namespace alcove::functions {

// The contract is that of customer/events.h and agent/events.h.
Outcome EventsFor(Side side, const Request& request, Context& context);

}  // namespace alcove::functions
