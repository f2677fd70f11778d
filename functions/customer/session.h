#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::customer {

// POST /v1/customer/session
//
// Makes a session, or resumes the one of `token`. A token that is unknown,
// over or of another site makes a new customer: who lost their session starts
// afresh instead of being stuck. A resumed token is given back unchanged, and
// lives for another kCustomerSessionMs once half of its life is over.
//
// `attributes` and `locale` are what the page says of the customer: kept, and told
// in their conversations that are not over. What it says wrongly is ignored, and
// told to whoever makes the page.
//
// `identity` is the owner's word for who the customer is (../identity.h): whoever
// is the same by it is the same customer, wherever they come from. A visitor who
// becomes somebody keeps what they began, unless they have been here before. Its
// name, e-mail address and attributes are verified. The token is another one
// then, and the one that was sent is over; a page that goes on sending the same
// identity keeps it.
//
// The cursor and the conversations (the newest kSnapshotConversationsMax) are
// of one snapshot, so that polling from the cursor misses nothing.
//
// 200 with a wire::CustomerSession, or
//   INVALID_ARGUMENT   the body is no wire::CustomerSessionRequest
//   422 unprocessable  the page's address is too long, or there are more than kAttributesMax attributes; the
//                      identity is none that the owner vouches for, as VerifyIdentity()
//   NOT_FOUND          no such site
//   403 origin_denied  the page that asks is neither ours nor of an origin that the site allows
//   429                too many customers are made from this address
Outcome MakeSession(const Request& request, Context& context);

// DELETE /v1/customer/session
//
// Signs out: the token is worth nothing from now on, in a parked poll too.
//
// 200, or
//   UNAUTHENTICATED  no session of a customer
Outcome EndSession(const Request& request, Context& context);

}  // namespace alcove::functions::customer
