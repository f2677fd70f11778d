// The greatest id under which a message or a note was put into a conversation.
//
// Each put asks whether it was made before, and nearly always it was not. To
// look for a key that is not there is the dearest look there is: LevelDB asks
// every level, and takes about a hundred of them as a reason to rewrite its
// tables (docs/OPERATING.md). Ids begin with the time at which they were made, so
// that one which is greater than all before it, as nearly all are, is new.
//
// A version of the server that does not know of this appends events and leaves
// it as it was: it counts only where it is of the last event.
//
// Threads: free functions; a Reader belongs to its body.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "functions/conversation.h"
#include "functions/records.h"
#include "functions/wire/ids.h"
#include "store/store.h"

namespace alcove::functions {

// Of a conversation that begins.
void NoteNothingPut(ConversationRecord& record);

// Gives the next event its seq; what is known of all events before it is known of it, too.
int64_t NextSeq(ConversationRecord& record);

// Whether the head tells that nothing was put as `id`. False: it may have been.
bool IsAboveAllPut(const ConversationRecord& record, const wire::MessageId& id);

// Called before what is put as `id` is appended. Where the head does not know, as behind each event of a version
// that knows nothing of this, all that was put is asked for its last. Errors as Reader::Scan().
absl::Status NotePut(store::Reader& reader, Conversation& conversation, const wire::MessageId& id);

}  // namespace alcove::functions
