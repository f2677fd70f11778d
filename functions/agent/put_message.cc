#include "functions/agent/put_message.h"

#include "functions/message.h"

namespace alcove::functions::agent {

Outcome PutMessage(const Request& request, Context& context) { return PutMessageBy(Side::kAgent, request, context); }

}  // namespace alcove::functions::agent
