#include "functions/archive.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/time/time.h"
#include "functions/admin_records.h"
#include "functions/advance.h"
#include "functions/conversation.h"
#include "functions/defer.h"
#include "functions/wire/limits.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

absl::StatusOr<std::optional<int64_t>> ArchiveAfterMs(store::Reader& reader, const wire::SiteId& site) {
  ASSIGN_OR_RETURN(const auto settings, LoadOrDefault<SettingsRecord>(reader, keys::Settings(site)));
  return settings.archive_after_ms;
}

absl::Status DeferTo(store::Transaction& txn, const wire::SiteId& site, absl::Time due, Context& context) {
  return Defer(txn, kArchiving, {site.text()}, due, site.text(), context);
}

absl::Status ArchiveOne(store::Transaction& txn, Conversation& conversation, int64_t now_ms) {
  ConversationRecord& record = conversation.record;
  RETURN_IF_ERROR(Advance(record, Action::kArchive, now_ms));
  record.archived_at = now_ms;
  txn.Erase(keys::Closed(conversation.site, record.closed_at, conversation.id));
  txn.Put(keys::Archived(conversation.site, record.closed_at, conversation.id), "1");
  Save(txn, keys::Conversation(conversation.site, conversation.id), record);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Afterwards> ArchiveOld(store::Transaction& txn, const SiteArguments& arguments, Context& context) {
  const wire::SiteId site(arguments.site);
  ASSIGN_OR_RETURN(const auto after_ms, ArchiveAfterMs(txn, site));
  if (!after_ms) return Afterwards();
  const absl::Time now = context.clock.Now();
  absl::Time due = now + absl::Milliseconds(wire::kArchivePauseMs);
  ASSIGN_OR_RETURN(const auto entries, txn.Scan(keys::AllClosed(site), {.limit = wire::kArchiveBatchMax}));
  for (const store::Entry& entry : entries) {
    ASSIGN_OR_RETURN(const int64_t closed_at, keys::DecodeTime(entry.key));
    const absl::Time its_time = absl::FromUnixMillis(closed_at + *after_ms);
    if (its_time > now) {
      due = std::min(due, its_time);
      break;
    }
    ASSIGN_OR_RETURN(const wire::ConversationId id, keys::DecodeConversation(entry.key));
    ASSIGN_OR_RETURN(Conversation conversation, LoadConversation(txn, site, id));
    RETURN_IF_ERROR(ArchiveOne(txn, conversation, absl::ToUnixMillis(now)));
    if (&entry == &entries.back() && entries.size() == wire::kArchiveBatchMax) due = now;
  }
  RETURN_IF_ERROR(DeferTo(txn, site, due, context));
  return Afterwards();
}

absl::Status ExpectArchiving(store::Transaction& txn, const wire::SiteId& site, Context& context) {
  ASSIGN_OR_RETURN(const auto after_ms, ArchiveAfterMs(txn, site));
  return after_ms ? DeferTo(txn, site, context.clock.Now(), context) : absl::OkStatus();
}

}  // namespace alcove::functions
