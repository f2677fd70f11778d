// Polls: what a poll answers, and the signals in it.
//
// Standard library only: compiled natively and to WebAssembly.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "functions/wire/conversation.h"
#include "functions/wire/describe.h"
#include "functions/wire/event.h"

namespace alcove::wire {

enum class Presence { kOffline, kAway, kOnline };
template <>
struct EnumNames<Presence> {
  static constexpr std::array<std::string_view, 3> kNames = {"offline", "away", "online"};
};

// An agent as colleagues and customers see one.
struct AgentSummary {
  std::string id;
  std::string name;
  Presence presence = Presence::kOffline;
  int64_t load = 0;  // open conversations
  int64_t capacity = 0;
  friend bool operator==(const AgentSummary&, const AgentSummary&) = default;
};
template <class V>
void Describe(V& visit, AgentSummary& agent) {
  visit("id", agent.id);
  visit("name", agent.name);
  visit("presence", agent.presence);
  visit("load", agent.load);
  visit("capacity", agent.capacity);
}

enum class SignalType { kUnknown, kConversation, kTyping, kRead, kPresence, kQueue, kConfiguration, kViewing };
template <>
struct EnumNames<SignalType> {
  static constexpr std::array<std::string_view, 8> kNames = {"unknown",  "conversation", "typing",        "read",
                                                             "presence", "queue",        "configuration", "viewing"};
};

// Latest wins; never needed for correctness.
//   conversation  summary: the conversation as it is now
//   typing        conversation, actor, for_ms (0: stopped), text (the customer's draft, to agents only). Agents are
//   told
//                 of each other's, too
//   viewing       conversation, actor, for_ms (0: looks no longer): to agents, who of them looks at it
//   read          conversation, by, seq
//   presence      agent
//   queue         length; to a waiting customer conversation, position and, where others have waited lately, wait_ms:
//   how
//                 long it will probably take
//   configuration the agent, the site, colleagues, teams, canned replies, tags or what a close asks for have changed:
//                 to agents, who ask for AgentConfiguration
struct Signal {
  SignalType type = SignalType::kUnknown;
  std::optional<std::string> conversation;
  std::optional<Conversation> summary;
  std::optional<Actor> actor;
  std::optional<int64_t> for_ms;
  std::optional<std::string> text;
  std::optional<ActorKind> by;
  std::optional<int64_t> seq;
  std::optional<AgentSummary> agent;
  std::optional<int64_t> length;
  std::optional<int64_t> position;
  std::optional<int64_t> wait_ms;
  friend bool operator==(const Signal&, const Signal&) = default;
};
template <class V>
void Describe(V& visit, Signal& signal) {
  visit("type", signal.type);
  visit("conversation", signal.conversation);
  visit("summary", signal.summary);
  visit("actor", signal.actor);
  visit("for_ms", signal.for_ms);
  visit("text", signal.text);
  visit("by", signal.by);
  visit("seq", signal.seq);
  visit("agent", signal.agent);
  visit("length", signal.length);
  visit("position", signal.position);
  visit("wait_ms", signal.wait_ms);
}

// What the server wishes of the next poll.
struct PollHints {
  int64_t hold_ms = 0;   // a client gives up on a poll after this and 10 s
  int64_t retry_ms = 0;  // wait this long before the next poll
  friend bool operator==(const PollHints&, const PollHints&) = default;
};
template <class V>
void Describe(V& visit, PollHints& hints) {
  visit("hold_ms", hints.hold_ms);
  visit("retry_ms", hints.retry_ms);
}

template <class AnyEvent, class AnySignal>
struct BasicPollAnswer {
  std::vector<AnyEvent> events;
  std::vector<AnySignal> signals;
  std::string cursor;
  bool more = false;
  PollHints poll;
  friend bool operator==(const BasicPollAnswer&, const BasicPollAnswer&) = default;
};
using PollAnswer = BasicPollAnswer<Event, Signal>;
template <class V, class AnyEvent, class AnySignal>
void Describe(V& visit, BasicPollAnswer<AnyEvent, AnySignal>& answer) {
  visit("events", answer.events);
  visit("signals", answer.signals);
  visit("cursor", answer.cursor);
  visit("more", answer.more);
  visit("poll", answer.poll);
}

// A page of history.
template <class AnyEvent>
struct BasicEventPage {
  std::vector<AnyEvent> events;
  bool more = false;
  friend bool operator==(const BasicEventPage&, const BasicEventPage&) = default;
};
using EventPage = BasicEventPage<Event>;
template <class V, class AnyEvent>
void Describe(V& visit, BasicEventPage<AnyEvent>& page) {
  visit("events", page.events);
  visit("more", page.more);
}

}  // namespace alcove::wire
