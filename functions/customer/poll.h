#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::customer {

// GET /v1/customer/poll?cursor=C&wait=S
//
// What happened since the cursor. Answers at once where there is anything, or
// where `wait` (seconds; the server's hold without it, at most that) is 0; else
// waits. Up to kPollEventsMax events or kPollBytesMax; `more` says to call again
// at once. An answer to a deadline, or of a server that goes down, is empty.
//
// 200 with a wire::PollAnswer: the events of the customer's conversations, or
//   INVALID_ARGUMENT  wait is no such number
//   400 bad_cursor    the cursor is none of a customer
//   UNAUTHENTICATED   no session of a customer, or no longer
//   409 superseded    a newer poll of this session took over
//   410 resync        the cursor is of another store, or ahead of this one
Outcome Poll(const Request& request, Context& context);

}  // namespace alcove::functions::customer
