#include "functions/conflict.h"

#include <utility>

#include "functions/problem.h"
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

}  // namespace alcove::functions
