#include "functions/conversation.h"

#include <algorithm>
#include <utility>

#include "functions/shown.h"
#include "functions/wire/limits.h"
#include "functions/wire/requests.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

Audience AudienceOf(const ConversationRecord& record) { return {record.state, record.agent, record.participants}; }

absl::StatusOr<Conversation> LoadConversation(store::Reader& reader, const wire::SiteId& site,
                                              const wire::ConversationId& id) {
  absl::StatusOr<Conversation> loaded(absl::in_place);
  loaded->site = site;
  loaded->id = id;
  if (absl::Status status = LoadInto(reader, keys::Conversation(site, id), loaded->record); !status.ok()) {
    loaded = std::move(status);
  } else {
    loaded->before = AudienceOf(loaded->record);
  }
  return loaded;
}

absl::StatusOr<std::optional<Conversation>> FindConversation(store::Reader& reader, const wire::SiteId& site,
                                                             const wire::ConversationId& id) {
  auto loaded = LoadConversation(reader, site, id);
  if (loaded.ok()) return std::optional(*std::move(loaded));
  if (absl::IsNotFound(loaded.status())) return std::optional<Conversation>();
  return loaded.status();
}

wire::CustomerId CustomerOf(const Conversation& conversation) {
  return wire::CustomerId(conversation.record.customer.id);
}

std::optional<wire::AgentId> AssigneeOf(const Conversation& conversation) {
  if (!conversation.record.agent) return std::nullopt;
  return wire::AgentId(conversation.record.agent->id);
}

absl::StatusOr<std::optional<int64_t>> QueuePlaces::Of(const Conversation& conversation) {
  if (conversation.record.state != wire::ConversationState::kQueued) return std::optional<int64_t>();
  if (!places_) {
    ASSIGN_OR_RETURN(const auto entries, reader_.Scan(keys::AllQueued(site_), {.limit = wire::kQueueLengthMax}));
    places_.emplace();
    std::unordered_map<std::string, int64_t> ahead;
    for (const store::Entry& entry : entries) {
      ASSIGN_OR_RETURN(const wire::ConversationId id, keys::DecodeConversation(entry.key));
      // Each team's own; what an entry holds is whose it is.
      places_->emplace(id.text(), ++ahead[entry.value]);
    }
  }
  const auto found = places_->find(conversation.id.text());
  return found == places_->end() ? std::nullopt : std::optional<int64_t>(found->second);
}

absl::StatusOr<wire::Conversation> Summarise(const Conversation& conversation, Side side, QueuePlaces& places) {
  const ConversationRecord& record = conversation.record;
  wire::Conversation summary;
  summary.id = conversation.id.text();
  summary.state = record.state;
  summary.customer = record.customer;
  summary.agent = record.agent;
  ASSIGN_OR_RETURN(summary.position, places.Of(conversation));
  summary.created_at = record.created_at;
  summary.updated_at = record.updated_at;
  summary.last_seq = record.last_seq;
  summary.read_by_customer = record.read_by_customer;
  summary.read_by_agent = record.read_by_agent;
  summary.unread = side == Side::kCustomer ? record.unread_by_customer : record.unread_by_agent;
  summary.preview = record.preview;
  summary.page = record.page;
  if (side == Side::kAgent) {
    summary.tags = record.tags;
    summary.snoozed_until = record.snoozed_until;
    summary.attributes = record.attributes;
    summary.customer_attributes = record.customer_attributes;
    summary.language = record.customer_language;
    summary.customer_verified = record.customer_verified;
    summary.form = record.form;
    if (record.snoozed_until) summary.state = wire::ConversationState::kSnoozed;
  }
  summary.rating = record.rating;
  summary.offline = record.offline;
  summary.participants = record.participants;
  if (record.state == wire::ConversationState::kBot && record.bot) summary.bot = record.bot->bot;
  return summary;
}

absl::StatusOr<std::vector<wire::RawJson>> NewestEvents(store::Reader& reader, const Conversation& conversation,
                                                        Side side, size_t limit, size_t& bytes_left) {
  std::vector<wire::RawJson> events;
  ASSIGN_OR_RETURN(auto entries, reader.Scan(keys::Events(conversation.site, conversation.id),
                                             {.direction = store::Direction::kBackward, .limit = limit}));
  for (store::Entry& entry : entries) {
    ASSIGN_OR_RETURN(entry.value, ShownTo(side, std::move(entry.value)));
    if (bytes_left == 0 || (entry.value.size() > bytes_left && !events.empty())) break;
    bytes_left -= std::min(bytes_left, entry.value.size());
    events.push_back({std::move(entry.value)});
  }
  std::reverse(events.begin(), events.end());
  return events;
}

absl::StatusOr<ConversationWithRawEvents> Show(store::Reader& reader, const Conversation& conversation, Side side,
                                               QueuePlaces& places, size_t& bytes_left) {
  ConversationWithRawEvents shown;
  ASSIGN_OR_RETURN(shown.conversation, Summarise(conversation, side, places));
  ASSIGN_OR_RETURN(shown.events, NewestEvents(reader, conversation, side, wire::kSnapshotEventsMax, bytes_left));
  return shown;
}

absl::StatusOr<std::string> ConversationAnswer(store::Reader& reader, const Conversation& conversation, Side side) {
  QueuePlaces places(reader, conversation.site);
  size_t bytes_left = wire::kSnapshotBytesMax;
  wire::BasicConversationAnswer<wire::RawJson> answer;
  ASSIGN_OR_RETURN(answer.conversation, Show(reader, conversation, side, places, bytes_left));
  return ToJson(answer);
}

}  // namespace alcove::functions
