// What a face draws: plain values and views into the session.
//
// Pointers, spans and string_views live until the next call of a method of the
// session that is not const, OnResponse() and Tick() included. Ask again each frame:
// what is built for it is kept until something changes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "functions/wire/conversation.h"
#include "functions/wire/event.h"

namespace alcove::client {

// What to say of the line to the server.
enum class Connection {
  kIdle,          // not started, or signed out
  kConnecting,    // the first answer is awaited
  kOnline,        // also while a few first tries fail: a hiccup is not worth a word
  kReconnecting,  // 3 failures or 10 s without an answer
  kBlocked,       // refused for good; Session::blocked_code() says why
  kSuperseded,    // open in another tab; Session::Resume() takes it back
};

// How far a message of one's own has come.
enum class Delivery {
  kNone,     // not one's own
  kSending,  // in the outbox
  kSent,     // stored by the server
  kSeen,     // the other side has read it
  kFailed,   // refused, or a day has passed: Session::RetryMessage()
};

// One line of a conversation's log, in the order of display: the events, then
// what is still in the outbox. Events of no interest to a person (hidden, of a
// later version) have no row.
struct Row {
  wire::EventType type = wire::EventType::kMessage;
  int64_t seq = 0;        // 0: not stored yet
  std::string_view id;    // of a message; stays the same when it is stored
  std::string_view text;  // of a message
  int64_t at = 0;
  const wire::Actor* actor = nullptr;  // never null
  bool mine = false;                   // written by who is signed in here
  bool our_side = false;               // written by this side: any agent or bot for agents, the customer for customers
  Delivery delivery = Delivery::kNone;
  std::string_view failure;            // kFailed: the code of the problem, `too_old` after a day
  bool whisper = false;                // a note to who has the conversation
  const wire::Event* event = nullptr;  // the rest of its fields; null while in the outbox
};

// The conversation on screen.
struct ConversationView {
  const wire::Conversation* summary = nullptr;  // never null; state is kUnknown while its start is in the outbox
  std::span<const Row> rows;
  bool loading = false;      // its events are asked for and none is here yet
  bool has_earlier = false;  // LoadEarlier() would bring more
  bool loading_earlier = false;
  bool closing = false;                 // asked to close, not yet answered
  const wire::Actor* typing = nullptr;  // someone of the other side who types, or null
  std::string_view draft;               // what a customer types, to agents
};

// An agent has it, now or after a while.
inline bool IsUnderWay(const wire::Conversation& conversation) {
  return conversation.state == wire::ConversationState::kOpen ||
         conversation.state == wire::ConversationState::kSnoozed;
}

inline bool TakesPart(const wire::Conversation& conversation, std::string_view agent) {
  if (!conversation.participants) return false;
  return std::any_of(conversation.participants->begin(), conversation.participants->end(),
                     [&](const wire::Actor& participant) { return participant.id == agent; });
}
// They have it, or take part in it.
inline bool IsInIt(const wire::Conversation& conversation, std::string_view agent) {
  return (conversation.agent && conversation.agent->id == agent) || TakesPart(conversation, agent);
}

}  // namespace alcove::client
