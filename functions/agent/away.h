// An agent who vanishes becomes away: nobody is given to a closed laptop.
//
// No poll is a write. While an agent is online there is a deferred call that
// will take them away; it is deferred anew when a poll of theirs is answered,
// if that was not done for kAgentSeenMs, which is remembered among the ephemera.
// So an agent who is there costs one transaction in 30 to 50 s, and the call
// itself is run only for who is gone. (Cheaper than a time of the last poll in
// the store, which takes as many writes, and somebody who looks through them.
// When a poll is answered, not when it comes: one that waits has written nothing.)
//
// Who is gone is away 60 to 115 s after their last poll ended, and is online
// again with their next poll, unless they chose otherwise meanwhile.
//
// Threads: free functions; a Transaction belongs to its body.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "functions/access.h"
#include "functions/context.h"
#include "functions/deferrable.h"
#include "store/store.h"

namespace alcove::functions::agent {

struct AwayArguments {
  std::string site;
  std::string agent;
};
template <class V>
void Describe(V& visit, AwayArguments& arguments) {
  visit("site", arguments.site);
  visit("agent", arguments.agent);
}
inline constexpr DeferredFunction<AwayArguments> kAgentAway{"agent_away"};

// The deferred function. Does nothing to who is not online.
absl::StatusOr<Afterwards> BecomeAway(store::Transaction& transaction, const AwayArguments& arguments,
                                      Context& context);

// Makes an agent online, whose polls are expected from now on, and gives them
// what waits. Returns whether there may be more to hand out (DispatchQueue()).
absl::StatusOr<bool> BecomeOnline(store::Transaction& transaction, const AgentAccess& agent, Context& context);

// Makes an agent away or offline, by their own choice: no poll brings them back.
absl::Status Leave(store::Transaction& transaction, const AgentAccess& agent, wire::Presence presence,
                   Context& context);

// A poll of the agent is answered. What cannot be written is left to the next.
void NoteSeen(const AgentAccess& agent, Context& context);

}  // namespace alcove::functions::agent
