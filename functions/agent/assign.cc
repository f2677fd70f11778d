#include "functions/agent/assign.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "functions/access.h"
#include "functions/append.h"
#include "functions/lifecycle.h"
#include "functions/problem.h"
#include "functions/request.h"
#include "functions/wire/collaboration.h"
#include "functions/wire/limits.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::agent {

namespace keys = store::keys;

namespace {

absl::StatusOr<wire::AgentId> AgentOf(const wire::Assignment& assignment) {
  if (assignment.team) return ProblemStatus(ProblemCode::kUnprocessable, "team: there is no such team");
  if (!assignment.agent) return ProblemStatus(ProblemCode::kUnprocessable, "agent is missing");
  return ParseChosenId<wire::AgentId>("agent", *assignment.agent);
}

// From whoever has it, or from the queue.
absl::Status HandOver(store::Transaction& txn, Entered& entered, const wire::AgentId& agent,
                      const std::optional<std::string>& comment, int64_t now_ms) {
  Conversation& conversation = entered.conversation;
  const bool waits = conversation.record.state == wire::ConversationState::kQueued;
  const std::string why = absl::StrCat("assigned by ", entered.actor.name);
  ASSIGN_OR_RETURN(wire::Event event, waits ? Assign(txn, conversation, agent, entered.actor, why, now_ms)
                                            : Transfer(txn, conversation, agent, entered.actor, now_ms));
  if (comment && !comment->empty()) event.comment = comment;
  RETURN_IF_ERROR(Append(txn, conversation, std::move(event), now_ms).status());
  // Who had it has room.
  return waits ? absl::OkStatus() : DispatchQueue(txn, conversation.site, now_ms).status();
}

}  // namespace

Outcome AssignTo(const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const auto assignment, ParseBody<wire::Assignment>(request));
  ASSIGN_OR_RETURN(const wire::AgentId agent, AgentOf(assignment));
  RETURN_IF_ERROR(CheckText("comment", assignment.comment.value_or(""), wire::kCommentBytesMax));
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());

  return context.store.Transact([&](store::Transaction& txn) -> Outcome {
    ASSIGN_OR_RETURN(Entered entered, Enter(txn, request, Side::kAgent, context));
    const Conversation& conversation = entered.conversation;
    ASSIGN_OR_RETURN(const auto record, txn.Get(keys::Agent(conversation.site, agent)));
    if (!record) return ProblemResponse(ProblemCode::kUnprocessable, "agent: there is no such agent");
    if (conversation.record.state == wire::ConversationState::kClosed) return ProblemResponse(ProblemCode::kClosed);
    if (AssigneeOf(conversation) != agent) {
      RETURN_IF_ERROR(HandOver(txn, entered, agent, assignment.comment, now_ms));
    }
    ASSIGN_OR_RETURN(std::string answer, ConversationAnswer(txn, conversation, Side::kAgent));
    return Ok(std::move(answer));
  });
}

}  // namespace alcove::functions::agent
