// Agents and sites as others see them.
//
// Threads: free functions; a Reader belongs to its body.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "functions/context.h"
#include "functions/records.h"
#include "functions/wire/ids.h"
#include "functions/wire/poll.h"
#include "functions/wire/requests.h"
#include "store/store.h"

namespace alcove::functions {

// As colleagues see the agent. NOT_FOUND where there is none.
absl::StatusOr<wire::AgentSummary> SummariseAgent(store::Reader& reader, const wire::SiteId& site,
                                                  const wire::AgentId& agent);

// Tells the colleagues of an agent's presence, unless just this was told
// already: a console repeats its presence after each reconnect. What the store
// held before says nothing of that: the write before may have been kept without
// an answer, and without being told.
void PublishPresence(const wire::SiteId& site, const wire::AgentSummary& agent, Context& context);

// Every agent of the site who is not disabled, in the order of their ids.
absl::StatusOr<std::vector<wire::AgentSummary>> SummariseAgents(store::Reader& reader, const wire::SiteId& site);

// The site as customers see it: at most 3 of its agents who may answer, those
// who are online first, without what they have to do.
absl::StatusOr<wire::SiteSummary> SummariseSite(store::Reader& reader, const wire::SiteId& site);

}  // namespace alcove::functions
