// What agents do with a conversation beside talking.
//
// Standard library only: compiled natively and to WebAssembly.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "functions/wire/describe.h"
#include "functions/wire/event.h"

namespace alcove::wire {

// For agents' eyes only.
struct NewNote {
  std::string text;
  std::optional<std::vector<std::string>> mentions;  // agents
  std::optional<bool> whisper = {};  // from who supervises to the agent who has it, while they talk with the customer
  friend bool operator==(const NewNote&, const NewNote&) = default;
};
template <class V>
void Describe(V& visit, NewNote& note) {
  visit("text", note.text);
  visit("mentions", note.mentions);
  visit("whisper", note.whisper);
}

// To whom a conversation is given: an agent or a team.
struct Assignment {
  std::optional<std::string> agent;
  std::optional<std::string> team;
  std::optional<std::string> comment;  // for agents' eyes only
  friend bool operator==(const Assignment&, const Assignment&) = default;
};
template <class V>
void Describe(V& visit, Assignment& assignment) {
  visit("agent", assignment.agent);
  visit("team", assignment.team);
  visit("comment", assignment.comment);
}

// Who is to take part in a conversation beside the agent who has it; nobody is named: whoever asks.
struct Participation {
  std::optional<std::string> agent;
  friend bool operator==(const Participation&, const Participation&) = default;
};
template <class V>
void Describe(V& visit, Participation& participation) {
  visit("agent", participation.agent);
}

struct SnoozeUntil {
  int64_t until = 0;
  // The last event that whoever asks has seen. What they did not know of comes first: where the customer has written
  // since, or where this is a repeat and the snooze was done, nothing is done.
  std::optional<int64_t> seq = std::nullopt;
  friend bool operator==(const SnoozeUntil&, const SnoozeUntil&) = default;
};
template <class V>
void Describe(V& visit, SnoozeUntil& snooze) {
  visit("until", snooze.until);
  visit("seq", snooze.seq);
}

// An attribute's value; empty: none any more.
struct AttributeChange {
  std::string value;
  friend bool operator==(const AttributeChange&, const AttributeChange&) = default;
};
template <class V>
void Describe(V& visit, AttributeChange& change) {
  visit("value", change.value);
}

struct TagChange {
  std::optional<std::vector<std::string>> add;
  std::optional<std::vector<std::string>> remove;
  friend bool operator==(const TagChange&, const TagChange&) = default;
};
template <class V>
void Describe(V& visit, TagChange& change) {
  visit("add", change.add);
  visit("remove", change.remove);
}

// An agent looks at a conversation, or does so no longer.
struct Viewing {
  std::optional<bool> gone;
  friend bool operator==(const Viewing&, const Viewing&) = default;
};
template <class V>
void Describe(V& visit, Viewing& viewing) {
  visit("gone", viewing.gone);
}

struct Viewer {
  Actor agent;
  std::optional<bool> typing;  // they write in it
  friend bool operator==(const Viewer&, const Viewer&) = default;
};
template <class V>
void Describe(V& visit, Viewer& viewer) {
  visit("agent", viewer.agent);
  visit("typing", viewer.typing);
}

// The other agents who look at it, or write in it.
struct ViewersAnswer {
  std::vector<Viewer> viewers;
  friend bool operator==(const ViewersAnswer&, const ViewersAnswer&) = default;
};
template <class V>
void Describe(V& visit, ViewersAnswer& answer) {
  visit("viewers", answer.viewers);
}

// Which macro is run.
struct MacroRun {
  std::string macro;
  friend bool operator==(const MacroRun&, const MacroRun&) = default;
};
template <class V>
void Describe(V& visit, MacroRun& run) {
  visit("macro", run.macro);
}

// What it came to: the conversation's last event once it was done. A repeat is answered the same.
struct MacroAnswer {
  std::string conversation;
  int64_t last_seq = 0;
  friend bool operator==(const MacroAnswer&, const MacroAnswer&) = default;
};
template <class V>
void Describe(V& visit, MacroAnswer& answer) {
  visit("conversation", answer.conversation);
  visit("last_seq", answer.last_seq);
}

}  // namespace alcove::wire
