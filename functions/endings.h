// Counting how conversations end, by site and day.
//
// Threads: free functions; a Transaction belongs to its body.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "functions/conversation.h"
#include "functions/domain/endings.h"
#include "functions/records.h"
#include "functions/wire/event.h"
#include "store/store.h"

namespace alcove::functions {

// As the head of one that is closed says that it is counted; nullopt where it is not: a server that counted nothing has
// ended it.
std::optional<CountedEnd> CountedEndOf(const ConversationRecord& record);

// Counts one that was closed just now, its ending and time in the head.
absl::Status CountEnd(store::Transaction& transaction, Conversation& conversation, wire::ActorKind by,
                      const std::optional<std::string>& reason);
// Takes it back, where it was counted. REQUIRES: the head still says when it was closed, and its ending.
absl::Status TakeEndBack(store::Transaction& transaction, Conversation& conversation);

// Counts its reason among the others, in the head and in the day's counts, where it was counted apart.
absl::Status ForgetReason(store::Transaction& transaction, Conversation& conversation);

}  // namespace alcove::functions
