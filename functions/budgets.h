// How often who may do what, as a function and its runtime see it: token
// buckets, one for each budget and key. Their numbers are in wire/limits.h.
//
// Threads: all methods may be called from any thread.
#pragma once

#include <string_view>

#include "absl/time/time.h"
#include "functions/function.h"

namespace alcove::functions {

// Each names whose bucket it is. A bucket of an address is that of its /64
// network where it is IPv6; an address that many share (a proxy's) has none.
enum class Budget {
  kRequestsByAddress,      // everything
  kNewCustomersByAddress,  // sessions that make a customer
  kSignInsByAddress,       // tries to sign in
  kSignInsByEmail,         // tries with one e-mail address, wherever from
  kSignInsByPair,          // tries with one e-mail address from one address
  kMessagesByToken,        // messages, claims, closing
  kConversationsByToken,   // conversations that one customer starts
  kConversationsBySite,    // conversations that all customers of a site start
  kPagesByCustomer,        // pages that one customer looks at while a conversation goes on
  kPollsByToken,           // polls
  kOtherRequestsByToken,   // typing, reading, history, presence
};

class Budgets {
 public:
  virtual ~Budgets() = default;

  // Takes one out of the bucket and returns zero; where there is none, leaves
  // it and returns how long until there is.
  virtual absl::Duration Take(Budget budget, std::string_view key) = 0;

  // The same for a try to sign in, out of the buckets of the e-mail address and
  // of the pair. Where that pair has signed in of late, what others try does
  // not count: or anybody could keep an agent out by guessing at their password.
  virtual absl::Duration TakeSignIn(std::string_view email, std::string_view address) = 0;
  // The pair has signed in: what it has tried before is forgotten.
  virtual void NoteSignIn(std::string_view email, std::string_view address) = 0;
};

// Everything is allowed: of tests, and of a server with `--limits off`.
Budgets& NoBudgets();

// 429 too_many_requests, to be repeated after `wait`, in whole seconds and one at least.
Response TooManyRequests(absl::Duration wait);

}  // namespace alcove::functions
