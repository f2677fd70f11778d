// The poll, for both sides.
//
// One reading of the store finds what is new; what is not durable (typing, read
// positions, presence) comes from the ephemera. Nothing new: the request waits
// on the topics of the feeds that it reads, and is run again.
//
// Threads: free functions.
#pragma once

#include "functions/context.h"
#include "functions/cursor.h"
#include "functions/function.h"

namespace alcove::functions {

// The contract is that of customer/poll.h and agent/poll.h.
Outcome PollFor(Side side, const Request& request, Context& context);

}  // namespace alcove::functions
