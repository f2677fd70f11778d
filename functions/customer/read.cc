#include "functions/customer/read.h"

#include "functions/typing.h"

namespace alcove::functions::customer {

Outcome Read(const Request& request, Context& context) { return ReadBy(Side::kCustomer, request, context); }

}  // namespace alcove::functions::customer
