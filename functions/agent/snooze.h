#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "functions/context.h"
#include "functions/deferrable.h"
#include "functions/function.h"
#include "store/store.h"

namespace alcove::functions::agent {

// POST /v1/agent/conversations/{conversation}/snooze
//
// Takes an open conversation out of its agent's way and load, until a time or
// until the customer writes. What waits in the queue is the caller's first. With
// `seq`, nothing is done where the customer has written behind that event, or
// where it was done already and is over: so a repeat is safe at any time.
//
// 200 with a wire::ConversationAnswer, or
//   INVALID_ARGUMENT   the body is no wire::SnoozeUntil
//   422 unprocessable  the time is not to come, or further away than kSnoozeMsMax
//   UNAUTHENTICATED    no session of an agent
//   NOT_FOUND          no such conversation in the agent's site
//   409 closed         it is closed
Outcome SnoozeIt(const Request& request, Context& context);

struct WakeArguments {
  std::string site;
  std::string conversation;
};
template <class V>
void Describe(V& visit, WakeArguments& arguments) {
  visit("site", arguments.site);
  visit("conversation", arguments.conversation);
}
inline constexpr DeferredFunction<WakeArguments> kWakeConversation{"wake_conversation"};

// The deferred function. Does nothing to what was woken or closed meanwhile.
absl::StatusOr<Afterwards> WakeConversation(store::Transaction& transaction, const WakeArguments& arguments,
                                            Context& context);

}  // namespace alcove::functions::agent
