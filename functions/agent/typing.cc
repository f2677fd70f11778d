#include "functions/agent/typing.h"

#include "functions/typing.h"

namespace alcove::functions::agent {

Outcome Typing(const Request& request, Context& context) { return TypingBy(Side::kAgent, request, context); }

}  // namespace alcove::functions::agent
