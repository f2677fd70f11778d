// Changing what was written: edits, deletions and erasures.
//
// Each is an event of its own, and is done to the stored target as well
// (wire/amend.h), which keeps its seq: so whoever pages the history later is
// never shown a text that is gone, and whoever followed holds the same.
//
// Threads: free functions; a Transaction belongs to its body.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "functions/context.h"
#include "functions/conversation.h"
#include "functions/cursor.h"
#include "functions/function.h"
#include "functions/wire/event.h"
#include "store/store.h"

namespace alcove::functions {

// Appends `change`, of a message or a note, and does it to what is stored of `target`: the event, the edit before it,
// the list row, and what was answered to the start of the conversation. Returns the target as it is now.
absl::StatusOr<wire::Event> AppendAmendment(store::Transaction& transaction, Conversation& conversation,
                                            wire::Event change, const wire::Event& target, int64_t now_ms);

// Does `change` to the stored event of that seq, and returns it as it is now. What a later version wrote into it stays,
// unless it is erased.
absl::StatusOr<wire::Event> AmendStored(store::Transaction& transaction, const Conversation& conversation,
                                        const wire::Event& change, int64_t seq);

// The contracts are those of customer/amend.h and agent/amend.h.
Outcome EditBy(Side side, const Request& request, Context& context);
Outcome DeleteBy(Side side, const Request& request, Context& context);

}  // namespace alcove::functions
