// Events: what happened in a conversation, as PROTOCOL.md lists it.
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

namespace alcove::wire {

enum class ActorKind { kUnknown, kCustomer, kAgent, kBot, kSystem };
template <>
struct EnumNames<ActorKind> {
  static constexpr std::array<std::string_view, 5> kNames = {"unknown", "customer", "agent", "bot", "system"};
};

// Who did it. The system has neither id nor name.
struct Actor {
  ActorKind kind = ActorKind::kSystem;
  std::string id;
  std::string name;
  friend bool operator==(const Actor&, const Actor&) = default;
};
template <class V>
void Describe(V& visit, Actor& actor) {
  visit("kind", actor.kind);
  visit("id", actor.id);
  visit("name", actor.name);
}

// Whose an attribute is.
enum class AttributeOwner { kUnknown, kCustomer, kConversation };
template <>
struct EnumNames<AttributeOwner> {
  static constexpr std::array<std::string_view, 3> kNames = {"unknown", "customer", "conversation"};
};

// kUnknown: a type of a later version, skipped by whoever reads it.
enum class EventType {
  kUnknown,
  kHidden,
  kMessage,
  kQueued,
  kAssigned,
  kUnassigned,
  kClosed,
  kNote,
  kTransferred,
  kReopened,
  kTagged,
  kRated,
  kSnoozed,
  kField,
  kJoined,
  kLeft,
  kEdited,
  kDeleted,
  kErased,
  kPage
};
template <>
struct EnumNames<EventType> {
  static constexpr std::array<std::string_view, 20> kNames = {
      "unknown", "hidden",      "message",  "queued",  "assigned", "unassigned", "closed",
      "note",    "transferred", "reopened", "tagged",  "rated",    "snoozed",    "field",
      "joined",  "left",        "edited",   "deleted", "erased",   "page"};
};

// One event. What a message or a note says may change, or go, after it: amend.h. Which optional fields are there
// depends on the type:
//   message     id, text, reply_to (the id of the message that it answers), quick_replies (texts to answer with; of
//               agents and bots)
//   queued      team (where it waits for one), position (from 1), comment (to agents only)
//   assigned    agent, why, comment (to agents only)
//   unassigned  agent (who had it), why, comment (to agents only)
//   closed      by, reason
//   note        id, text, mentions (of agents), whisper (where it is one); hidden from customers
//   transferred from, to, comment (to agents only)
//   reopened    (hidden from customers where it ends a snooze, which the system does)
//   snoozed     until (milliseconds since 1970); hidden from customers
//   tagged      add, remove; hidden from customers
//   rated       score, comment
//   field       of (whose attribute it is), name, value (empty: it has none any more), verified, visible; hidden from
//               customers unless it is visible to them. The customer's `name` is also what they are called
//   joined      agent, who takes part from now on beside who has it; the actor is who let them in. Without an agent: a
//               bot, the actor, who has it from now on
//   left        agent, who takes part no longer. Without an agent: why (to agents only) the bot hands it over; whose it
//               is then the next event tells
//   edited      target (the id of a message or a note), target_seq (of it; left out by the first servers), text (none:
//               a later one took its place, or what it says is gone), note (the target is one: hidden from customers)
//   deleted     target, target_seq, note: what it says is gone, by whoever wrote it or a supervisor
//   erased      target, target_seq, note: what it says is gone for privacy. Or the target is the customer, and upto a
//               seq: all that they wrote up to there
//   page        url, title: what the customer looks at; hidden from customers
// Of a message or a note edited_at and edited_seq tell of the last `edited`; one without a text has a deleted_at or an
// erased_at. What a customer wrote beside messages (a comment, a reason, a value, a page) may be erased_at, too.
struct Event {
  std::string conversation;
  int64_t seq = 0;  // dense in its conversation, from 1
  EventType type = EventType::kUnknown;
  std::optional<std::string> id;
  int64_t at = 0;  // milliseconds since 1970
  Actor actor;
  std::optional<std::string> text;
  std::optional<int64_t> position;
  std::optional<Actor> agent;
  std::optional<std::string> why;
  std::optional<ActorKind> by;
  std::optional<std::string> reason;
  std::optional<std::vector<std::string>> mentions;
  std::optional<Actor> from;
  std::optional<Actor> to;
  std::optional<std::string> comment;
  std::optional<std::vector<std::string>> add;
  std::optional<std::vector<std::string>> remove;
  std::optional<int64_t> score;
  std::optional<int64_t> until;
  std::optional<std::string> team;
  std::optional<AttributeOwner> of;
  std::optional<std::string> name;
  std::optional<std::string> value;
  std::optional<bool> verified;
  std::optional<bool> visible;
  std::optional<bool> whisper;
  std::optional<std::string> reply_to;
  std::optional<std::vector<std::string>> quick_replies;
  std::optional<std::string> target;
  std::optional<int64_t> target_seq;
  std::optional<bool> note;
  std::optional<int64_t> upto;
  std::optional<std::string> url;
  std::optional<std::string> title;
  std::optional<int64_t> edited_at;
  std::optional<int64_t> edited_seq;
  std::optional<int64_t> deleted_at;
  std::optional<int64_t> erased_at;
  friend bool operator==(const Event&, const Event&) = default;
};
template <class V>
void Describe(V& visit, Event& event) {
  visit("conversation", event.conversation);
  visit("seq", event.seq);
  visit("type", event.type);
  visit("id", event.id);
  visit("at", event.at);
  visit("actor", event.actor);
  visit("text", event.text);
  visit("position", event.position);
  visit("agent", event.agent);
  visit("why", event.why);
  visit("by", event.by);
  visit("reason", event.reason);
  visit("mentions", event.mentions);
  visit("from", event.from);
  visit("to", event.to);
  visit("comment", event.comment);
  visit("add", event.add);
  visit("remove", event.remove);
  visit("score", event.score);
  visit("until", event.until);
  visit("team", event.team);
  visit("of", event.of);
  visit("name", event.name);
  visit("value", event.value);
  visit("verified", event.verified);
  visit("visible", event.visible);
  visit("whisper", event.whisper);
  visit("reply_to", event.reply_to);
  visit("quick_replies", event.quick_replies);
  visit("target", event.target);
  visit("target_seq", event.target_seq);
  visit("note", event.note);
  visit("upto", event.upto);
  visit("url", event.url);
  visit("title", event.title);
  visit("edited_at", event.edited_at);
  visit("edited_seq", event.edited_seq);
  visit("deleted_at", event.deleted_at);
  visit("erased_at", event.erased_at);
}

}  // namespace alcove::wire
