// What the rules of domain/ decide on, out of the store: agents, teams, rules,
// hours and who waits.
//
// The domain's plain values are made of records here and nowhere else.
//
// Threads: free functions and objects of one body; a Reader belongs to its body.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "functions/admin_records.h"
#include "functions/conversation.h"
#include "functions/domain/dispatch.h"
#include "functions/domain/hours.h"
#include "functions/domain/rules.h"
#include "functions/records.h"
#include "functions/wire/ids.h"
#include "store/store.h"

namespace alcove::functions {

// Of what administration was told. What is not known gives to the least loaded.
Strategy StrategyOf(wire::Strategy strategy);

// How a site gives out its conversations: its settings and teams, each read
// once, when it is first asked for.
class SiteRouting {
 public:
  SiteRouting(store::Reader& reader, const wire::SiteId& site) : reader_(reader), site_(site) {}

  const wire::SiteId& site() const { return site_; }
  store::Reader& reader() const { return reader_; }

  absl::StatusOr<const SettingsRecord*> Settings();
  // nullptr: there is no such team.
  absl::StatusOr<const TeamRecord*> Team(const std::string& team);
  // Of a team, or "" for the site. A site that has said nothing gives to the least loaded.
  absl::StatusOr<Strategy> StrategyOf(const std::string& team);
  absl::StatusOr<Strategy> StrategyOf(const Pool& pool);
  absl::StatusOr<Policy> PolicyOf(const std::string& team);

 private:
  store::Reader& reader_;
  const wire::SiteId site_;
  std::optional<SettingsRecord> settings_;
  std::map<std::string, std::optional<TeamRecord>> teams_;
};

// --- Agents -----------------------------------------------------------------

// Of an AgentRecord, or of the wire::AgentFields that it is made of.
template <class Agent>
Talents TalentsOf(const Agent& agent) {
  Talents talents{agent.teams, {}, agent.languages};
  for (const wire::SkillLevel& skill : agent.skills) talents.skills.push_back({skill.skill, skill.level});
  return talents;
}
Candidate CandidateOf(const wire::AgentId& agent, const AgentRecord& record, const AgentState& state);

// The keys of the indexes in which an agent is who is as the records say.
absl::StatusOr<std::vector<std::string>> IndexOfAgent(SiteRouting& routing, const wire::AgentId& agent,
                                                      const AgentRecord& record, const AgentState& state);

// The agents of a site, by the indexes of who has room: each is in the order of its pool's strategy.
class StoreRoster : public Roster {
 public:
  explicit StoreRoster(SiteRouting& routing) : routing_(routing) {}

  absl::Status EachFree(const Pool& pool, absl::FunctionRef<bool(const Candidate&)> take) override;
  absl::StatusOr<std::optional<Candidate>> Find(const wire::AgentId& agent) override;

 private:
  SiteRouting& routing_;
};

// --- Who waits --------------------------------------------------------------

Need NeedOf(const ConversationRecord& record);
Waiting WaitingOf(const Conversation& conversation);
// The lane of a need, as keys have it: the same for equal needs, and nobody else's.
std::string LaneOf(const Need& need);

// Its place in the queue, where it waits since then: a time, from which more urgent ones are so far away that none of
// a lower priority comes before one of a higher.
int64_t PlaceOf(int64_t priority, int64_t since_ms);

// What an entry of the queue holds: whose team it waits for, so that places can be counted without looking further.
std::string QueueValueOf(const ConversationRecord& record);
// The place of a conversation that waits, from 1, among those who wait for its team.
absl::StatusOr<int64_t> PlaceInQueue(store::Reader& reader, const Conversation& conversation);

class StoreLanes : public Lanes {
 public:
  // Takes entries away that lead to nothing: a server that knew no lanes has taken the conversation out of the queue.
  StoreLanes(store::Transaction& transaction, SiteRouting& routing) : transaction_(transaction), routing_(routing) {}

  absl::Status EachHead(absl::FunctionRef<absl::StatusOr<bool>(const Waiting&)> take) override;
  absl::StatusOr<Policy> PolicyOf(const std::string& team) override { return routing_.PolicyOf(team); }

 private:
  absl::StatusOr<std::vector<Waiting>> Heads();
  absl::StatusOr<bool> IsHeldBack(Need need);

  store::Transaction& transaction_;
  SiteRouting& routing_;
};

// --- Rules and hours --------------------------------------------------------

Schedule ScheduleOf(const wire::HoursFields& hours);
// Of the site, or of a team that has its own. Always open where none are named.
absl::StatusOr<Schedule> ScheduleFor(SiteRouting& routing, const std::string& team);

// 422 where a team is named that is not there.
absl::Status CheckTeam(store::Reader& reader, const wire::SiteId& site, const std::optional<std::string>& team);

// Those that are not disabled, in the order in which they are tried.
std::vector<Rule> RulesInOrder(const std::vector<wire::Resource<wire::RuleFields>>& resources);
// The owner's.
absl::StatusOr<std::vector<Rule>> RulesOf(store::Reader& reader, const wire::SiteId& site);
// Adds to the facts which of the hours that the rules ask for are open.
absl::Status AddHours(SiteRouting& routing, const std::vector<Rule>& rules, absl::Time now, Facts& facts);

}  // namespace alcove::functions
