// What a console is given of what administration made.
//
// Threads: a free function; a Reader belongs to its body.
#pragma once

#include "absl/status/statusor.h"
#include "functions/access.h"
#include "functions/wire/requests.h"
#include "store/store.h"

namespace alcove::functions {

// Of the canned replies and macros those of the site and of the agent's teams. NOT_FOUND where the agent is not there.
absl::StatusOr<wire::AgentConfiguration> ConfigurationFor(store::Reader& reader, const AgentAccess& agent);

}  // namespace alcove::functions
