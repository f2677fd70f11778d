#include "functions/change.h"

#include <string>
#include <utility>

#include "functions/append.h"
#include "functions/conflict.h"
#include "functions/request.h"
#include "store/status_macros.h"

namespace alcove::functions {

Outcome ChangeConversation(Side side, const Request& request, Context& context, ConversationChange change) {
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
  return context.store.Transact([&](store::Transaction& txn) -> Outcome {
    ASSIGN_OR_RETURN(Entered entered, Enter(txn, request, side, context));
    if (absl::Status changed = change(txn, entered, now_ms); !changed.ok()) {
      return RefusedWithState(txn, entered.conversation, side, std::move(changed));
    }
    ASSIGN_OR_RETURN(std::string answer, ConversationAnswer(txn, entered.conversation, side));
    return Ok(std::move(answer));
  });
}

}  // namespace alcove::functions
