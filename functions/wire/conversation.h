// A conversation as lists, snapshots and signals show it.
//
// Standard library only: compiled natively and to WebAssembly.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "functions/wire/describe.h"
#include "functions/wire/event.h"

namespace alcove::wire {

// kSnoozed: out of its agent's way until a time or until the customer writes; to customers it is open.
// kBot: a bot answers, and no agent has it.
enum class ConversationState { kUnknown, kQueued, kOpen, kClosed, kSnoozed, kBot };
template <>
struct EnumNames<ConversationState> {
  static constexpr std::array<std::string_view, 6> kNames = {"unknown", "queued", "open", "closed", "snoozed", "bot"};
};

// The last message, cut for a list row.
struct Preview {
  ActorKind by = ActorKind::kUnknown;
  std::string text;  // "": what it says is gone
  int64_t at = 0;
  std::optional<int64_t> seq = {};  // of the message; left out by the first servers
  friend bool operator==(const Preview&, const Preview&) = default;
};
template <class V>
void Describe(V& visit, Preview& preview) {
  visit("by", preview.by);
  visit("text", preview.text);
  visit("at", preview.at);
  visit("seq", preview.seq);
}

// What the customer thinks of how it went.
struct Rating {
  int64_t score = 0;  // kRatingScoreMax: as good as can be
  std::optional<std::string> comment;
  friend bool operator==(const Rating&, const Rating&) = default;
};
template <class V>
void Describe(V& visit, Rating& rating) {
  visit("score", rating.score);
  visit("comment", rating.comment);
}

// What somebody says of a customer or a conversation: a field of a form, or an attribute. The value is a text, whatever
// the attribute's type; an empty one is none.
struct Field {
  std::string name;
  std::string value;
  friend bool operator==(const Field&, const Field&) = default;
};
template <class V>
void Describe(V& visit, Field& field) {
  visit("name", field.name);
  visit("value", field.value);
}

// One that is kept.
struct Attribute {
  std::string name;
  std::string value;
  std::optional<bool> verified = std::nullopt;  // an agent says so, and not only the page
  friend bool operator==(const Attribute&, const Attribute&) = default;
};
template <class V>
void Describe(V& visit, Attribute& attribute) {
  visit("name", attribute.name);
  visit("value", attribute.value);
  visit("verified", attribute.verified);
}

struct Conversation {
  std::string id;
  ConversationState state = ConversationState::kUnknown;
  Actor customer;
  std::optional<Actor> agent;       // the assignee
  std::optional<int64_t> position;  // in the queue, from 1, while queued
  int64_t created_at = 0;
  int64_t updated_at = 0;  // of the last event
  int64_t last_seq = 0;
  int64_t read_by_customer = 0;  // the seq up to which each side has read
  int64_t read_by_agent = 0;
  int64_t unread = 0;  // messages of the other side that the reader of this has not read
  std::optional<Preview> preview;
  std::optional<std::string> page;               // at which the customer is, as far as was told
  std::optional<std::vector<std::string>> tags;  // to agents only
  std::optional<Rating> rating;
  std::optional<int64_t> snoozed_until;  // to agents only
  // To agents only, too: what is known of it and of its customer, and the language that their browser asks for.
  std::optional<std::vector<Attribute>> attributes;
  std::optional<std::vector<Attribute>> customer_attributes;
  std::optional<std::string> language;
  std::optional<std::vector<Field>> form;                // what the customer answered before it began
  std::optional<bool> offline;                           // a message to whom was not there; to customers, too
  std::optional<bool> customer_verified = std::nullopt;  // to agents only: the owner says who the customer is
  // The agents who take part beside the assignee, in the order in which they joined; to customers, too. None: left out.
  std::optional<std::vector<Actor>> participants = std::nullopt;
  std::optional<Actor> bot = std::nullopt;  // that answers, while the state is kBot
  friend bool operator==(const Conversation&, const Conversation&) = default;
};
template <class V>
void Describe(V& visit, Conversation& conversation) {
  visit("id", conversation.id);
  visit("state", conversation.state);
  visit("customer", conversation.customer);
  visit("agent", conversation.agent);
  visit("position", conversation.position);
  visit("created_at", conversation.created_at);
  visit("updated_at", conversation.updated_at);
  visit("last_seq", conversation.last_seq);
  visit("read_by_customer", conversation.read_by_customer);
  visit("read_by_agent", conversation.read_by_agent);
  visit("unread", conversation.unread);
  visit("preview", conversation.preview);
  visit("page", conversation.page);
  visit("tags", conversation.tags);
  visit("rating", conversation.rating);
  visit("snoozed_until", conversation.snoozed_until);
  visit("attributes", conversation.attributes);
  visit("customer_attributes", conversation.customer_attributes);
  visit("language", conversation.language);
  visit("form", conversation.form);
  visit("offline", conversation.offline);
  visit("customer_verified", conversation.customer_verified);
  visit("participants", conversation.participants);
  visit("bot", conversation.bot);
}

// A conversation with its newest events, oldest first: what a session and a
// snapshot carry. Where events.front().seq > 1 the rest is paged by `events?before=`.
//
// What carries events is a template on how they are held: Event where they are
// read, RawJson where the server splices them in as they were stored.
template <class AnyEvent>
struct BasicConversationWithEvents {
  Conversation conversation;
  std::vector<AnyEvent> events;
  friend bool operator==(const BasicConversationWithEvents&, const BasicConversationWithEvents&) = default;
};
using ConversationWithEvents = BasicConversationWithEvents<Event>;
template <class V, class AnyEvent>
void Describe(V& visit, BasicConversationWithEvents<AnyEvent>& both) {
  Describe(visit, both.conversation);
  visit("events", both.events);
}

}  // namespace alcove::wire
