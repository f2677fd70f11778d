#include "functions/typing.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "functions/append.h"
#include "functions/lifecycle.h"
#include "functions/problem.h"
#include "functions/request.h"
#include "functions/viewers.h"
#include "functions/wire/collaboration.h"
#include "functions/wire/limits.h"
#include "functions/wire/poll.h"
#include "functions/wire/requests.h"
#include "functions/wire/utf8.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

// Where the other side listens: the customer, the assignee, or who may claim.
std::string OtherSide(const Entered& entered) {
  const Conversation& conversation = entered.conversation;
  if (entered.side == Side::kAgent) {
    return keys::Topic(conversation.site, keys::FeedOwner::Of(CustomerOf(conversation)));
  }
  const auto assignee = AssigneeOf(conversation);
  return assignee ? keys::Topic(conversation.site, keys::FeedOwner::Of(*assignee)) : keys::TeamTopic(conversation.site);
}

std::string TypingKey(const Entered& entered) {
  return "typing/" + entered.conversation.id.text() + "/" + entered.actor.id;
}

std::string TypingSignal(const Entered& entered, int64_t for_ms, std::optional<std::string> draft) {
  wire::Signal signal;
  signal.type = wire::SignalType::kTyping;
  signal.conversation = entered.conversation.id.text();
  signal.actor = entered.actor;
  signal.for_ms = for_ms;
  signal.text = std::move(draft);
  return ToJson(signal);
}

// Who is told how far somebody has read: the other side, but of agents only those whose conversation it is.
std::set<std::string> WhoIsToldOfReading(const Entered& entered) {
  const Conversation& conversation = entered.conversation;
  if (entered.side == Side::kAgent) return {OtherSide(entered)};
  std::set<std::string> topics;
  // Nobody has it yet: whoever takes it sees the head.
  if (AssigneeOf(conversation)) topics.insert(OtherSide(entered));
  for (const wire::Actor& agent : conversation.record.participants.value_or(std::vector<wire::Actor>())) {
    topics.insert(keys::Topic(conversation.site, keys::FeedOwner::Of(wire::AgentId(agent.id))));
  }
  return topics;
}

// The other side, and of the agents those who are at it.
std::set<std::string> WhoIsTold(const Entered& entered, Context& context) {
  std::set<std::string> topics = {OtherSide(entered)};
  for (std::string& topic : AgentTopics(entered.conversation, entered.actor.id, context))
    topics.insert(std::move(topic));
  return topics;
}

}  // namespace

void PublishTyping(const Entered& entered, const std::optional<std::string>& text, Context& context) {
  const bool stopped = text.has_value() && text->empty();
  std::optional<std::string> draft;
  if (text && !stopped && entered.side == Side::kCustomer) draft = wire::CutUtf8(*text, wire::kDraftTextBytesMax);
  const std::string signal = TypingSignal(entered, stopped ? 0 : wire::kTypingTtlMs, std::move(draft));
  const absl::Time expires_at = context.clock.Now() + absl::Milliseconds(wire::kTypingTtlMs);
  for (const std::string& topic : WhoIsTold(entered, context)) {
    context.ephemera.Publish(topic, TypingKey(entered), signal, expires_at);
  }
  if (entered.side == Side::kAgent) {
    NoteWriting(entered.conversation, entered.actor, stopped ? Writes::kHasStopped : Writes::kWrites, context);
  }
}

void ClearTyping(const Entered& entered, Context& context) {
  const std::string key = TypingKey(entered);
  std::string stopped;  // made once somebody has typed
  const absl::Time now = context.clock.Now();
  bool typed = false;
  for (const std::string& topic : WhoIsTold(entered, context)) {
    for (const Ephemera::Item& item : context.ephemera.Since(topic, 0, now)) {
      if (item.key != key) continue;
      if (stopped.empty()) stopped = TypingSignal(entered, 0, std::nullopt);
      if (item.value == stopped) continue;
      context.ephemera.Publish(topic, key, stopped, now + absl::Milliseconds(wire::kTypingTtlMs));
      typed = true;
    }
  }
  if (typed && entered.side == Side::kAgent) {
    NoteWriting(entered.conversation, entered.actor, Writes::kHasStopped, context);
  }
}

void PublishRead(const Entered& entered, Context& context) {
  const Conversation& conversation = entered.conversation;
  const bool by_customer = entered.side == Side::kCustomer;
  wire::Signal signal;
  signal.type = wire::SignalType::kRead;
  signal.conversation = conversation.id.text();
  signal.by = entered.actor.kind;
  signal.seq = by_customer ? conversation.record.read_by_customer : conversation.record.read_by_agent;
  const std::string key = "read/" + conversation.id.text() + (by_customer ? "/customer" : "/agent");
  const absl::Time expires_at = context.clock.Now() + absl::Milliseconds(wire::kReadTtlMs);
  for (const std::string& topic : WhoIsToldOfReading(entered)) {
    context.ephemera.Publish(topic, key, ToJson(signal), expires_at);
  }
}

Outcome TypingBy(Side side, const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const auto typing, ParseBody<wire::Typing>(request));
  return context.store.Read([&](store::Reader& reader) -> Outcome {
    ASSIGN_OR_RETURN(const Entered entered, Enter(reader, request, side, context));
    if (entered.conversation.record.state != wire::ConversationState::kClosed) {
      PublishTyping(entered, typing.text, context);
    }
    if (side == Side::kCustomer) return Done();
    return Ok(ToJson(wire::ViewersAnswer{ViewersOf(entered.conversation, entered.actor.id, context)}));
  });
}

Outcome ReadBy(Side side, const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const auto read, ParseBody<wire::ReadUpTo>(request));
  bool moved = false;
  std::optional<Entered> entered;
  Outcome outcome = context.store.Transact([&](store::Transaction& txn) -> Outcome {
    ASSIGN_OR_RETURN(entered, Enter(txn, request, side, context));
    Conversation& conversation = entered->conversation;
    const bool was_offered = conversation.record.accept_by.has_value();
    if (side == Side::kAgent) Accept(conversation.record, entered->actor);
    ASSIGN_OR_RETURN(moved, MarkRead(txn, conversation, side, read.seq));
    // Where a colleague has read all of it before, nothing moves, and it is accepted all the same.
    const bool is_accepted = was_offered && !conversation.record.accept_by;
    if (is_accepted && !moved) Save(txn, keys::Conversation(conversation.site, conversation.id), conversation.record);
    return Done();
  });
  // Not held until it is durable: a "seen" that a crash takes back is told again when they look again.
  if (outcome.response()->status == 200 && moved) PublishRead(*entered, context);
  return outcome;
}

}  // namespace alcove::functions
