#include "functions/endings.h"

#include <utility>

#include "functions/admin_records.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

std::string KeyOf(const Conversation& conversation) {
  return keys::Ending(conversation.site, DayOf(conversation.record.closed_at));
}

}  // namespace

std::optional<CountedEnd> CountedEndOf(const ConversationRecord& record) {
  if (!record.ended || !record.ending) return std::nullopt;
  return CountedEnd{*record.ending, record.ended->by, record.ended->reason,
                    record.ended->by_other_reasons.value_or(false)};
}

absl::Status CountEnd(store::Transaction& transaction, Conversation& conversation, wire::ActorKind by,
                      const std::optional<std::string>& reason) {
  ASSIGN_OR_RETURN(auto counts, LoadOrDefault<EndingsRecord>(transaction, KeyOf(conversation)));
  Ended ended;
  ended.by = by;
  if (reason && !reason->empty()) {
    if (IsCountedApart(counts, *reason)) {
      ended.reason = reason;
    } else {
      ended.by_other_reasons = true;
    }
  }
  conversation.record.ended = std::move(ended);
  Add(counts, *CountedEndOf(conversation.record));
  Save(transaction, KeyOf(conversation), counts);
  return absl::OkStatus();
}

absl::Status TakeEndBack(store::Transaction& transaction, Conversation& conversation) {
  const auto end = CountedEndOf(conversation.record);
  if (!end) return absl::OkStatus();
  ASSIGN_OR_RETURN(auto counts, LoadOrDefault<EndingsRecord>(transaction, KeyOf(conversation)));
  TakeBack(counts, *end);
  conversation.record.ended.reset();
  if (counts.ended == 0) {
    transaction.Erase(KeyOf(conversation));
  } else {
    Save(transaction, KeyOf(conversation), counts);
  }
  return absl::OkStatus();
}

absl::Status ForgetReason(store::Transaction& transaction, Conversation& conversation) {
  auto ended = conversation.record.ended;
  if (!ended || !ended->reason) return absl::OkStatus();
  RETURN_IF_ERROR(TakeEndBack(transaction, conversation));
  ended->reason.reset();
  ended->by_other_reasons = true;
  conversation.record.ended = std::move(ended);
  ASSIGN_OR_RETURN(auto counts, LoadOrDefault<EndingsRecord>(transaction, KeyOf(conversation)));
  Add(counts, *CountedEndOf(conversation.record));
  Save(transaction, KeyOf(conversation), counts);
  return absl::OkStatus();
}

}  // namespace alcove::functions
