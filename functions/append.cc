#include "functions/append.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "functions/feed.h"
#include "functions/newest_put.h"
#include "functions/problem.h"
#include "functions/wire/amend.h"
#include "functions/wire/limits.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

// `Of` is an Audience, or a ConversationRecord, which has the same.
template <class Of>
void AddAudience(const wire::SiteId& site, const Of& audience, std::set<keys::FeedOwner>& owners) {
  if (audience.agent) owners.insert(keys::FeedOwner::Of(wire::AgentId(audience.agent->id)));
  // Whom any agent may take.
  const bool is_nobodys =
      audience.state == wire::ConversationState::kQueued || audience.state == wire::ConversationState::kBot;
  if (is_nobodys) owners.insert(keys::FeedOwner::QueueOf(site));
  if (!audience.participants) return;
  for (const wire::Actor& agent : *audience.participants) owners.insert(keys::FeedOwner::Of(wire::AgentId(agent.id)));
}

void CountMessage(ConversationRecord& record, const wire::Event& event) {
  if (event.type != wire::EventType::kMessage) return;
  record.preview = wire::PreviewOf(event);
  if (event.actor.kind == wire::ActorKind::kCustomer) {
    ++record.unread_by_agent;
  } else {
    ++record.unread_by_customer;
  }
}

// Whether the feed is of whoever wrote it, whom the answer has told.
bool IsOwn(const wire::Event& event, const keys::FeedOwner& owner) {
  const bool is_written = event.type == wire::EventType::kMessage || event.type == wire::EventType::kNote;
  return is_written && event.actor.id == owner.text();
}

// The messages with after < seq < before that are for `side` to read.
absl::StatusOr<int64_t> CountMessages(store::Reader& reader, const Conversation& conversation, Side side, int64_t after,
                                      int64_t before) {
  int64_t count = 0;
  while (after + 1 < before) {
    ASSIGN_OR_RETURN(const auto entries, reader.Scan(keys::Events(conversation.site, conversation.id, after, before),
                                                     {.limit = wire::kEventPageMax}));
    for (const store::Entry& entry : entries) {
      ASSIGN_OR_RETURN(const wire::Event event, ParseJson<wire::Event>(entry.value));
      const bool of_customer = event.actor.kind == wire::ActorKind::kCustomer;
      if (event.type == wire::EventType::kMessage && of_customer == (side == Side::kAgent)) ++count;
      after = event.seq;
    }
    if (entries.size() < wire::kEventPageMax) break;
  }
  return count;
}

}  // namespace

absl::StatusOr<wire::Event> Append(store::Transaction& transaction, Conversation& conversation, wire::Event event,
                                   int64_t now_ms, const AlsoTold& also) {
  ConversationRecord& record = conversation.record;
  event.conversation = conversation.id.text();
  event.seq = NextSeq(record);
  // A clock that was set back does not make a conversation go back in time.
  event.at = record.updated_at = std::max(now_ms, record.updated_at);
  CountMessage(record, event);

  transaction.Put(keys::Event(conversation.site, conversation.id, event.seq), ToJson(event));
  Save(transaction, keys::Conversation(conversation.site, conversation.id), record);

  std::set<keys::FeedOwner> owners = {keys::FeedOwner::Of(CustomerOf(conversation))};
  AddAudience(conversation.site, conversation.before, owners);
  AddAudience(conversation.site, record, owners);
  for (const std::string& agent : event.mentions.value_or(std::vector<std::string>())) {
    owners.insert(keys::FeedOwner::Of(wire::AgentId(agent)));
  }
  for (const std::string& agent : also.agents) owners.insert(keys::FeedOwner::Of(wire::AgentId(agent)));
  if (also.all_agents) owners.insert(keys::FeedOwner::QueueOf(conversation.site));
  for (const keys::FeedOwner& owner : owners) {
    const Telling telling = IsOwn(event, owner) ? Telling::kLater : Telling::kAtOnce;
    RETURN_IF_ERROR(AppendToFeed(transaction, conversation.site, owner, {event.conversation, event.seq}, telling));
  }
  return event;
}

absl::StatusOr<bool> MarkRead(store::Transaction& transaction, Conversation& conversation, Side side, int64_t seq) {
  ConversationRecord& record = conversation.record;
  if (seq < 0 || seq > record.last_seq) return ProblemStatus(ProblemCode::kUnprocessable, "seq is of no event");
  int64_t& read = side == Side::kCustomer ? record.read_by_customer : record.read_by_agent;
  int64_t& unread = side == Side::kCustomer ? record.unread_by_customer : record.unread_by_agent;
  if (seq <= read) return false;
  // Whichever part is shorter is counted: what was read just now, or what is left.
  if (record.last_seq - seq <= seq - read) {
    ASSIGN_OR_RETURN(unread, CountMessages(transaction, conversation, side, seq, record.last_seq + 1));
  } else {
    ASSIGN_OR_RETURN(const int64_t now_read, CountMessages(transaction, conversation, side, read, seq + 1));
    unread -= now_read;
  }
  read = seq;
  Save(transaction, keys::Conversation(conversation.site, conversation.id), record);
  return true;
}

}  // namespace alcove::functions
