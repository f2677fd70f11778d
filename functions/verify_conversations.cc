// Conversations, their events, what was answered to their puts, and feeds.
#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "functions/advance.h"
#include "functions/endings.h"
#include "functions/newest_put.h"
#include "functions/verify_pass.h"

namespace alcove::functions {
namespace {

namespace keys = store::keys;
using wire::ConversationState;

std::vector<std::string> IndexOf(const wire::SiteId& site, const wire::ConversationId& id,
                                 const ConversationRecord& record) {
  std::vector<std::string> index = {keys::CustomerConversation(site, wire::CustomerId(record.customer.id), id)};
  if (record.state == ConversationState::kClosed) {
    const int64_t closed_at = std::max<int64_t>(record.closed_at, 0);
    index.push_back(record.archived_at ? keys::Archived(site, closed_at, id) : keys::Closed(site, closed_at, id));
    return index;
  }
  index.push_back(keys::Open(site, std::max<int64_t>(record.created_at, 0), id));
  for (const wire::Actor& agent : record.participants.value_or(std::vector<wire::Actor>())) {
    index.push_back(keys::JoinedConversation(site, wire::AgentId(agent.id), id));
  }
  if (record.state == ConversationState::kQueued) {
    const int64_t place = std::max<int64_t>(record.queued_at, 0);
    index.push_back(keys::Queue(site, place, id));
    index.push_back(keys::Lane(site, LaneOf(NeedOf(record)), place, id));
  } else if (record.state == ConversationState::kBot) {
    index.push_back(keys::WithBot(site, std::max<int64_t>(record.created_at, 0), id));
  } else if (record.state == ConversationState::kOpen && record.agent) {
    index.push_back(keys::AgentConversation(site, wire::AgentId(record.agent->id), id));
  }
  return index;
}

}  // namespace

// --- Conversations ------------------------------------------------------------------

absl::Status VerifyPass::CheckConversation(const store::Entry& entry) {
  const auto head = Own<ConversationRecord>(entry);
  if (!head) return absl::OkStatus();
  const wire::ConversationId id(parts_.back());
  if (head->state == ConversationState::kOpen && !head->agent) Found(entry.key, "is assigned to nobody");
  if (head->state != ConversationState::kOpen && head->snoozed_until) Found(entry.key, "is snoozed and not open");
  const bool is_closed = head->state == ConversationState::kClosed;
  if (!is_closed && (head->ended || head->archived_at)) Found(entry.key, "tells of its end and is not closed");
  if (head->state != ConversationState::kQueued && head->asked_elsewhere_at) {
    Found(entry.key, "is asked about elsewhere and does not wait");
  }
  RETURN_IF_ERROR(CheckParticipants(entry.key, *head));
  const bool is_bots = head->state == ConversationState::kBot;
  if (is_bots && !head->bot) Found(entry.key, "is with a bot and with none");
  if (is_bots && head->agent) Found(entry.key, "is with a bot and with an agent");
  if (head->bot && !is_bots && !is_closed) Found(entry.key, "names a bot that does not have it");
  if (head->bot && head->bot->asking && !is_bots) Found(entry.key, "asks a bot that does not have it");
  RETURN_IF_ERROR(ExpectIndex(entry.key, IndexOf(site_, id, *head)));
  // That there are as many is seen at the events.
  if (head->last_seq < 1) {
    Found(entry.key, "says last_seq ", head->last_seq);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const bool last, IsThere(keys::Event(site_, id, head->last_seq)));
  if (!last) Found(entry.key, "says last_seq ", head->last_seq, ", and that event is not there");
  if (head->newest_put && head->newest_put->seq > head->last_seq) {
    Found(entry.key, "knows of puts up to event ", head->newest_put->seq, ", which is not there");
  }
  if (head->team && IsLoad(StateOf(*head))) ++team_loads_[*head->team];
  const wire::CustomerId customer(head->customer.id);
  ASSIGN_OR_RETURN(const bool known, IsThere(keys::Customer(site_, customer)));
  if (!known) Found(entry.key, "is of a customer who is not there: ", head->customer.id);
  // What is counted or dense where it is, and would not be missed where all of it is gone.
  std::vector<std::string> needed = {keys::FeedHead(site_, keys::FeedOwner::Of(customer))};
  if (head->state == ConversationState::kQueued) needed.push_back(keys::QueueState(site_));
  if (head->state == ConversationState::kOpen && head->agent) {
    needed.push_back(keys::AgentState(site_, wire::AgentId(head->agent->id)));
    if (head->team && IsLoad(StateOf(*head))) needed.push_back(keys::TeamState(site_, wire::TeamId(*head->team)));
  }
  if (const auto end = is_closed ? CountedEndOf(*head) : std::nullopt) {
    const int64_t day = DayOf(std::max<int64_t>(head->closed_at, 0));
    Add(endings_[day], *end);
    needed.push_back(keys::Ending(site_, day));
  }
  for (const std::string& key : needed) {
    ASSIGN_OR_RETURN(const bool there, IsThere(key));
    if (!there) Found(entry.key, "needs ", key, ", which is not there");
  }
  return absl::OkStatus();
}

absl::Status VerifyPass::CheckParticipants(std::string_view key, const ConversationRecord& head) {
  if (!head.participants) return absl::OkStatus();
  if (head.state == ConversationState::kClosed) Found(key, "is closed, and somebody takes part in it");
  std::set<std::string> seen;
  if (head.state == ConversationState::kOpen && head.agent) seen.insert(head.agent->id);
  for (const wire::Actor& agent : *head.participants) {
    if (!seen.insert(agent.id).second) Found(key, "is twice that of ", agent.id, ", who has it or takes part");
    RETURN_IF_ERROR(ExpectReference(key, agent.id, keys::Agent(site_, wire::AgentId(agent.id))));
  }
  return absl::OkStatus();
}

absl::Status VerifyPass::CheckConversationIndex(const store::Entry& entry) {
  const wire::ConversationId id(parts_.back());
  ASSIGN_OR_RETURN(const auto head, Peek<ConversationRecord>(keys::Conversation(site_, id)));
  if (!head) {
    Found(entry.key, "points at a conversation that is not there");
  } else if (!Holds(IndexOf(site_, id, *head), entry.key)) {
    Found(entry.key, "is not what the conversation's head says");
  }
  return absl::OkStatus();
}

absl::Status VerifyPass::CheckEnding(const store::Entry& entry) {
  const auto said = Own<EndingsRecord>(entry);
  if (!said) return absl::OkStatus();
  const wire::EndingCounts& counted = endings_[keys::DecodeNumber(entry.key).value_or(-1)];
  ExpectNumber(entry.key, "ended", said->ended, counted.ended);
  ExpectNumber(entry.key, "served", said->served, counted.served);
  ExpectNumber(entry.key, "abandoned", said->abandoned, counted.abandoned);
  ExpectNumber(entry.key, "missed", said->missed, counted.missed);
  ExpectNumber(entry.key, "by_customer", said->by_customer, counted.by_customer);
  ExpectNumber(entry.key, "by_agent", said->by_agent, counted.by_agent);
  ExpectNumber(entry.key, "by_bot", said->by_bot, counted.by_bot);
  ExpectNumber(entry.key, "by_system", said->by_system, counted.by_system);
  ExpectNumber(entry.key, "other_reasons", said->other_reasons, counted.other_reasons);
  // They stand in the order in which they came up, which heads do not tell.
  if (!std::is_permutation(said->reasons.begin(), said->reasons.end(), counted.reasons.begin(),
                           counted.reasons.end())) {
    Found(entry.key, "counts other reasons than there are");
  }
  return absl::OkStatus();
}

absl::Status VerifyPass::CheckQueueState(const store::Entry& entry) {
  const auto queue = Own<QueueRecord>(entry);
  return queue ? ExpectCount(entry.key, "length", queue->length, keys::AllQueued(site_)) : absl::OkStatus();
}

absl::Status VerifyPass::CheckEvent(const store::Entry& entry) {
  const std::string& of = parts_.front();
  if (of != events_.of) {
    RETURN_IF_ERROR(EndEvents());
    events_.of = of;
    events_.key = keys::Conversation(site_, wire::ConversationId(of));
    ASSIGN_OR_RETURN(auto head, Peek<ConversationRecord>(events_.key));
    events_.has_head = head.has_value();
    if (head) events_.head = *std::move(head);
    if (!events_.has_head) Found(entry.key, "is of a conversation that is not there");
  }
  const int64_t seq = keys::DecodeNumber(entry.key).value_or(-1);
  if (seq != events_.last + 1) Found(entry.key, "follows event ", events_.last, ": there is a gap");
  events_.last = seq;
  const auto event = ParseJson<wire::Event>(entry.value);
  if (!event.ok()) {
    Found(entry.key, "cannot be read: ", std::string(event.status().message()));
    return absl::OkStatus();
  }
  if (event->conversation != of || event->seq != seq) {
    Found(entry.key, "holds event ", event->seq, " of ", event->conversation);
  }
  RETURN_IF_ERROR(CheckAmended(entry.key, *event));
  if (event->type == wire::EventType::kMessage) {
    const bool by_customer = event->actor.kind == wire::ActorKind::kCustomer;
    if (by_customer && seq > events_.head.read_by_agent) ++events_.for_agent;
    if (!by_customer && seq > events_.head.read_by_customer) ++events_.for_customer;
  }
  return absl::OkStatus();
}

absl::Status VerifyPass::CheckAmended(std::string_view key, const wire::Event& event) {
  using enum wire::EventType;
  const bool amends = event.type == kEdited || event.type == kDeleted || event.type == kErased;
  if (amends && !event.target) Found(key, "changes nothing that it names");
  if (event.type != kMessage && event.type != kNote) return absl::OkStatus();
  const bool is_gone = event.deleted_at || event.erased_at;
  if (!event.text && !is_gone) Found(key, "has no text, and was not deleted");
  if (event.text && is_gone) Found(key, "is deleted, and has a text");
  if (!event.edited_seq) return absl::OkStatus();
  const wire::ConversationId conversation(event.conversation);
  ASSIGN_OR_RETURN(const auto value,
                   reader_.Get(keys::Event(site_, conversation, std::max<int64_t>(*event.edited_seq, 0))));
  const auto edit = value ? ParseJson<wire::Event>(*value) : absl::StatusOr<wire::Event>(absl::NotFoundError(""));
  const bool is_its_edit = edit.ok() && edit->type == kEdited && edit->target == event.id && edit->text == event.text;
  if (!is_its_edit) Found(key, "says that event ", *event.edited_seq, " edited it, which did not");
  return absl::OkStatus();
}

absl::Status VerifyPass::EndEvents() {
  if (events_.of.empty()) return absl::OkStatus();
  const Events events = std::exchange(events_, {});
  if (!events.has_head) return absl::OkStatus();
  ExpectNumber(events.key, "last_seq", events.head.last_seq, events.last);
  ExpectNumber(events.key, "unread_by_agent", events.head.unread_by_agent, events.for_agent);
  ExpectNumber(events.key, "unread_by_customer", events.head.unread_by_customer, events.for_customer);
  return absl::OkStatus();
}

// --- Puts that were answered ----------------------------------------------------------

absl::Status VerifyPass::CheckSent(const store::Entry& entry) {
  const auto sent = Own<SentRecord>(entry);
  if (!sent) return absl::OkStatus();
  const wire::ConversationId conversation(parts_.front());
  ASSIGN_OR_RETURN(const auto value, reader_.Get(keys::Event(site_, conversation, std::max<int64_t>(sent->seq, 0))));
  const auto event = value ? ParseJson<wire::Event>(*value) : absl::StatusOr<wire::Event>(absl::NotFoundError(""));
  if (!event.ok() || event->id != parts_.back()) {
    Found(entry.key, "points at event ", sent->seq, ", which is not that message");
  }
  if (conversation.text() != puts_.of) {
    puts_.of = conversation.text();
    ASSIGN_OR_RETURN(puts_.head, Peek<ConversationRecord>(keys::Conversation(site_, conversation)));
  }
  // It would be taken for new when it is put again.
  const wire::MessageId id(parts_.back());
  if (puts_.head && IsAboveAllPut(*puts_.head, id)) {
    Found(entry.key, "is above ", puts_.head->newest_put->id, ", which is the greatest put by its conversation's head");
  }
  return absl::OkStatus();
}

absl::Status VerifyPass::CheckStarted(const store::Entry& entry) {
  if (!Own<SentRecord>(entry)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool there, IsThere(keys::Conversation(site_, wire::ConversationId(parts_.back()))));
  if (!there) Found(entry.key, "tells of a conversation that is not there");
  return absl::OkStatus();
}

// --- Feeds ------------------------------------------------------------------------------

absl::Status VerifyPass::CheckFeed(const store::Entry& entry) {
  const std::string& of = parts_.front();
  if (of != feed_.of) {
    RETURN_IF_ERROR(EndFeed());
    feed_.of = of;
    feed_.key = keys::FeedHeadOf(site_, of);
  }
  const int64_t position = keys::DecodeNumber(entry.key).value_or(-1);
  if (position != feed_.last + 1) Found(entry.key, "follows position ", feed_.last, ": there is a gap");
  feed_.last = position;
  const auto pointer = Own<FeedPointer>(entry);
  if (!pointer) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool there, IsThere(keys::Event(site_, wire::ConversationId(pointer->conversation),
                                                         std::max<int64_t>(pointer->seq, 0))));
  if (!there) Found(entry.key, "points at event ", pointer->seq, " of ", pointer->conversation, ", which is not there");
  return absl::OkStatus();
}

