#include "functions/domain/state.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gtest/gtest.h"

namespace alcove::functions {
namespace {

constexpr Effect kMoves = Effect::kMoves;

std::vector<State> AllStates() {
  std::vector<State> all;
  for (size_t i = 0; i < kStates; ++i) all.push_back(static_cast<State>(i));
  return all;
}
std::vector<Action> AllActions() {
  std::vector<Action> all;
  for (size_t i = 0; i < kActions; ++i) all.push_back(static_cast<Action>(i));
  return all;
}

// What is done in each state, action by action in their order. A name is the
// state it moves to; `-` nothing happens, `closed` and `taken` as clients are
// told, `bug` never asked.
TEST(State, EachActionInEachStateLeadsWhereItShould) {
  const struct {
    State state;
    std::vector<std::string> comes_to;  // of greet, queue, requeue, assign, transfer, customer_writes, agent_writes,
                                        // snooze, wake, close, reopen, archive, join, leave, tell
  } kRows[] = {
      {State::kBegun,
       {"bot", "queued", "bug", "open", "bug", "bug", "bug", "bug", "bug", "bug", "bug", "bug", "bug", "bug", "bug"}},
      {State::kBot,
       {"-", "queued", "bug", "open", "bug", "bot", "bug", "bug", "-", "closed!", "-", "bug", "bot", "bot", "bot"}},
      {State::kQueued,
       {"bug", "-", "-", "open", "bug", "queued", "queued", "bug", "-", "closed!", "-", "bug", "queued", "queued",
        "queued"}},
      {State::kOpen,
       {"bug", "bug", "queued", "taken", "open", "open", "waiting_on_customer", "snoozed", "-", "closed!", "-", "bug",
        "open", "open", "open"}},
      {State::kWaitingOnCustomer,
       {"bug", "bug", "queued", "taken", "open", "open", "waiting_on_customer", "snoozed", "-", "closed!", "-", "bug",
        "waiting_on_customer", "waiting_on_customer", "waiting_on_customer"}},
      {State::kSnoozed,
       {"bug", "bug", "queued", "taken", "open", "open", "snoozed", "snoozed", "open", "closed!", "-", "bug", "snoozed",
        "snoozed", "snoozed"}},
      {State::kClosed,
       {"bug", "closed", "closed", "closed", "closed", "closed", "closed", "closed", "-", "-", "begun", "archived",
        "closed", "-", "closed"}},
      {State::kArchived,
       {"bug", "closed", "closed", "closed", "closed", "closed", "closed", "closed", "-", "-", "closed", "-", "closed",
        "-", "closed"}},
  };
  std::set<State> seen;
  for (const auto& row : kRows) {
    ASSERT_EQ(row.comes_to.size(), kActions);
    EXPECT_TRUE(seen.insert(row.state).second);
    for (const Action action : AllActions()) {
      SCOPED_TRACE(std::string(wire::NameOf(row.state)) + ", " + std::string(wire::NameOf(action)));
      const Move move = MoveOf(row.state, action);
      std::string comes_to;
      switch (move.effect) {
        case Effect::kMoves:
          comes_to = wire::NameOf(move.to);
          if (move.to == State::kClosed) comes_to += "!";
          break;
        case Effect::kNothing:
          comes_to = "-";
          break;
        case Effect::kClosed:
          comes_to = "closed";
          break;
        case Effect::kTaken:
          comes_to = "taken";
          break;
        case Effect::kNever:
          comes_to = "bug";
          break;
      }
      EXPECT_EQ(comes_to, row.comes_to[static_cast<size_t>(action)]);
    }
  }
  EXPECT_EQ(seen.size(), kStates);
}

TEST(State, OnlyAgentsWhoAreGivenItHaveIt) {
  for (const State state : AllStates()) {
    for (const Action action : AllActions()) {
      const Move move = MoveOf(state, action);
      if (move.effect != kMoves || !IsAssigned(move.to) || IsAssigned(state)) continue;
      EXPECT_EQ(action, Action::kAssign) << wire::NameOf(state) << ", " << wire::NameOf(action);
    }
  }
}

TEST(State, WhatIsOverComesBackByBeingReopenedAlone) {
  for (const State state : AllStates()) {
    if (!IsOver(state)) continue;
    EXPECT_FALSE(IsLoad(state));
    for (const Action action : AllActions()) {
      const Move move = MoveOf(state, action);
      if (move.effect == kMoves && !IsOver(move.to)) {
        EXPECT_EQ(action, Action::kReopen);
      }
    }
  }
}

TEST(State, EverythingThatIsNotOverCanBeClosedButWhatHasJustBegun) {
  for (const State state : AllStates()) {
    if (IsOver(state) || state == State::kBegun) continue;
    EXPECT_EQ(MoveOf(state, Action::kClose), (Move{kMoves, State::kClosed})) << wire::NameOf(state);
  }
}

TEST(State, ARepeatChangesNothingMore) {
  // What a client may send twice and is answered alike.
  for (const Action action : {Action::kClose, Action::kQueue, Action::kReopen, Action::kWake}) {
    for (const State state : AllStates()) {
      const Move first = MoveOf(state, action);
      // Who reopens gives or queues it in the same write.
      if (first.effect != kMoves || first.to == State::kBegun) continue;
      EXPECT_EQ(MoveOf(first.to, action).effect, Effect::kNothing)
          << wire::NameOf(state) << ", " << wire::NameOf(action);
    }
  }
}

TEST(State, AbandonedMissedAndServedAreCountedApart) {
  const struct {
    const char* name;
    State state;
    EndedBy by;
    Answered answered;
    Ending ending;
  } kCases[] = {
      {"gave up in the queue", State::kQueued, EndedBy::kCustomer, Answered::kByNobody, Ending::kAbandoned},
      {"closed in the queue by an agent", State::kQueued, EndedBy::kOther, Answered::kByNobody, Ending::kMissed},
      {"had an agent who never wrote", State::kOpen, EndedBy::kCustomer, Answered::kByNobody, Ending::kMissed},
      {"had an agent who never wrote, closed by a timer", State::kOpen, EndedBy::kOther, Answered::kByNobody,
       Ending::kMissed},
      {"was answered", State::kWaitingOnCustomer, EndedBy::kOther, Answered::kByAgent, Ending::kServed},
      {"was answered, and the customer closed", State::kOpen, EndedBy::kCustomer, Answered::kByAgent, Ending::kServed},
      {"was answered and waits again", State::kQueued, EndedBy::kCustomer, Answered::kByAgent, Ending::kServed},
      {"was helped by the bot", State::kBot, EndedBy::kCustomer, Answered::kByNobody, Ending::kServed},
      {"snoozed without a word", State::kSnoozed, EndedBy::kOther, Answered::kByNobody, Ending::kMissed},
  };
  for (const auto& c : kCases) EXPECT_EQ(EndingOf(c.state, c.by, c.answered), c.ending) << c.name;
}

}  // namespace
}  // namespace alcove::functions
