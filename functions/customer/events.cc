#include "functions/customer/events.h"

#include "functions/history.h"

namespace alcove::functions::customer {

Outcome Events(const Request& request, Context& context) { return EventsFor(Side::kCustomer, request, context); }

}  // namespace alcove::functions::customer
