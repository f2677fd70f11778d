// Who types, and how far the other side has read: told to polls, not stored.
//
// Threads: free functions.
#pragma once

#include <optional>
#include <string_view>

#include "functions/access.h"
#include "functions/context.h"
#include "functions/cursor.h"
#include "functions/function.h"

namespace alcove::functions {

// Tells the other side that the caller types in the conversation, and of the
// agents those who are at it (viewers.h). A customer's draft goes to the agents,
// cut to kDraftTextBytesMax; an agent's goes nowhere.
// An empty text: stopped.
void PublishTyping(const Entered& entered, const std::optional<std::string>& text, Context& context);

// The caller's message has come: they type no longer. Publishes only where the
// other side still believes that they do, so that a message costs one wake.
void ClearTyping(const Entered& entered, Context& context);

// Tells the other side how far the caller has read.
void PublishRead(const Entered& entered, Context& context);

// The contracts are those of customer/typing.h and agent/typing.h, and of
// customer/read.h and agent/read.h.
Outcome TypingBy(Side side, const Request& request, Context& context);
Outcome ReadBy(Side side, const Request& request, Context& context);

}  // namespace alcove::functions
