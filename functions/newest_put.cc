#include "functions/newest_put.h"

#include <string>
#include <utility>

#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

bool IsKnown(const ConversationRecord& record) {
  return record.newest_put && record.newest_put->seq == record.last_seq;
}

}  // namespace

void NoteNothingPut(ConversationRecord& record) { record.newest_put = {.id = "", .seq = record.last_seq}; }

int64_t NextSeq(ConversationRecord& record) {
  if (IsKnown(record)) ++record.newest_put->seq;
  return ++record.last_seq;
}

bool IsAboveAllPut(const ConversationRecord& record, const wire::MessageId& id) {
  return IsKnown(record) && id.text() > record.newest_put->id;
}

absl::Status NotePut(store::Reader& reader, Conversation& conversation, const wire::MessageId& id) {
  ConversationRecord& record = conversation.record;
  if (!IsKnown(record)) {
    NoteNothingPut(record);
    ASSIGN_OR_RETURN(const auto last, reader.Scan(keys::AllSent(conversation.site, conversation.id),
                                                  {.direction = store::Direction::kBackward, .limit = 1}));
    if (!last.empty()) {
      ASSIGN_OR_RETURN(record.newest_put->id, keys::DecodeId(last.front().key));
    }
  }
  if (id.text() > record.newest_put->id) record.newest_put->id = id.text();
  return absl::OkStatus();
}

}  // namespace alcove::functions
