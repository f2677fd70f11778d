#include "functions/agent/read.h"

#include "functions/typing.h"

namespace alcove::functions::agent {

Outcome Read(const Request& request, Context& context) { return ReadBy(Side::kAgent, request, context); }

}  // namespace alcove::functions::agent
