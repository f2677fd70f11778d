// The life of a conversation: which state it is in, and where each thing that
// may be done with it leads.
//
//   begun -> bot -> queued -> open <-> waiting on the customer -> closed -> archived
//                              ^------------ snoozed               |
//                              ^-----------------------------------+ reopened, within the site's window
//
// One table (state.cc) says it for every pair of state and action, so that no
// function decides it by itself, and its test lists all of them.
//
// Pure: no store, no clock. Threads: free functions.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "functions/wire/describe.h"

namespace alcove::functions {

enum class State {
  kBegun,              // made in this very transaction; nobody has it and it waits nowhere
  kBot,                // a bot answers, and may hand over
  kQueued,             // waits for an agent
  kOpen,               // with an agent, whose turn it is
  kWaitingOnCustomer,  // with an agent, who spoke last
  kSnoozed,            // with an agent, out of their way until a time or a reply
  kClosed,             // over; may be reopened
  kArchived,           // over for good
};
inline constexpr size_t kStates = 8;

enum class Action {
  kGreet,     // a bot takes a new one
  kQueue,     // it is put at the end of the queue, also by a bot that hands over
  kRequeue,   // it is taken from its agent, and waits again
  kAssign,    // an agent gets what nobody has
  kTransfer,  // an agent gets what another one has
  kCustomerWrites,
  kAgentWrites,
  kSnooze,
  kWake,  // the snooze is over
  kClose,
  kReopen,
  kArchive,
  kJoin,   // an agent takes part beside who has it; it stays as it is, so that it is only asked whether it may be done
  kLeave,  // and does so no longer; likewise
  kTell,   // what was said in it is another now, or its customer looks at another page; likewise
};
inline constexpr size_t kActions = 15;

}  // namespace alcove::functions

template <>
struct alcove::wire::EnumNames<alcove::functions::State> {
  static constexpr std::array<std::string_view, alcove::functions::kStates> kNames = {
      "begun", "bot", "queued", "open", "waiting_on_customer", "snoozed", "closed", "archived"};
};
template <>
struct alcove::wire::EnumNames<alcove::functions::Action> {
  static constexpr std::array<std::string_view, alcove::functions::kActions> kNames = {
      "greet", "queue", "requeue", "assign",  "transfer", "customer_writes", "agent_writes", "snooze",
      "wake",  "close", "reopen",  "archive", "join",     "leave",           "tell"};
};

namespace alcove::functions {

// What an action comes to in a state.
enum class Effect {
  kMoves,    // to Move::to, which may be the state it was in: a second transfer is one
  kNothing,  // it is so already: a repeat, which answers as the first time and changes nothing
  kClosed,   // refused, because it is over: 409 closed
  kTaken,    // refused, because an agent has it: 409 already_claimed
  kNever,    // refused: nothing asks for it but a bug
};

struct Move {
  Effect effect = Effect::kNever;
  State to = State::kBegun;  // of kMoves
  friend bool operator==(const Move&, const Move&) = default;
};

Move MoveOf(State state, Action action);

// Over: nothing of it is anybody's load, nor in any queue.
constexpr bool IsOver(State state) { return state == State::kClosed || state == State::kArchived; }
// With an agent, snoozed or not.
constexpr bool IsAssigned(State state) {
  return state == State::kOpen || state == State::kWaitingOnCustomer || state == State::kSnoozed;
}
// With an agent and in the way of other work: counts against their capacity.
constexpr bool IsLoad(State state) { return IsAssigned(state) && state != State::kSnoozed; }

// How an end is counted, each one once and apart from the others.
enum class Ending {
  kUnknown,
  kServed,     // an agent wrote to the customer
  kAbandoned,  // the customer gave up while it waited
  kMissed,     // it ended for want of an agent: nobody wrote, and it was not the customer who ended it
};
}  // namespace alcove::functions

template <>
struct alcove::wire::EnumNames<alcove::functions::Ending> {
  static constexpr std::array<std::string_view, 4> kNames = {"unknown", "served", "abandoned", "missed"};
};

namespace alcove::functions {

// REQUIRES: it has just ended. `state` is the one that it had before.
enum class EndedBy { kCustomer, kOther };
enum class Answered { kByNobody, kByAgent };
Ending EndingOf(State state, EndedBy by, Answered answered);

}  // namespace alcove::functions
