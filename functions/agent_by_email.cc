#include "functions/agent_by_email.h"

#include <utility>

#include "functions/secrets.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

absl::StatusOr<std::optional<KnownAgent>> FindAgentByEmail(store::Reader& reader, std::string_view email) {
  ASSIGN_OR_RETURN(const auto owner, Find<AgentEmailRecord>(reader, keys::AgentByEmail(Sha256Hex(email))));
  if (!owner) return std::optional<KnownAgent>();
  KnownAgent known{wire::SiteId(owner->site), wire::AgentId(owner->agent), {}};
  ASSIGN_OR_RETURN(known.record, Load<AgentRecord>(reader, keys::Agent(known.site, known.agent)));
  return std::optional(std::move(known));
}

}  // namespace alcove::functions
