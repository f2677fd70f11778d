// Where a stored conversation is in its life, and moving it on by the table of
// domain/state.h: nothing else sets the state of a head.
//
// Threads: free functions; plain values.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "functions/conversation.h"
#include "functions/domain/state.h"
#include "functions/records.h"

namespace alcove::functions {

State StateOf(const ConversationRecord& record);

// What the action would come to; as an error where it is refused:
//   409 closed           it is over
//   409 already_claimed  an agent has it
//   INTERNAL             nothing but a bug asks for it
absl::Status CheckMay(const ConversationRecord& record, Action action);

// Makes the move: the state, and what of the head belongs to it alone (until
// when it is snoozed, since when the customer is waited for). Whose it is, the indexes and counters
// are the caller's (lifecycle.h). Changes nothing where it is so already.
// Errors as CheckMay(), and then nothing is changed.
absl::Status Advance(ConversationRecord& record, Action action, int64_t now_ms);

}  // namespace alcove::functions
