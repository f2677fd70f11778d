#include "functions/close.h"

#include <utility>

#include "functions/advance.h"
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
    const State state = StateOf(conversation.record);
    if (IsOver(state)) return absl::OkStatus();
    ASSIGN_OR_RETURN(wire::Event closed, Close(txn, conversation, entered.actor, close.reason, now_ms));
    RETURN_IF_ERROR(Append(txn, conversation, std::move(closed), now_ms).status());
    return IsAssigned(state) ? DispatchQueue(txn, conversation.site, now_ms).status() : absl::OkStatus();
  };
  return ChangeConversation(side, request, context, end);
}

}  // namespace alcove::functions
