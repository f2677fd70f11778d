#include "functions/agent/amend.h"

#include "functions/amend.h"

namespace alcove::functions::agent {

Outcome EditMessage(const Request& request, Context& context) { return EditBy(Side::kAgent, request, context); }

Outcome DeleteMessage(const Request& request, Context& context) { return DeleteBy(Side::kAgent, request, context); }

}  // namespace alcove::functions::agent
