#include "functions/routing.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "functions/problem.h"
#include "functions/secrets.h"
#include "functions/wire/limits.h"
#include "store/each_entry.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

// Nearly always the first will do; of those who do not fit there may be many.
constexpr size_t kFirstLook = 1;
constexpr size_t kNextLooks = 100;

// In hex digits. Of a site's few needs no two will ever share it.
constexpr size_t kLaneDigits = 16;

// What lies between two priorities in the queue: three years, longer than anybody waits. Times of today stay above
// zero at the highest.
constexpr int64_t kPriorityStepMs = 100'000'000'000;

// `2026-12-25`; nullopt where it is no date.
std::optional<absl::CivilDay> DayOf(const std::string& date) {
  absl::CivilDay day;
  return absl::ParseCivilTime(date, &day) ? std::optional<absl::CivilDay>(day) : std::nullopt;
}

OpenSpan SpanOf(int64_t from_minute, int64_t to_minute) {
  return {static_cast<int>(std::clamp<int64_t>(from_minute, 0, kMinutesOfADay)),
          static_cast<int>(std::clamp<int64_t>(to_minute, 0, kMinutesOfADay))};
}

void PutInOrder(OpenDay& day) {
  std::sort(day.begin(), day.end(),
            [](const OpenSpan& a, const OpenSpan& b) { return a.opens_minute < b.opens_minute; });
}

Condition ConditionOf(const wire::Condition& condition) {
  return {condition.field, condition.name.value_or(""), condition.test, condition.values};
}

Rule RuleOf(const wire::RuleFields& fields) {
  Rule rule;
  rule.name = fields.name;
  rule.matching = fields.matching == wire::Matching::kAny ? Matching::kAny : Matching::kAll;
  for (const wire::Condition& condition : fields.conditions) rule.conditions.push_back(ConditionOf(condition));
  rule.team = fields.effect.team.value_or("");
  if (fields.effect.skill) rule.skill = Skill{*fields.effect.skill, fields.effect.skill_level.value_or(1)};
  rule.priority = fields.effect.priority;
  rule.tags = fields.effect.tags;
  rule.bot = fields.effect.bot;
  return rule;
}

// Whether the head is where the entry of a lane says.
bool IsThere(const Conversation& conversation, const std::string& lane, int64_t place) {
  return conversation.record.state == wire::ConversationState::kQueued && conversation.record.queued_at == place &&
         LaneOf(NeedOf(conversation.record)) == lane;
}

}  // namespace

// --- The site ---------------------------------------------------------------

Strategy StrategyOf(wire::Strategy strategy) {
  switch (strategy) {
    case wire::Strategy::kLeastLoaded:
      return Strategy::kWeighted;
    case wire::Strategy::kRoundRobin:
      return Strategy::kRoundRobin;
    case wire::Strategy::kSticky:
      return Strategy::kSticky;
    case wire::Strategy::kManual:
      return Strategy::kManual;
    case wire::Strategy::kExternal:
      return Strategy::kExternal;
    case wire::Strategy::kUnknown:
      break;
  }
  return Strategy::kLeastLoaded;
}

absl::StatusOr<const SettingsRecord*> SiteRouting::Settings() {
  if (!settings_) {
    ASSIGN_OR_RETURN(settings_, LoadOrDefault<SettingsRecord>(reader_, keys::Settings(site_)));
  }
  return &*settings_;
}

absl::StatusOr<const TeamRecord*> SiteRouting::Team(const std::string& team) {
  const auto [known, is_new] = teams_.try_emplace(team);
  if (is_new && wire::TeamId::Parse(team)) {
    ASSIGN_OR_RETURN(known->second, Find<TeamRecord>(reader_, keys::Team(site_, wire::TeamId(team))));
  }
  return known->second ? &*known->second : nullptr;
}

absl::StatusOr<Strategy> SiteRouting::StrategyOf(const std::string& team) {
  if (!team.empty()) {
    ASSIGN_OR_RETURN(const TeamRecord* const record, Team(team));
    if (record != nullptr && record->strategy) return functions::StrategyOf(*record->strategy);
  }
  ASSIGN_OR_RETURN(const SettingsRecord* const settings, Settings());
  return settings->strategy ? functions::StrategyOf(*settings->strategy) : Strategy::kLeastLoaded;
}

absl::StatusOr<Strategy> SiteRouting::StrategyOf(const Pool& pool) {
  return StrategyOf(pool.kind == Pool::Kind::kTeam ? pool.name : "");
}

