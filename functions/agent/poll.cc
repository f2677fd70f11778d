#include "functions/agent/poll.h"

#include "functions/poll.h"

namespace alcove::functions::agent {

Outcome Poll(const Request& request, Context& context) { return PollFor(Side::kAgent, request, context); }

}  // namespace alcove::functions::agent
