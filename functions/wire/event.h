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
  kLeft
};
template <>
struct EnumNames<EventType> {
  static constexpr std::array<std::string_view, 16> kNames = {
      "unknown",     "hidden",   "message", "queued", "assigned", "unassigned", "closed", "note",
      "transferred", "reopened", "tagged",  "rated",  "snoozed",  "field",      "joined", "left"};
};

// One event. Which optional fields are there depends on the type:
//   message     id, text
//   queued      team (where it waits for one), position (from 1)
//   assigned    agent, why, comment (to agents only)
//   unassigned  agent (who had it), why
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
}

}  // namespace alcove::wire
