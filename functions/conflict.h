// Refusals that tell how it is: what a client shows or takes over in place of what it asked for (409).
//
// Threads: free functions; a Reader belongs to its body.
#pragma once

#include "absl/status/status.h"
#include "functions/conversation.h"
#include "functions/cursor.h"
#include "functions/function.h"
#include "functions/wire/ids.h"
#include "store/store.h"

namespace alcove::functions {

// What becomes of `refused`, which is not OK: where the conversation was closed, or is somebody's, with its summary as
// `side` is shown it, and with who has it; else the problem that it is anyway.
Outcome RefusedWithState(store::Reader& reader, const Conversation& conversation, Side side, absl::Status refused);

// As above, of a put of this id: where the id was used with another body, with the event that it made, as `side` may
// see it.
Outcome RefusedWithEvent(store::Reader& reader, const Conversation& conversation, Side side, const wire::MessageId& id,
                         absl::Status refused);

}  // namespace alcove::functions
