// A customer who is gone: no poll of theirs was heard for as long as the site's
// settings say (gone_close_ms). Their conversations are ended then.
//
// Who polls is noted at most every kCustomerSeenMs, so that a customer who waits
// costs a write a minute, and only where the site wants it.
//
// Threads: free functions; a Transaction belongs to its body.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "functions/access.h"
#include "functions/context.h"
#include "functions/deferrable.h"
#include "store/store.h"

namespace alcove::functions::customer {

// `at` is when they are gone unless they are seen before.
struct GoneArguments {
  std::string site;
  std::string customer;
  int64_t at = 0;
};
template <class V>
void Describe(V& visit, GoneArguments& arguments) {
  visit("site", arguments.site);
  visit("customer", arguments.customer);
  visit("at", arguments.at);
}

// Closes what the customer has that is neither over nor snoozed, nor a message to whom was not there. A call that comes
// long after its time is set anew: while nobody could poll, nobody is gone.
inline constexpr DeferredFunction<GoneArguments> kCustomerGone{"customer_gone"};
absl::StatusOr<Afterwards> CloseOfGone(store::Transaction& transaction, const GoneArguments& arguments,
                                       Context& context);

// The customer is there: they are waited for anew, where the site wants it.
absl::Status ExpectPolls(store::Transaction& transaction, const CustomerAccess& customer, Context& context);

// Likewise, of a poll that is answered. Does nothing where it was noted a short while ago, or they have nothing open.
void NoteSeen(const CustomerAccess& customer, Context& context);

}  // namespace alcove::functions::customer
