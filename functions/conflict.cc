#include "functions/conflict.h"

#include <string>
#include <utility>

#include "functions/message.h"
#include "functions/problem.h"
#include "functions/shown.h"
#include "store/status_macros.h"

namespace alcove::functions {

Outcome RefusedWithState(store::Reader& reader, const Conversation& conversation, Side side, absl::Status refused) {
  const ProblemCode problem = ProblemFor(refused);
  const bool is_taken = problem == ProblemCode::kAlreadyClaimed;
  if (!is_taken && problem != ProblemCode::kClosed && problem != ProblemCode::kIdReused) return refused;
  QueuePlaces places(reader, conversation.site);
  ProblemState state;
  ASSIGN_OR_RETURN(state.conversation, Summarise(conversation, side, places));
  if (is_taken) state.agent = conversation.record.agent;
  return ProblemResponse(problem, {}, std::move(state));
}

Outcome RefusedWithEvent(store::Reader& reader, const Conversation& conversation, Side side, const wire::MessageId& id,
                         absl::Status refused) {
  if (ProblemFor(refused) != ProblemCode::kIdReused) return refused;
  ASSIGN_OR_RETURN(const auto event, FindPut(reader, conversation, id.text()));
  ProblemState state;
  if (event) {
    ASSIGN_OR_RETURN(const std::string shown, ShownTo(side, ToJson(*event)));
    ASSIGN_OR_RETURN(state.event, ParseJson<wire::Event>(shown));
  }
  return ProblemResponse(ProblemCode::kIdReused, {}, std::move(state));
}

}  // namespace alcove::functions
