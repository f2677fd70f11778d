#include "functions/agent/claim.h"

#include <string>
#include <utility>

#include "functions/access.h"
#include "functions/advance.h"
#include "functions/append.h"
#include "functions/conflict.h"
#include "functions/lifecycle.h"
#include "functions/problem.h"
#include "functions/request.h"
#include "store/status_macros.h"

namespace alcove::functions::agent {

absl::Status ClaimForCaller(store::Transaction& txn, Entered& entered, int64_t now_ms) {
  ASSIGN_OR_RETURN(wire::Event assigned, Assign(txn, entered.conversation, wire::AgentId(entered.actor.id),
                                                entered.actor, "claimed", now_ms));
  return Append(txn, entered.conversation, std::move(assigned), now_ms).status();
}

Outcome Claim(const Request& request, Context& context) {
  RETURN_IF_ERROR(CheckContentType(request));
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
  return context.store.Transact([&](store::Transaction& txn) -> Outcome {
    ASSIGN_OR_RETURN(Entered entered, Enter(txn, request, Side::kAgent, context));
    Conversation& conversation = entered.conversation;
    if (IsAssigned(StateOf(conversation.record))) {
      if (conversation.record.agent->id != entered.actor.id) {
        return RefusedWithState(txn, conversation, Side::kAgent, ProblemStatus(ProblemCode::kAlreadyClaimed));
      }
    } else if (absl::Status claimed = ClaimForCaller(txn, entered, now_ms); !claimed.ok()) {
      return RefusedWithState(txn, conversation, Side::kAgent, std::move(claimed));
    }
    ASSIGN_OR_RETURN(std::string answer, ConversationAnswer(txn, conversation, Side::kAgent));
    return Ok(std::move(answer));
  });
}

}  // namespace alcove::functions::agent
