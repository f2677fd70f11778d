#include "functions/agent/assign.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "functions/advance.h"
#include "functions/append.h"
#include "functions/change.h"
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
  const bool waits = !IsAssigned(StateOf(conversation.record));
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

  const auto assign = [&](store::Transaction& txn, Entered& entered, int64_t now_ms) -> absl::Status {
    ASSIGN_OR_RETURN(const auto record, txn.Get(keys::Agent(entered.conversation.site, agent)));
    if (!record) return ProblemStatus(ProblemCode::kUnprocessable, "agent: there is no such agent");
    const ConversationRecord& head = entered.conversation.record;
    RETURN_IF_ERROR(CheckMay(head, IsAssigned(StateOf(head)) ? Action::kTransfer : Action::kAssign));
    if (AssigneeOf(entered.conversation) == agent) return absl::OkStatus();
    return HandOver(txn, entered, agent, assignment.comment, now_ms);
  };
  return ChangeConversation(Side::kAgent, request, context, assign);
}

}  // namespace alcove::functions::agent
