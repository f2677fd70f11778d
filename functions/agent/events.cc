#include "functions/agent/events.h"

#include "functions/history.h"

namespace alcove::functions::agent {

Outcome Events(const Request& request, Context& context) { return EventsFor(Side::kAgent, request, context); }

}  // namespace alcove::functions::agent
