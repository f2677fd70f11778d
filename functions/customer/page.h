#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::customer {

// POST /v1/customer/conversations/{conversation}/page
//
// The customer looks at another page, which agents are told of by a `page` event. The address at which they were before
// is no news. A long title is cut.
//
// 200, or
//   INVALID_ARGUMENT       the body is no wire::Page
//   UNAUTHENTICATED        no session of a customer
//   NOT_FOUND              no such conversation, or not this customer's
//   409 closed             it is over
//   422 unprocessable      the url is empty or too long
//   429 too_many_requests  there were more than kPagesByCustomer allows
Outcome TellPage(const Request& request, Context& context);

}  // namespace alcove::functions::customer
