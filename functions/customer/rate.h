#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::customer {

// PUT /v1/customer/conversations/{conversation}/rating
//
// Says what the customer thinks of a conversation, over or not; another score
// takes the place of the one before.
//
// 201 with a wire::EventAnswer, or 200 where it was rated just so already, or
//   INVALID_ARGUMENT   the body is no wire::Rating
//   422 unprocessable  the score is not from 1 to kRatingScoreMax, or the comment is too long
//   UNAUTHENTICATED    no session of a customer
//   NOT_FOUND          no such conversation, or not this customer's
Outcome Rate(const Request& request, Context& context);

}  // namespace alcove::functions::customer
