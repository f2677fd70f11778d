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
#include "functions/routing.h"
#include "functions/timers.h"
#include "functions/wire/collaboration.h"
#include "functions/wire/limits.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::agent {

namespace keys = store::keys;

absl::Status CheckMayBeGiven(store::Reader& reader, const wire::SiteId& site, const std::string& id) {
  ASSIGN_OR_RETURN(const auto agent, ParseChosenId<wire::AgentId>("agent", id));
  ASSIGN_OR_RETURN(const auto record, Find<AgentRecord>(reader, keys::Agent(site, agent)));
  if (!record) return ProblemStatus(ProblemCode::kUnprocessable, "agent: there is no such agent");
  if (IsDisabled(*record)) return ProblemStatus(ProblemCode::kUnprocessable, "agent: is disabled");
  if (May(RoleOf(*record), Permission::kConverse)) return absl::OkStatus();
  return ProblemStatus(ProblemCode::kUnprocessable, "agent: may only read");
}

namespace {

// Whose it is to be: an agent who may have it, or a team, who are there.
absl::Status Check(store::Reader& reader, const wire::SiteId& site, const wire::Assignment& assignment) {
  if (assignment.agent && assignment.team) {
    return ProblemStatus(ProblemCode::kUnprocessable, "agent and team: it can be given to one of them");
  }
  if (assignment.team) return CheckTeam(reader, site, assignment.team);
  if (!assignment.agent) return ProblemStatus(ProblemCode::kUnprocessable, "agent is missing");
  return CheckMayBeGiven(reader, site, *assignment.agent);
}

// It waits for the team, at the age that it has; whoever of them has room gets it at once.
absl::Status HandToTeam(store::Transaction& txn, Entered& entered, const std::string& team,
                        const std::optional<std::string>& comment, int64_t now_ms, Context& context) {
  Conversation& conversation = entered.conversation;
  const bool has_comment = comment && !comment->empty();
  const bool was_assigned = IsAssigned(StateOf(conversation.record));
  if (was_assigned) {
    const std::string why = absl::StrCat("handed to a team by ", entered.actor.name);
    ASSIGN_OR_RETURN(Unassigned events, Unassign(txn, conversation, why, now_ms));
    events.unassigned.actor = entered.actor;
    if (has_comment) events.unassigned.comment = comment;
    RETURN_IF_ERROR(Append(txn, conversation, std::move(events.unassigned), now_ms).status());
  }
  // A bot has it, which has no place in the queue yet.
  const bool is_new = StateOf(conversation.record) == State::kBot;
  if (is_new) conversation.record.team = team;
  ASSIGN_OR_RETURN(wire::Event queued,
                   is_new ? Enqueue(txn, conversation, now_ms) : MoveToTeam(txn, conversation, team, now_ms));
  // Said once: where somebody had it, with that they have it no more.
  if (has_comment && !was_assigned) queued.comment = comment;
  RETURN_IF_ERROR(Append(txn, conversation, std::move(queued), now_ms).status());
  RETURN_IF_ERROR(ExpectOverflow(txn, conversation, context));
  return DispatchQueue(txn, conversation.site, context).status();
}

// From whoever has it, from a bot, or from the queue.
absl::Status HandOver(store::Transaction& txn, Entered& entered, const wire::AgentId& agent,
                      const std::optional<std::string>& comment, int64_t now_ms, Context& context) {
  Conversation& conversation = entered.conversation;
  const bool waits = !IsAssigned(StateOf(conversation.record));
  const std::string why = absl::StrCat("assigned by ", entered.actor.name);
  ASSIGN_OR_RETURN(wire::Event event, waits ? Assign(txn, conversation, agent, entered.actor, why, now_ms)
                                            : Transfer(txn, conversation, agent, entered.actor, now_ms));
  if (comment && !comment->empty()) event.comment = comment;
  RETURN_IF_ERROR(Append(txn, conversation, std::move(event), now_ms).status());
  // Who had it has room.
  return waits ? absl::OkStatus() : DispatchQueue(txn, conversation.site, context).status();
}

}  // namespace

Outcome AssignTo(const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const auto assignment, ParseBody<wire::Assignment>(request));
  RETURN_IF_ERROR(CheckText("comment", assignment.comment.value_or(""), wire::kCommentBytesMax));

  const auto assign = [&](store::Transaction& txn, Entered& entered, int64_t now_ms) -> absl::Status {
    RETURN_IF_ERROR(Check(txn, entered.conversation.site, assignment));
    const ConversationRecord& head = entered.conversation.record;
    RETURN_IF_ERROR(CheckMay(head, IsAssigned(StateOf(head)) ? Action::kTransfer : Action::kAssign));
    if (assignment.team) {
      const bool waits_there = StateOf(head) == State::kQueued && head.team == assignment.team;
      if (waits_there) return absl::OkStatus();
      return HandToTeam(txn, entered, *assignment.team, assignment.comment, now_ms, context);
    }
    const wire::AgentId agent(*assignment.agent);
    if (AssigneeOf(entered.conversation) == agent) return absl::OkStatus();
    return HandOver(txn, entered, agent, assignment.comment, now_ms, context);
  };
  return ChangeConversation(Side::kAgent, request, context, assign);
}

}  // namespace alcove::functions::agent
