#include "functions/agent/participate.h"

#include <optional>
#include <string>
#include <utility>

#include "functions/advance.h"
#include "functions/agent/assign.h"
#include "functions/append.h"
#include "functions/change.h"
#include "functions/participants.h"
#include "functions/problem.h"
#include "functions/request.h"
#include "functions/wire/collaboration.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::agent {

namespace {

absl::Status AppendIfAny(store::Transaction& txn, Conversation& conversation, std::optional<wire::Event> event,
                         int64_t now_ms) {
  return event ? Append(txn, conversation, *std::move(event), now_ms).status() : absl::OkStatus();
}

// Who is in it may ask others in, and who supervises anywhere.
absl::Status CheckMayInvite(store::Reader& reader, const Entered& entered) {
  const Conversation& conversation = entered.conversation;
  const std::string& caller = entered.actor.id;
  if (HasIt(conversation, caller) || TakesPart(conversation.record, caller)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto record,
                   Load<AgentRecord>(reader, store::keys::Agent(conversation.site, wire::AgentId(caller))));
  return CheckRole(RoleOf(record), Permission::kSupervise);
}

}  // namespace

Outcome JoinIt(const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const auto participation, ParseBody<wire::Participation>(request));
  const auto join = [&](store::Transaction& txn, Entered& entered, int64_t now_ms) -> absl::Status {
    Conversation& conversation = entered.conversation;
    const std::string agent = participation.agent.value_or(entered.actor.id);
    if (agent != entered.actor.id) {
      RETURN_IF_ERROR(CheckMayInvite(txn, entered));
      RETURN_IF_ERROR(CheckMayBeGiven(txn, conversation.site, agent));
    }
    ASSIGN_OR_RETURN(auto joined, AddParticipant(txn, conversation, wire::AgentId(agent), entered.actor));
    return AppendIfAny(txn, conversation, std::move(joined), now_ms);
  };
  return ChangeConversation(Side::kAgent, request, context, join);
}

Outcome LeaveIt(const Request& request, Context& context) {
  RETURN_IF_ERROR(CheckContentType(request));
  const auto leave = [](store::Transaction& txn, Entered& entered, int64_t now_ms) -> absl::Status {
    Conversation& conversation = entered.conversation;
    RETURN_IF_ERROR(CheckMay(conversation.record, Action::kLeave));
    if (HasIt(conversation, entered.actor.id)) {
      return ProblemStatus(ProblemCode::kUnprocessable, "who has it hands it over, or closes it");
    }
    return AppendIfAny(txn, conversation,
                       RemoveParticipant(txn, conversation, wire::AgentId(entered.actor.id), entered.actor), now_ms);
  };
  return ChangeConversation(Side::kAgent, request, context, leave);
}

}  // namespace alcove::functions::agent
