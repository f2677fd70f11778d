#include "functions/people.h"

#include <string>
#include <unordered_map>
#include <utility>

#include "functions/domain/permissions.h"
#include "functions/wire/limits.h"
#include "store/each_entry.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

wire::AgentSummary Summary(const wire::AgentId& agent, const AgentRecord& record, const AgentState& state) {
  return {agent.text(), record.name, state.presence, state.load, record.capacity};
}

// Of those who left or only read there are few among the first.
constexpr size_t kFacesLookedAt = 4 * wire::kFacesMax;

bool MayAnswer(const AgentRecord& record) { return !IsDisabled(record) && May(RoleOf(record), Permission::kConverse); }

// Everything in a range, however much it is.
absl::StatusOr<std::vector<store::Entry>> ScanAll(store::Reader& reader, const store::Range& range) {
  std::vector<store::Entry> all;
  const auto take = [&](store::Entry& entry) {
    all.push_back(std::move(entry));
    return absl::OkStatus();
  };
  // In one round trip for nearly every team: this is asked by each console that begins.
  RETURN_IF_ERROR(store::EachEntry(reader, range, take, wire::kScanEntriesMax));
  return all;
}

}  // namespace

absl::StatusOr<wire::AgentSummary> SummariseAgent(store::Reader& reader, const wire::SiteId& site,
                                                  const wire::AgentId& agent) {
  ASSIGN_OR_RETURN(const AgentRecord record, Load<AgentRecord>(reader, keys::Agent(site, agent)));
  ASSIGN_OR_RETURN(const AgentState state, LoadOrDefault<AgentState>(reader, keys::AgentState(site, agent)));
  return Summary(agent, record, state);
}

void PublishPresence(const wire::SiteId& site, const wire::AgentSummary& agent, Context& context) {
  const std::string topic = keys::TeamTopic(site);
  const std::string key = "presence/" + agent.id;
  wire::Signal signal;
  signal.type = wire::SignalType::kPresence;
  signal.agent = agent;
  const std::string value = ToJson(signal);
  for (const Ephemera::Item& item : context.ephemera.Since(topic, 0, context.clock.Now())) {
    if (item.key == key && item.value == value) return;
  }
  context.ephemera.Publish(topic, key, value, context.clock.Now() + absl::Milliseconds(wire::kPresenceTtlMs));
}

absl::StatusOr<std::vector<wire::AgentSummary>> SummariseAgents(store::Reader& reader, const wire::SiteId& site) {
  ASSIGN_OR_RETURN(const auto states, ScanAll(reader, keys::AllAgentStates(site)));
  std::unordered_map<std::string, AgentState> state_of;
  for (const store::Entry& entry : states) {
    ASSIGN_OR_RETURN(const wire::AgentId agent, keys::DecodeAgent(entry.key));
    ASSIGN_OR_RETURN(state_of[agent.text()], DecodeRecord<AgentState>(entry.value));
  }
  ASSIGN_OR_RETURN(const auto records, ScanAll(reader, keys::AllAgents(site)));
  std::vector<wire::AgentSummary> agents;
  for (const store::Entry& entry : records) {
    ASSIGN_OR_RETURN(const wire::AgentId agent, keys::DecodeAgent(entry.key));
    ASSIGN_OR_RETURN(const AgentRecord record, DecodeRecord<AgentRecord>(entry.value));
    if (!IsDisabled(record)) agents.push_back(Summary(agent, record, state_of[agent.text()]));
  }
  return agents;
}

absl::StatusOr<wire::SiteSummary> SummariseSite(store::Reader& reader, const wire::SiteId& site) {
  ASSIGN_OR_RETURN(const SiteRecord record, Load<SiteRecord>(reader, keys::Site(site)));
  wire::SiteSummary summary;
  summary.id = site.text();
  summary.name = record.name;
  summary.greeting = record.greeting;
  for (const auto& range : {keys::AllOnline(site), keys::AllAgents(site)}) {
    ASSIGN_OR_RETURN(const auto entries, reader.Scan(range, {.limit = kFacesLookedAt}));
    for (const store::Entry& entry : entries) {
      ASSIGN_OR_RETURN(const wire::AgentId agent, keys::DecodeAgent(entry.key));
      bool shown = summary.agents.size() == wire::kFacesMax;
      for (const wire::AgentSummary& other : summary.agents) shown = shown || other.id == agent.text();
      if (shown) continue;
      ASSIGN_OR_RETURN(const AgentRecord face_record, Load<AgentRecord>(reader, keys::Agent(site, agent)));
      if (!MayAnswer(face_record)) continue;
      ASSIGN_OR_RETURN(const AgentState state, LoadOrDefault<AgentState>(reader, keys::AgentState(site, agent)));
      wire::AgentSummary face = Summary(agent, face_record, state);
      summary.online = summary.online || face.presence == wire::Presence::kOnline;
      face.load = face.capacity = 0;
      summary.agents.push_back(std::move(face));
    }
  }
  return summary;
}

}  // namespace alcove::functions
