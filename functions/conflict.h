// Refusals that tell how it is: what a client shows or takes over in place of what it asked for (409).
//
// Threads: free functions; a Reader belongs to its body.
#pragma once

#include "absl/status/status.h"
#include "functions/conversation.h"
#include "functions/cursor.h"
#include "functions/function.h"
#include "store/store.h"

namespace alcove::functions {

// What becomes of `refused`, which is not OK: where the conversation was closed, is somebody's, or was begun with
// another body, with its summary as `side` is shown it, and with who has it; else the problem that it is anyway.
Outcome RefusedWithState(store::Reader& reader, const Conversation& conversation, Side side, absl::Status refused);

}  // namespace alcove::functions
