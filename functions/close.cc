#include "functions/close.h"

#include <utility>

#include "functions/access.h"
#include "functions/append.h"
#include "functions/lifecycle.h"
#include "functions/request.h"
#include "functions/wire/limits.h"
#include "functions/wire/requests.h"
#include "store/status_macros.h"

namespace alcove::functions {

Outcome CloseBy(Side side, const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const auto close, ParseBody<wire::CloseConversation>(request));
  RETURN_IF_ERROR(CheckText("reason", close.reason.value_or(""), wire::kReasonBytesMax));
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());

  return context.store.Transact([&](store::Transaction& txn) -> Outcome {
    ASSIGN_OR_RETURN(Entered entered, Enter(txn, request, side, context));
    Conversation& conversation = entered.conversation;
    if (conversation.record.state != wire::ConversationState::kClosed) {
      const bool frees_an_agent = conversation.record.state == wire::ConversationState::kOpen;
      ASSIGN_OR_RETURN(wire::Event closed, Close(txn, conversation, entered.actor, close.reason, now_ms));
      ASSIGN_OR_RETURN(closed, Append(txn, conversation, std::move(closed), now_ms));
      if (frees_an_agent) {
        ASSIGN_OR_RETURN([[maybe_unused]] const bool more, DispatchQueue(txn, conversation.site, now_ms));
      }
    }
    ASSIGN_OR_RETURN(std::string answer, ConversationAnswer(txn, conversation, side));
    return Ok(std::move(answer));
  });
}

}  // namespace alcove::functions
