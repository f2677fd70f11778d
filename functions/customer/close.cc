#include "functions/customer/close.h"

#include "functions/close.h"

namespace alcove::functions::customer {

Outcome Close(const Request& request, Context& context) { return CloseBy(Side::kCustomer, request, context); }

}  // namespace alcove::functions::customer
