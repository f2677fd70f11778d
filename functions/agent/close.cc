#include "functions/agent/close.h"

#include "functions/close.h"

namespace alcove::functions::agent {

Outcome Close(const Request& request, Context& context) { return CloseBy(Side::kAgent, request, context); }

}  // namespace alcove::functions::agent
