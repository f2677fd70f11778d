#include "functions/customer/poll.h"

#include "functions/poll.h"

namespace alcove::functions::customer {

Outcome Poll(const Request& request, Context& context) { return PollFor(Side::kCustomer, request, context); }

}  // namespace alcove::functions::customer
