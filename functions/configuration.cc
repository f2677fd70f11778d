#include "functions/configuration.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "functions/admin_records.h"
#include "functions/domain/permissions.h"
#include "functions/people.h"
#include "functions/records.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

// Each of a range, which is as long as its limit at most, that `is_for`, as `make(id, record)`.
template <class Record, class Item, class IsFor, class Make>
absl::Status ReadThose(store::Reader& reader, const store::Range& range, std::vector<Item>& items, const IsFor& is_for,
                       const Make& make) {
  ASSIGN_OR_RETURN(const auto entries, reader.Scan(range));
  for (const store::Entry& entry : entries) {
    ASSIGN_OR_RETURN(std::string id, keys::DecodeId(entry.key));
    ASSIGN_OR_RETURN(Record record, DecodeRecord<Record>(entry.value));
    if (is_for(record)) items.push_back(make(std::move(id), std::move(record)));
  }
  return absl::OkStatus();
}

template <class Record, class Item, class Make>
absl::Status ReadAll(store::Reader& reader, const store::Range& range, std::vector<Item>& items, const Make& make) {
  return ReadThose<Record>(reader, range, items, [](const Record&) { return true; }, make);
}

wire::Team Team(std::string id, TeamRecord record) { return {std::move(id), std::move(record.name)}; }

wire::CannedReply Canned(std::string shortcut, CannedRecord record) {
  return {std::move(shortcut), std::move(record.text), std::move(record.folder), std::move(record.team)};
}

wire::Resource<wire::AttributeFields> Attribute(std::string id, const AttributeRecord& record) {
  return {std::move(id), record};
}

wire::Resource<wire::MacroFields> Macro(std::string id, const MacroRecord& record) { return {std::move(id), record}; }

wire::Resource<wire::TagFields> Tag(std::string id, const TagRecord& record) { return {std::move(id), record}; }

}  // namespace

absl::StatusOr<wire::AgentConfiguration> ConfigurationFor(store::Reader& reader, const AgentAccess& agent) {
  const wire::SiteId& site = agent.site;
  wire::AgentConfiguration all;
  ASSIGN_OR_RETURN(all.agent, SummariseAgent(reader, site, agent.agent));
  ASSIGN_OR_RETURN(const auto record, Load<AgentRecord>(reader, keys::Agent(site, agent.agent)));
  if (May(RoleOf(record), Permission::kSupervise)) all.supervises = true;
  ASSIGN_OR_RETURN(all.site, SummariseSite(reader, site));
  ASSIGN_OR_RETURN(all.agents, SummariseAgents(reader, site));
  RETURN_IF_ERROR(ReadAll<TeamRecord>(reader, keys::AllTeams(site), all.teams, Team));
  // What is a team's is for those who are in it.
  const auto is_for_agent = [&](const auto& ready) {
    return !ready.team || std::find(record.teams.begin(), record.teams.end(), *ready.team) != record.teams.end();
  };
  RETURN_IF_ERROR(ReadThose<CannedRecord>(reader, keys::AllCannedReplies(site), all.canned, is_for_agent, Canned));
  RETURN_IF_ERROR(ReadThose<MacroRecord>(reader, keys::AllMacros(site), all.macros, is_for_agent, Macro));
  RETURN_IF_ERROR(ReadAll<TagRecord>(reader, keys::AllTags(site), all.tags, Tag));
  RETURN_IF_ERROR(ReadAll<AttributeRecord>(reader, keys::AllAttributes(site), all.attributes, Attribute));
  ASSIGN_OR_RETURN(auto settings, LoadOrDefault<SettingsRecord>(reader, keys::Settings(site)));
  all.closing = wire::Closing{std::move(settings.close_reasons), settings.close_reason_required, settings.tag_required};
  return all;
}

}  // namespace alcove::functions
