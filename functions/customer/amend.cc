#include "functions/customer/amend.h"

#include "functions/amend.h"

namespace alcove::functions::customer {

Outcome EditMessage(const Request& request, Context& context) { return EditBy(Side::kCustomer, request, context); }

Outcome DeleteMessage(const Request& request, Context& context) { return DeleteBy(Side::kCustomer, request, context); }

}  // namespace alcove::functions::customer
