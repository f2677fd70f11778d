#include "functions/domain/dispatch.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "store/status_macros.h"

namespace alcove::functions {
namespace {

// Shares are compared in so many parts of the whole; capacities are far below it, so that no two that differ are equal.
constexpr int64_t kShareParts = 1'000'000;

std::string NumbersOf(const Candidate& candidate) {
  return absl::StrCat("load ", candidate.load, " of ", candidate.capacity);
}

std::string_view WhyOf(Strategy strategy) {
  switch (strategy) {
    case Strategy::kRoundRobin:
      return "next in turn";
    case Strategy::kWeighted:
      return "least loaded for their capacity";
    case Strategy::kUnknown:
    case Strategy::kLeastLoaded:
    case Strategy::kSticky:
    case Strategy::kManual:
    case Strategy::kExternal:
      break;
  }
  return "least loaded";
}

}  // namespace

bool HasRoom(const Candidate& candidate) {
  return candidate.presence == wire::Presence::kOnline && candidate.load < candidate.capacity;
}

int64_t RankOf(Strategy strategy, const Candidate& candidate) {
  if (strategy == Strategy::kRoundRobin) return 0;
  const int64_t load = std::max<int64_t>(candidate.load, 0);
  if (strategy != Strategy::kWeighted) return load;
  return load * kShareParts / std::max<int64_t>(candidate.capacity, 1);
}

bool IsBefore(Strategy strategy, const Candidate& a, const Candidate& b) {
  return std::tuple(RankOf(strategy, a), a.assigned_at, a.agent) <
         std::tuple(RankOf(strategy, b), b.assigned_at, b.agent);
}

std::vector<Pool> PoolsOf(const Talents& talents) {
  std::vector<Pool> pools = {{Pool::Kind::kAll, ""}};
  for (const std::string& team : talents.teams) pools.push_back({Pool::Kind::kTeam, team});
  for (const Skill& skill : talents.skills) pools.push_back({Pool::Kind::kSkill, skill.name});
  return pools;
}

Pool PoolFor(const Need& need) {
  if (!need.team.empty()) return {Pool::Kind::kTeam, need.team};
  if (!need.skills.empty()) return {Pool::Kind::kSkill, need.skills.front().name};
  return {Pool::Kind::kAll, ""};
}

absl::StatusOr<Decision> Dispatch(const Need& need, const Policy& policy,
                                  const std::optional<wire::AgentId>& last_agent, Roster& roster) {
  if (policy.strategy == Strategy::kManual) return Decision{std::nullopt, "agents choose by themselves"};
  if (need.is_asked_elsewhere) return Decision{std::nullopt, "who gets it is decided elsewhere"};
  if (policy.load_max && policy.load >= *policy.load_max) {
    return Decision{std::nullopt, "the team has as many as it can take",
                    absl::StrCat("team's load ", policy.load, " of ", *policy.load_max)};
  }
  if (policy.strategy == Strategy::kSticky && last_agent) {
    ASSIGN_OR_RETURN(const auto last, roster.Find(*last_agent));
    if (last && HasRoom(*last) && Fits(last->agent, last->talents, need)) {
      return Decision{last->agent, "helped this customer before", NumbersOf(*last)};
    }
  }
  Decision decision{std::nullopt, "nobody who is online has room"};
  bool anybody = false;
  RETURN_IF_ERROR(roster.EachFree(PoolFor(need), [&](const Candidate& candidate) {
    anybody = true;
    if (!Fits(candidate.agent, candidate.talents, need)) return true;
    decision = {candidate.agent, std::string(WhyOf(policy.strategy)), NumbersOf(candidate)};
    return false;
  }));
  if (!decision.agent && anybody) decision.why = "nobody who has room fits";
  return decision;
}

bool IsBefore(const Waiting& a, const Waiting& b) {
  return std::tuple(-a.priority, a.queued_at, a.conversation) < std::tuple(-b.priority, b.queued_at, b.conversation);
}

absl::StatusOr<std::optional<Pairing>> NextPairing(Lanes& lanes, Roster& roster) {
  std::optional<Pairing> pairing;
  RETURN_IF_ERROR(lanes.EachHead([&](const Waiting& waiting) -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(const Policy policy, lanes.PolicyOf(waiting.need.team));
    ASSIGN_OR_RETURN(Decision decision, Dispatch(waiting.need, policy, waiting.last_agent, roster));
    if (decision.agent) pairing = Pairing{waiting, std::move(decision)};
    return !pairing.has_value();
  }));
  return pairing;
}

std::string WhyOf(const Decision& decision) {
  if (decision.numbers.empty()) return decision.why;
  return absl::StrCat(decision.why, " [", decision.numbers, "]");
}

}  // namespace alcove::functions
