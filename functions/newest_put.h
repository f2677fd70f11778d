// The greatest id under which a message or a note was put into a conversation.
//
// Each put asks whether it was made before, and nearly always it was not. To
// look for a key that is not there is the dearest look there is: LevelDB asks
// every level, and takes about a hundred of them as a reason to rewrite its
// tables, which was a quarter of what a message cost; PostgreSQL makes a round
// trip. Ids begin with the time at which they were made, so that one which is
// greater than all before it, as nearly all are, is new.
//
// A version of the server that does not know of this appends events and leaves
// it as it was: it counts only as far as it says, up to the last event.
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

// Gives the next event its seq.
int64_t NextSeq(ConversationRecord& record);

// Whether the head tells that nothing was put as `id`. False: it may have been.
bool IsAboveAllPut(const ConversationRecord& record, const wire::MessageId& id);

// Called before what is put as `id` is appended. Where the head does not know, all that was put is asked for its last,
// once. Errors as Reader::Scan().
absl::Status NotePut(store::Reader& reader, Conversation& conversation, const wire::MessageId& id);

}  // namespace alcove::functions
