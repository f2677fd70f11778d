// What happens to a conversation when nobody does anything: each timer is a
// deferred call, which looks when it runs whether it still has anything to do.
//
// All of them are off until a site's settings (wire::SettingsFields) say otherwise.
//
// Threads: free functions; a Transaction belongs to its body.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "functions/context.h"
#include "functions/conversation.h"
#include "functions/deferrable.h"
#include "store/store.h"

namespace alcove::functions {

// `at` is what the timer was set for: where the head says another time, it has been set anew.
struct TimerArguments {
  std::string site;
  std::string conversation;
  int64_t at = 0;
};
template <class V>
void Describe(V& visit, TimerArguments& arguments) {
  visit("site", arguments.site);
  visit("conversation", arguments.conversation);
  visit("at", arguments.at);
}

// An agent has not answered in time what was offered to them: the next one has it, and they never again.
inline constexpr DeferredFunction<TimerArguments> kLetPass{"let_pass"};
absl::StatusOr<Afterwards> LetPass(store::Transaction& transaction, const TimerArguments& arguments, Context& context);
// Sets it by the head's accept_by.
absl::Status ExpectAnswer(store::Transaction& transaction, const Conversation& conversation, Context& context);

// It has waited for its team long enough, and waits for another one.
inline constexpr DeferredFunction<TimerArguments> kOverflow{"overflow"};
absl::StatusOr<Afterwards> OverflowTeam(store::Transaction& transaction, const TimerArguments& arguments,
                                        Context& context);
// Sets it where its team has somewhere to overflow to. REQUIRES: it has come into the queue just now.
absl::Status ExpectOverflow(store::Transaction& transaction, const Conversation& conversation, Context& context);

// The customer is silent: they are told that it will be closed, and then it is.
inline constexpr DeferredFunction<TimerArguments> kSilent{"silent"};
absl::StatusOr<Afterwards> WarnOrClose(store::Transaction& transaction, const TimerArguments& arguments,
                                       Context& context);
// Sets it by the head's asked_at; does nothing where the customer is not waited for.
absl::Status ExpectReply(store::Transaction& transaction, const Conversation& conversation, Context& context);

// An agent is gone, and their conversations go to others where the site wants that.
struct GoneArguments {
  std::string site;
  std::string agent;
};
template <class V>
void Describe(V& visit, GoneArguments& arguments) {
  visit("site", arguments.site);
  visit("agent", arguments.agent);
}
inline constexpr DeferredFunction<GoneArguments> kReassign{"reassign"};
absl::StatusOr<Afterwards> Reassign(store::Transaction& transaction, const GoneArguments& arguments, Context& context);
// Sets it to now, where the site wants it.
absl::Status ExpectReassignment(store::Transaction& transaction, const wire::SiteId& site, const wire::AgentId& agent,
                                Context& context);

}  // namespace alcove::functions
