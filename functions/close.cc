#include "functions/close.h"

#include <utility>

#include "functions/append.h"
#include "functions/change.h"
#include "functions/lifecycle.h"
#include "functions/request.h"
#include "functions/wire/limits.h"
#include "functions/wire/requests.h"
#include "store/status_macros.h"

namespace alcove::functions {

Outcome CloseBy(Side side, const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const auto close, ParseBody<wire::CloseConversation>(request));
  RETURN_IF_ERROR(CheckText("reason", close.reason.value_or(""), wire::kReasonBytesMax));

  const auto end = [&](store::Transaction& txn, Entered& entered, int64_t now_ms) -> absl::Status {
    Conversation& conversation = entered.conversation;
    if (conversation.record.state == wire::ConversationState::kClosed) return absl::OkStatus();
    const bool frees_an_agent = conversation.record.state == wire::ConversationState::kOpen;
    ASSIGN_OR_RETURN(wire::Event closed, Close(txn, conversation, entered.actor, close.reason, now_ms));
    RETURN_IF_ERROR(Append(txn, conversation, std::move(closed), now_ms).status());
    return frees_an_agent ? DispatchQueue(txn, conversation.site, now_ms).status() : absl::OkStatus();
  };
  return ChangeConversation(side, request, context, end);
}

}  // namespace alcove::functions
