// Appending an event to a conversation.
//
// This is where one write becomes event, head, feed entries, counters and
// signals: every function that adds an event calls it, none does it by hand.
//
// Threads: free functions; a Transaction belongs to its body.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "functions/conversation.h"
#include "functions/wire/event.h"
#include "store/store.h"

namespace alcove::functions {

// Who is told beside those who are told in any case.
struct AlsoTold {
  std::vector<std::string> agents = {};
  bool all_agents = false;
};

// Gives `event` its conversation, seq and time, writes it and the head, and
// returns it as it is stored. It is told to the customer, to the assignee, to the
// agents who take part, and to the site's agents while the conversation waits or a bot has it; those who stop being
// told with this transaction (conversation.before) are told this too, and so are who is mentioned and who is `also`
// told.
//
// Changes conversation.record. The caller has already made the change of state
// that the event tells of. Errors as Reader::Get().
absl::StatusOr<wire::Event> Append(store::Transaction& transaction, Conversation& conversation, wire::Event event,
                                   int64_t now_ms, const AlsoTold& also = {});

// Moves the position up to which `side` has read, never back, and counts anew
// what is unread. Returns whether it moved. 422 where there is no such event.
absl::StatusOr<bool> MarkRead(store::Transaction& transaction, Conversation& conversation, Side side, int64_t seq);

}  // namespace alcove::functions
