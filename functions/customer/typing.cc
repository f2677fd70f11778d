#include "functions/customer/typing.h"

#include "functions/typing.h"

namespace alcove::functions::customer {

Outcome Typing(const Request& request, Context& context) { return TypingBy(Side::kCustomer, request, context); }

}  // namespace alcove::functions::customer
