#include "functions/customer/put_message.h"

#include "functions/message.h"

namespace alcove::functions::customer {

Outcome PutMessage(const Request& request, Context& context) { return PutMessageBy(Side::kCustomer, request, context); }

}  // namespace alcove::functions::customer
