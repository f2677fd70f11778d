#include "functions/advance.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "functions/problem.h"
#include "functions/wire/conversation.h"
#include "store/status_macros.h"

namespace alcove::functions {

using wire::ConversationState;

namespace {

ConversationState StoredStateOf(State state) {
  switch (state) {
    case State::kQueued:
      return ConversationState::kQueued;
    case State::kOpen:
    case State::kWaitingOnCustomer:
    case State::kSnoozed:
      return ConversationState::kOpen;
    case State::kClosed:
    case State::kArchived:
      return ConversationState::kClosed;
    case State::kBot:
      return ConversationState::kBot;
    case State::kBegun:
      return ConversationState::kUnknown;
  }
  return ConversationState::kUnknown;
}

}  // namespace

State StateOf(const ConversationRecord& record) {
  switch (record.state) {
    case ConversationState::kUnknown:
      return State::kBegun;
    case ConversationState::kQueued:
      return State::kQueued;
    case ConversationState::kBot:
      return State::kBot;
    case ConversationState::kClosed:
      return record.archived_at ? State::kArchived : State::kClosed;
    case ConversationState::kOpen:
    case ConversationState::kSnoozed:
      break;
  }
  if (record.snoozed_until) return State::kSnoozed;
  return record.asked_at ? State::kWaitingOnCustomer : State::kOpen;
}

absl::Status CheckMay(const ConversationRecord& record, Action action) {
  const State state = StateOf(record);
  switch (MoveOf(state, action).effect) {
    case Effect::kMoves:
    case Effect::kNothing:
      return absl::OkStatus();
    case Effect::kClosed:
      return ProblemStatus(ProblemCode::kClosed);
    case Effect::kTaken:
      return ProblemStatus(ProblemCode::kAlreadyClaimed);
    case Effect::kNever:
      break;
  }
  return absl::InternalError(
      absl::StrCat("no ", std::string(wire::NameOf(action)), " where it is ", std::string(wire::NameOf(state))));
}

absl::Status Advance(ConversationRecord& record, Action action, int64_t now_ms) {
  RETURN_IF_ERROR(CheckMay(record, action));
  const Move move = MoveOf(StateOf(record), action);
  if (move.effect != Effect::kMoves) return absl::OkStatus();
  record.state = StoredStateOf(move.to);
  if (move.to != State::kSnoozed) record.snoozed_until.reset();
  if (move.to == State::kWaitingOnCustomer) {
    // Of several messages in a row the last counts: from it on the customer has everything to answer.
    record.asked_at = now_ms;
  } else {
    record.asked_at.reset();
  }
  return absl::OkStatus();
}

}  // namespace alcove::functions
