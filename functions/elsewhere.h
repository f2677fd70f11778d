// Who gets a conversation, decided by a program of the owner's: the strategy
// `external`.
//
// It is asked about what waits once somebody could take it, by a deferred call,
// so that no request and no worker waits for it. Meanwhile the conversation
// keeps its place, anybody may claim it, and it is given to nobody else; those
// behind it are handed out. When the answer is there everything is looked at
// anew: whoever is named gets it where they are online, with room, and fit. In
// any other case, and where there is no good answer in time, the least loaded
// has it, and the trace says why.
//
// About as many of one need are asked at once as there are agents who could
// take one. Their answers may come in another order than they wait in.
//
// Threads: free functions; a Transaction belongs to its body.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "functions/context.h"
#include "functions/conversation.h"
#include "functions/deferrable.h"
#include "functions/fetch.h"
#include "functions/routing.h"
#include "functions/timers.h"
#include "store/store.h"

namespace alcove::functions {

// The deferred function. `at` is when it was begun to be asked about.
inline constexpr DeferredFunction<TimerArguments> kAskElsewhere{"ask_elsewhere"};
absl::StatusOr<AskOrDone> AskElsewhere(store::Transaction& transaction, const TimerArguments& arguments,
                                       const Fetches& fetched, Context& context);

// Sets it to now, by the head's asked_elsewhere_at.
absl::Status ExpectDecision(store::Transaction& transaction, const Conversation& conversation, Context& context);

}  // namespace alcove::functions