absl::Status VerifyPass::EndFeed() {
  if (feed_.of.empty()) return absl::OkStatus();
  const Feed feed = std::exchange(feed_, {});
  ASSIGN_OR_RETURN(const auto head, Peek<FeedHeadRecord>(feed.key));
  const int64_t said = head ? head->position : 0;
  if (said != feed.last) Found(feed.key, "says position ", said, ", and the feed ends at ", feed.last);
  const auto customer = wire::CustomerId::Parse(feed.of);
  if (!customer) return absl::OkStatus();
  // A customer is told of every event of each conversation.
  int64_t events = 0;
  RETURN_IF_ERROR(EachConversation(keys::CustomerConversations(site_, *customer),
                                   [&](const ConversationRecord& one) { events += one.last_seq; }));
  if (events != feed.last) Found(feed.key, "ends at ", feed.last, ", and the customer's events are ", events);
  return absl::OkStatus();
}

absl::Status VerifyPass::CheckFeedHead(const store::Entry& entry) {
  const auto head = Own<FeedHeadRecord>(entry);
  if (!head) return absl::OkStatus();
  // That the feed has no more is seen at its entries.
  ASSIGN_OR_RETURN(const bool last,
                   IsThere(keys::FeedEntryOf(site_, parts_.back(), std::max<int64_t>(head->position, 0))));
  if (!last) Found(entry.key, "says position ", head->position, ", and that entry is not there");
  return absl::OkStatus();
}

}  // namespace alcove::functions