absl::StatusOr<Policy> SiteRouting::PolicyOf(const std::string& team) {
  Policy policy;
  ASSIGN_OR_RETURN(policy.strategy, StrategyOf(team));
  if (team.empty()) return policy;
  ASSIGN_OR_RETURN(const TeamRecord* const record, Team(team));
  if (record == nullptr || !record->capacity) return policy;
  policy.load_max = record->capacity;
  ASSIGN_OR_RETURN(const auto state, LoadOrDefault<TeamState>(reader_, keys::TeamState(site_, wire::TeamId(team))));
  policy.load = state.load;
  return policy;
}

// --- Agents -----------------------------------------------------------------

Candidate CandidateOf(const wire::AgentId& agent, const AgentRecord& record, const AgentState& state) {
  const bool is_there = !IsDisabled(record) && RoleOf(record) != wire::Role::kReadOnly;
  return {agent,
          is_there ? state.presence : wire::Presence::kOffline,
          state.load,
          record.capacity,
          state.assigned_at,
          TalentsOf(record)};
}

absl::StatusOr<std::vector<std::string>> IndexOfAgent(SiteRouting& routing, const wire::AgentId& agent,
                                                      const AgentRecord& record, const AgentState& state) {
  std::vector<std::string> index;
  const wire::SiteId& site = routing.site();
  if (state.presence == wire::Presence::kOnline) index.push_back(keys::Online(site, agent));
  const Candidate candidate = CandidateOf(agent, record, state);
  if (!HasRoom(candidate)) return index;
  for (const Pool& pool : PoolsOf(candidate.talents)) {
    ASSIGN_OR_RETURN(const Strategy strategy, routing.StrategyOf(pool));
    const int64_t rank = RankOf(strategy, candidate);
    const int64_t since = std::max<int64_t>(candidate.assigned_at, 0);
    index.push_back(pool.kind == Pool::Kind::kAll ? keys::Available(site, rank, since, agent)
                                                  : keys::Free(site, pool.name, rank, since, agent));
  }
  return index;
}

absl::Status StoreRoster::EachFree(const Pool& pool, absl::FunctionRef<bool(const Candidate&)> take) {
  const wire::SiteId& site = routing_.site();
  store::Range range = pool.kind == Pool::Kind::kAll ? keys::AllAvailable(site) : keys::AllFree(site, pool.name);
  for (size_t limit = kFirstLook;; limit = kNextLooks) {
    ASSIGN_OR_RETURN(const auto entries, routing_.reader().Scan(range, {.limit = limit}));
    for (const store::Entry& entry : entries) {
      ASSIGN_OR_RETURN(const wire::AgentId agent, keys::DecodeAgent(entry.key));
      ASSIGN_OR_RETURN(const auto candidate, Find(agent));
      if (!candidate) return absl::DataLossError("an agent of the index is not there");
      // A server that knows no pools may have changed the agent since.
      if (HasRoom(*candidate) && !take(*candidate)) return absl::OkStatus();
    }
    if (entries.size() < limit) return absl::OkStatus();
    range.begin = entries.back().key + '\0';
  }
}

absl::StatusOr<std::optional<Candidate>> StoreRoster::Find(const wire::AgentId& agent) {
  store::Reader& reader = routing_.reader();
  const wire::SiteId& site = routing_.site();
  ASSIGN_OR_RETURN(const auto record, functions::Find<AgentRecord>(reader, keys::Agent(site, agent)));
  if (!record) return std::optional<Candidate>();
  ASSIGN_OR_RETURN(const auto state, LoadOrDefault<AgentState>(reader, keys::AgentState(site, agent)));
  return std::optional<Candidate>(CandidateOf(agent, *record, state));
}

// --- Who waits --------------------------------------------------------------

Need NeedOf(const ConversationRecord& record) {
  Need need;
  need.team = record.team.value_or("");
  for (const wire::SkillLevel& skill : record.skills.value_or(std::vector<wire::SkillLevel>())) {
    need.skills.push_back({skill.skill, skill.level});
  }
  need.language = record.language.value_or("");
  for (const std::string& agent : record.passed.value_or(std::vector<std::string>())) need.passed.emplace_back(agent);
  need.is_asked_elsewhere = record.asked_elsewhere_at.has_value();
  Normalize(need);
  return need;
}

Waiting WaitingOf(const Conversation& conversation) {
  const ConversationRecord& record = conversation.record;
  // The place is by priority and age both.
  Waiting waiting{conversation.id, 0, record.queued_at, NeedOf(record), {}};
  if (record.last_agent) waiting.last_agent = wire::AgentId(*record.last_agent);
  return waiting;
}

