#include "functions/agent/presence.h"

#include <string>

#include "functions/access.h"
#include "functions/agent/away.h"
#include "functions/people.h"
#include "functions/problem.h"
#include "functions/request.h"
#include "functions/wire/limits.h"
#include "functions/wire/requests.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::agent {

namespace {

// As wire::PresenceChange, with the name as it came: one that is not known
// must not read as the first.
struct NamedPresence {
  std::string state;
};
template <class V>
void Describe(V& visit, NamedPresence& change) {
  visit("state", change.state);
}

absl::StatusOr<wire::Presence> ParsePresence(const Request& request) {
  ASSIGN_OR_RETURN(const auto change, ParseBody<NamedPresence>(request));
  const auto presence = wire::FromName<wire::Presence>(change.state);
  if (wire::NameOf(presence) == change.state) return presence;
  return ProblemStatus(ProblemCode::kUnprocessable, "state is none of online, away and offline");
}

struct Changed {
  wire::SiteId site;
  wire::AgentSummary agent;
  bool more = false;  // there may be more of the queue to hand out
};

absl::StatusOr<Changed> Change(store::Transaction& txn, const Request& request, wire::Presence presence,
                               Context& context) {
  ASSIGN_OR_RETURN(const AgentAccess access, AccessAgent(txn, request, context));
  ASSIGN_OR_RETURN(const auto agent, Load<AgentRecord>(txn, store::keys::Agent(access.site, access.agent)));
  RETURN_IF_ERROR(CheckRole(RoleOf(agent), Permission::kConverse));
  Changed changed;
  changed.site = access.site;
  if (presence == wire::Presence::kOnline) {
    ASSIGN_OR_RETURN(changed.more, BecomeOnline(txn, access, context));
  } else {
    RETURN_IF_ERROR(Leave(txn, access, presence, context));
  }
  ASSIGN_OR_RETURN(changed.agent, SummariseAgent(txn, access.site, access.agent));
  return changed;
}

}  // namespace

Outcome SetPresence(const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const wire::Presence presence, ParsePresence(request));
  Changed changed;
  do {
    // A queue longer than one transaction hands out takes several.
    ASSIGN_OR_RETURN(changed, context.store.Transact(
                                  [&](store::Transaction& txn) { return Change(txn, request, presence, context); }));
  } while (changed.more);
  // Others are told of nothing that could still be lost.
  RETURN_IF_ERROR(context.store.Settle());
  PublishPresence(changed.site, changed.agent, context);
  return Ok(ToJson(wire::AgentAnswer{changed.agent}));
}

}  // namespace alcove::functions::agent
