#include "functions/agent/reopen.h"

#include <string>
#include <utility>

#include "functions/access.h"
#include "functions/append.h"
#include "functions/lifecycle.h"
#include "functions/request.h"
#include "store/status_macros.h"

namespace alcove::functions::agent {

Outcome ReopenFor(const Request& request, Context& context) {
  RETURN_IF_ERROR(CheckContentType(request));
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
  return context.store.Transact([&](store::Transaction& txn) -> Outcome {
    ASSIGN_OR_RETURN(Entered entered, Enter(txn, request, Side::kAgent, context));
    Conversation& conversation = entered.conversation;
    if (conversation.record.state == wire::ConversationState::kClosed) {
      ASSIGN_OR_RETURN(wire::Event reopened, Reopen(txn, conversation, entered.actor));
      ASSIGN_OR_RETURN(wire::Event assigned,
                       Assign(txn, conversation, wire::AgentId(entered.actor.id), entered.actor, "reopened", now_ms));
      RETURN_IF_ERROR(Append(txn, conversation, std::move(reopened), now_ms).status());
      RETURN_IF_ERROR(Append(txn, conversation, std::move(assigned), now_ms).status());
    }
    ASSIGN_OR_RETURN(std::string answer, ConversationAnswer(txn, conversation, Side::kAgent));
    return Ok(std::move(answer));
  });
}

}  // namespace alcove::functions::agent
