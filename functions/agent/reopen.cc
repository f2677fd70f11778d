#include "functions/agent/reopen.h"

#include <utility>

#include "functions/advance.h"
#include "functions/append.h"
#include "functions/change.h"
#include "functions/lifecycle.h"
#include "functions/request.h"
#include "store/status_macros.h"

namespace alcove::functions::agent {

Outcome ReopenFor(const Request& request, Context& context) {
  RETURN_IF_ERROR(CheckContentType(request));
  const auto reopen = [](store::Transaction& txn, Entered& entered, int64_t now_ms) -> absl::Status {
    Conversation& conversation = entered.conversation;
    if (!IsOver(StateOf(conversation.record))) return absl::OkStatus();
    ASSIGN_OR_RETURN(wire::Event reopened, Reopen(txn, conversation, entered.actor, now_ms));
    ASSIGN_OR_RETURN(wire::Event assigned,
                     Assign(txn, conversation, wire::AgentId(entered.actor.id), entered.actor, "reopened", now_ms));
    RETURN_IF_ERROR(Append(txn, conversation, std::move(reopened), now_ms).status());
    return Append(txn, conversation, std::move(assigned), now_ms).status();
  };
  return ChangeConversation(Side::kAgent, request, context, reopen);
}

}  // namespace alcove::functions::agent
