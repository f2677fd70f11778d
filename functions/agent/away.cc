#include "functions/agent/away.h"

#include <utility>

#include "functions/defer.h"
#include "functions/lifecycle.h"
#include "functions/people.h"
#include "functions/timers.h"
#include "functions/wire/limits.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::agent {

namespace keys = store::keys;

namespace {

// A poll that ends within kAgentSeenMs of the last that was noted is not, and the next one may be held to its end.
constexpr absl::Duration kUntilGone = absl::Milliseconds(wire::kAgentSeenMs + wire::kPollHoldMs + wire::kAgentGoneMs);

absl::Status ExpectPolls(store::Transaction& txn, const AgentAccess& agent, Context& context) {
  return Defer(txn, kAgentAway, {agent.site.text(), agent.agent.text()}, context.clock.Now() + kUntilGone,
               KeyIn(agent.site, agent.agent), context);
}

struct Noted {
  bool is_back = false;
  bool more = false;  // there may be more of the queue to hand out
  wire::AgentSummary agent;
};

absl::StatusOr<Noted> Note(store::Transaction& txn, const AgentAccess& agent, Context& context) {
  Noted noted;
  ASSIGN_OR_RETURN(const auto online, txn.Get(keys::Online(agent.site, agent.agent)));
  if (online) {
    RETURN_IF_ERROR(ExpectPolls(txn, agent, context));
    return noted;
  }
  ASSIGN_OR_RETURN(const AgentState state, LoadOrDefault<AgentState>(txn, keys::AgentState(agent.site, agent.agent)));
  if (!state.gone.value_or(false)) return noted;
  noted.is_back = true;
  ASSIGN_OR_RETURN(noted.more, BecomeOnline(txn, agent, context));
  ASSIGN_OR_RETURN(noted.agent, SummariseAgent(txn, agent.site, agent.agent));
  return noted;
}

}  // namespace

absl::StatusOr<Afterwards> BecomeAway(store::Transaction& txn, const AwayArguments& arguments, Context& context) {
  const wire::SiteId site(arguments.site);
  const wire::AgentId agent(arguments.agent);
  ASSIGN_OR_RETURN(const auto online, txn.Get(keys::Online(site, agent)));
  if (!online) return Afterwards();
  RETURN_IF_ERROR(UpdateAgentState(txn, site, agent, [](AgentState& state) {
    state.presence = wire::Presence::kAway;
    state.gone = true;
  }));
  RETURN_IF_ERROR(ExpectReassignment(txn, site, agent, context));
  ASSIGN_OR_RETURN(const wire::AgentSummary summary, SummariseAgent(txn, site, agent));
  return Afterwards([site, summary](Context& then) { PublishPresence(site, summary, then); });
}

absl::StatusOr<bool> BecomeOnline(store::Transaction& txn, const AgentAccess& agent, Context& context) {
  RETURN_IF_ERROR(UpdateAgentState(txn, agent.site, agent.agent, [](AgentState& state) {
    state.presence = wire::Presence::kOnline;
    state.gone.reset();
  }));
  RETURN_IF_ERROR(ExpectPolls(txn, agent, context));
  return DispatchQueue(txn, agent.site, context);
}

absl::Status Leave(store::Transaction& txn, const AgentAccess& agent, wire::Presence presence, Context& context) {
  RETURN_IF_ERROR(UpdateAgentState(txn, agent.site, agent.agent, [&](AgentState& state) {
    state.presence = presence;
    state.gone.reset();
  }));
  return Cancel(txn, kAgentAway.name, KeyIn(agent.site, agent.agent), context);
}

void NoteSeen(const AgentAccess& agent, Context& context) {
  const std::string topic = keys::SeenTopic(agent.site, agent.agent);
  const absl::Time now = context.clock.Now();
  if (!context.ephemera.Since(topic, 0, now).empty()) return;
  const auto noted = context.store.Transact([&](store::Transaction& txn) { return Note(txn, agent, context); });
  if (!noted.ok()) return;
  context.ephemera.Publish(topic, "", "", now + absl::Milliseconds(wire::kAgentSeenMs));
  if (!noted->is_back) return;
  if (noted->more) HandOut(agent.site, context);
  // Others are told of nothing that could still be lost.
  if (context.store.Settle().ok()) PublishPresence(agent.site, noted->agent, context);
}

}  // namespace alcove::functions::agent
