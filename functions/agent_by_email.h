// The agent who signs in with an e-mail address.
//
// Threads: a free function; a Reader belongs to its body.
#pragma once

#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "functions/records.h"
#include "functions/wire/ids.h"
#include "store/store.h"

namespace alcove::functions {

struct KnownAgent {
  wire::SiteId site;
  wire::AgentId agent;
  AgentRecord record;
};

// Of an address in lower case. nullopt where nobody has it.
absl::StatusOr<std::optional<KnownAgent>> FindAgentByEmail(store::Reader& reader, std::string_view email);

}  // namespace alcove::functions
