#include "functions/customer/hand_over.h"

#include <cstdint>

#include "functions/bot.h"
#include "functions/change.h"
#include "functions/request.h"
#include "store/status_macros.h"

namespace alcove::functions::customer {

Outcome HandOver(const Request& request, Context& context) {
  RETURN_IF_ERROR(CheckContentType(request));
  const auto hand_over = [&](store::Transaction& txn, Entered& entered, int64_t) {
    return AskForPerson(txn, entered.conversation, context);
  };
  return ChangeConversation(Side::kCustomer, request, context, hand_over);
}

}  // namespace alcove::functions::customer
