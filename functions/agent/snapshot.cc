#include "functions/agent/snapshot.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "functions/access.h"
#include "functions/configuration.h"
#include "functions/conversation.h"
#include "functions/cursor.h"
#include "functions/feed.h"
#include "functions/request.h"
#include "functions/wire/limits.h"
#include "functions/wire/requests.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::agent {

namespace keys = store::keys;

namespace {

// The conversations that an index names, in its order.
absl::StatusOr<std::vector<ConversationWithRawEvents>> ShowAll(store::Reader& reader, const wire::SiteId& site,
                                                               const store::Range& index, size_t limit,
                                                               QueuePlaces& places, size_t& bytes_left) {
  ASSIGN_OR_RETURN(const auto entries, reader.Scan(index, {.limit = limit}));
  std::vector<ConversationWithRawEvents> all;
  for (const store::Entry& entry : entries) {
    ASSIGN_OR_RETURN(const auto id, keys::DecodeConversation(entry.key));
    ASSIGN_OR_RETURN(const Conversation conversation, LoadConversation(reader, site, id));
    ASSIGN_OR_RETURN(auto shown, Show(reader, conversation, Side::kAgent, places, bytes_left));
    all.push_back(std::move(shown));
  }
  return all;
}

absl::StatusOr<std::string> CursorOf(store::Reader& reader, const AgentAccess& access, Cursor cursor) {
  ASSIGN_OR_RETURN(cursor.own, FeedPosition(reader, access.site, keys::FeedOwner::Of(access.agent)));
  ASSIGN_OR_RETURN(cursor.queue, FeedPosition(reader, access.site, keys::FeedOwner::QueueOf(access.site)));
  ASSIGN_OR_RETURN(const SiteRecord site, Load<SiteRecord>(reader, keys::Site(access.site)));
  cursor.revision = site.revision.value_or(0);
  return EncodeCursor(cursor);
}

}  // namespace

Outcome Snapshot(const Request& request, Context& context) {
  // Before the store is read: what is published meanwhile is told again, not
  // lost, and positions of an older past are not taken for those of a newer.
  const Cursor cursor{
      Side::kAgent, context.store.epoch(), 0, 0, context.ephemera.Incarnation(), context.ephemera.Version(), 0};
  return context.store.Read([&](store::Reader& reader) -> Outcome {
    ASSIGN_OR_RETURN(const AgentAccess access, AccessAgent(reader, request, context));
    wire::BasicAgentSnapshot<wire::RawJson> snapshot;
    ASSIGN_OR_RETURN(snapshot.cursor, CursorOf(reader, access, cursor));
    ASSIGN_OR_RETURN(static_cast<wire::AgentConfiguration&>(snapshot), ConfigurationFor(reader, access));
    QueuePlaces places(reader, access.site);
    size_t bytes_left = wire::kSnapshotBytesMax;
    ASSIGN_OR_RETURN(snapshot.conversations,
                     ShowAll(reader, access.site, keys::AgentConversations(access.site, access.agent),
                             wire::kScanEntriesMax, places, bytes_left));
    ASSIGN_OR_RETURN(auto joined, ShowAll(reader, access.site, keys::JoinedConversations(access.site, access.agent),
                                          wire::kJoinedConversationsMax, places, bytes_left));
    std::move(joined.begin(), joined.end(), std::back_inserter(snapshot.conversations));
    ASSIGN_OR_RETURN(snapshot.queue, ShowAll(reader, access.site, keys::AllQueued(access.site),
                                             wire::kListConversationsMax, places, bytes_left));
    ASSIGN_OR_RETURN(snapshot.with_bot, ShowAll(reader, access.site, keys::AllWithBot(access.site),
                                                wire::kListConversationsMax, places, bytes_left));
    snapshot.poll.hold_ms = absl::ToInt64Milliseconds(context.config.poll_hold);
    return Ok(ToJson(snapshot));
  });
}

}  // namespace alcove::functions::agent