std::string LaneOf(const Need& need) {
  if (need == Need{}) return "any";
  std::string text = absl::StrCat(need.team, "\n", need.language, "\n", need.is_asked_elsewhere ? "elsewhere" : "");
  for (const Skill& skill : need.skills) absl::StrAppend(&text, "\ns", skill.name, " ", skill.level);
  for (const wire::AgentId& agent : need.passed) absl::StrAppend(&text, "\np", agent.text());
  return Sha256Hex(text).substr(0, kLaneDigits);
}

std::string QueueValueOf(const ConversationRecord& record) { return record.team.value_or("1"); }

absl::StatusOr<int64_t> PlaceInQueue(store::Reader& reader, const Conversation& conversation) {
  ASSIGN_OR_RETURN(const auto ahead,
                   reader.Scan(keys::QueuedBefore(conversation.site, conversation.record.queued_at, conversation.id),
                               {.limit = wire::kQueueLengthMax}));
  const std::string value = QueueValueOf(conversation.record);
  return 1 + std::count_if(ahead.begin(), ahead.end(), [&](const store::Entry& entry) { return entry.value == value; });
}

int64_t PlaceOf(int64_t priority, int64_t since_ms) {
  return std::max<int64_t>(since_ms - std::clamp<int64_t>(priority, 0, wire::kPriorityMax) * kPriorityStepMs, 0);
}

absl::Status StoreLanes::EachHead(absl::FunctionRef<absl::StatusOr<bool>(const Waiting&)> take) {
  ASSIGN_OR_RETURN(std::vector<Waiting> heads, Heads());
  std::sort(heads.begin(), heads.end(), [](const Waiting& a, const Waiting& b) { return IsBefore(a, b); });
  for (const Waiting& head : heads) {
    ASSIGN_OR_RETURN(const bool held, IsHeldBack(head.need));
    if (held) continue;
    ASSIGN_OR_RETURN(const bool more, take(head));
    if (!more) break;
  }
  return absl::OkStatus();
}

// Of one need about as many are asked elsewhere as there are agents who could take one.
absl::StatusOr<bool> StoreLanes::IsHeldBack(Need need) {
  ASSIGN_OR_RETURN(const Strategy strategy, routing_.StrategyOf(need.team));
  if (strategy != Strategy::kExternal || need.is_asked_elsewhere) return false;
  const Pool pool = PoolFor(need);
  Need asked = need;
  asked.is_asked_elsewhere = true;
  ASSIGN_OR_RETURN(const auto under_way,
                   transaction_.Scan(keys::LaneOf(routing_.site(), LaneOf(asked)), {.limit = wire::kQueueLengthMax}));
  if (under_way.empty()) return false;
  size_t able = 0;
  StoreRoster roster(routing_);
  RETURN_IF_ERROR(roster.EachFree(pool, [&](const Candidate& candidate) {
    if (Fits(candidate.agent, candidate.talents, need)) ++able;
    return able <= under_way.size();
  }));
  return able <= under_way.size();
}

absl::StatusOr<std::vector<Waiting>> StoreLanes::Heads() {
  const wire::SiteId& site = routing_.site();
  std::vector<Waiting> heads;
  store::Range range = keys::AllLanes(site);
  while (true) {
    ASSIGN_OR_RETURN(const auto first, transaction_.Scan(range, {.limit = 1}));
    if (first.empty()) return heads;
    const std::string& key = first.front().key;
    ASSIGN_OR_RETURN(const wire::ConversationId id, keys::DecodeConversation(key));
    ASSIGN_OR_RETURN(const std::string lane, keys::DecodeLane(key));
    ASSIGN_OR_RETURN(const int64_t place, keys::DecodeTime(key));
    ASSIGN_OR_RETURN(const Conversation conversation, LoadConversation(transaction_, site, id));
    if (IsThere(conversation, lane, place)) {
      heads.push_back(WaitingOf(conversation));
      range.begin = keys::LaneOf(site, lane).end;
    } else {
      transaction_.Erase(key);
      range.begin = key + '\0';
    }
  }
}

// --- Rules and hours --------------------------------------------------------

