#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::customer {

// POST /v1/customer/conversations/{conversation}/read
//
// The customer has read up to `seq`. Moves forward only, so that it may be
// repeated and come late; the agent is told.
//
// 200, or
//   INVALID_ARGUMENT   the body is no wire::ReadUpTo
//   UNAUTHENTICATED    no session of a customer
//   NOT_FOUND          no such conversation, or not this customer's
//   422 unprocessable  there is no event `seq`
Outcome Read(const Request& request, Context& context);

}  // namespace alcove::functions::customer
