// Putting a message, for both sides.
//
// Threads: free functions.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "functions/context.h"
#include "functions/conversation.h"
#include "functions/cursor.h"
#include "functions/function.h"
#include "functions/wire/event.h"
#include "functions/wire/ids.h"
#include "store/store.h"

namespace alcove::functions {

// Appends a message and remembers its id. The caller has checked the text, the
// state of the conversation, and that the id is new (CheckSent).
absl::StatusOr<wire::Event> AppendMessage(store::Transaction& transaction, Conversation& conversation,
                                          const wire::Actor& by, const wire::MessageId& id, const std::string& text,
                                          int64_t now_ms);

// The digest under which AppendMessage() remembers.
std::string DigestOfMessage(const wire::Actor& by, std::string_view text);

// The contract is that of customer/put_message.h and agent/put_message.h.
Outcome PutMessageBy(Side side, const Request& request, Context& context);

}  // namespace alcove::functions