Schedule ScheduleOf(const wire::HoursFields& hours) {
  Schedule schedule;
  // A zone that this machine has no longer is better taken for another than refused.
  schedule.zone = ParseZone(hours.time_zone).value_or(absl::UTCTimeZone());
  for (const wire::WeeklySpan& span : hours.weekly) {
    if (span.day < 1 || span.day > 7) continue;
    schedule.week[static_cast<size_t>(span.day - 1)].push_back(SpanOf(span.from_minute, span.to_minute));
  }
  for (OpenDay& day : schedule.week) PutInOrder(day);
  for (const wire::Holiday& holiday : hours.holidays) {
    const auto day = DayOf(holiday.date);
    if (!day) continue;
    const bool yearly = holiday.yearly.value_or(false);
    schedule.holidays.push_back(
        {yearly ? std::nullopt : std::optional<int64_t>(day->year()), day->month(), day->day()});
  }
  for (const wire::HoursException& exception : hours.exceptions) {
    const auto day = DayOf(exception.date);
    if (!day) continue;
    ExceptionalDay exceptional{*day, {}};
    for (const wire::MinuteSpan& span : exception.open) {
      exceptional.hours.push_back(SpanOf(span.from_minute, span.to_minute));
    }
    PutInOrder(exceptional.hours);
    schedule.exceptions.push_back(std::move(exceptional));
  }
  return schedule;
}

namespace {

absl::StatusOr<Schedule> ScheduleNamed(SiteRouting& routing, const std::string& hours) {
  if (!wire::HoursId::Parse(hours)) return AlwaysOpen();
  ASSIGN_OR_RETURN(const auto record,
                   Find<HoursRecord>(routing.reader(), keys::Hours(routing.site(), wire::HoursId(hours))));
  return record ? ScheduleOf(*record) : AlwaysOpen();
}

}  // namespace

absl::StatusOr<Schedule> ScheduleFor(SiteRouting& routing, const std::string& team) {
  if (!team.empty()) {
    ASSIGN_OR_RETURN(const TeamRecord* const record, routing.Team(team));
    if (record != nullptr && record->hours) return ScheduleNamed(routing, *record->hours);
  }
  ASSIGN_OR_RETURN(const SettingsRecord* const settings, routing.Settings());
  return ScheduleNamed(routing, settings->hours.value_or(""));
}

absl::Status CheckTeam(store::Reader& reader, const wire::SiteId& site, const std::optional<std::string>& team) {
  if (!team) return absl::OkStatus();
  SiteRouting routing(reader, site);
  ASSIGN_OR_RETURN(const TeamRecord* const record, routing.Team(*team));
  if (record != nullptr) return absl::OkStatus();
  return ProblemStatus(ProblemCode::kUnprocessable, "team: there is no such team");
}

std::vector<Rule> RulesInOrder(const std::vector<wire::Resource<wire::RuleFields>>& resources) {
  std::vector<const wire::Resource<wire::RuleFields>*> placed;
  for (const auto& resource : resources) {
    if (!resource.fields.disabled.value_or(false)) placed.push_back(&resource);
  }
  std::sort(placed.begin(), placed.end(), [](const auto* a, const auto* b) {
    return std::tie(a->fields.place, a->id) < std::tie(b->fields.place, b->id);
  });
  std::vector<Rule> rules;
  for (const auto* resource : placed) rules.push_back(RuleOf(resource->fields));
  return rules;
}

absl::StatusOr<std::vector<Rule>> RulesOf(store::Reader& reader, const wire::SiteId& site) {
  std::vector<wire::Resource<wire::RuleFields>> resources;
  RETURN_IF_ERROR(store::EachEntry(reader, keys::AllRules(site), [&](const store::Entry& entry) -> absl::Status {
    ASSIGN_OR_RETURN(std::string id, keys::DecodeId(entry.key));
    ASSIGN_OR_RETURN(const auto record, DecodeRecord<RuleRecord>(entry.value));
    resources.push_back({std::move(id), record});
    return absl::OkStatus();
  }));
  return RulesInOrder(resources);
}

absl::Status AddHours(SiteRouting& routing, const std::vector<Rule>& rules, absl::Time now, Facts& facts) {
  for (const Rule& rule : rules) {
    for (const Condition& condition : rule.conditions) {
      if (condition.of != Subject::kHours || facts.open.contains(condition.name)) continue;
      ASSIGN_OR_RETURN(const Schedule schedule,
                       condition.name.empty() ? ScheduleFor(routing, "") : ScheduleNamed(routing, condition.name));
      facts.open[condition.name] = IsOpen(schedule, now);
    }
  }
  return absl::OkStatus();
}

}  // namespace alcove::functions
