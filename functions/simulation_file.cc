#include "functions/simulation_file.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "functions/admin/checks.h"
#include "functions/domain/attributes.h"
#include "functions/domain/bot.h"
#include "functions/domain/hours.h"
#include "functions/domain/rules.h"
#include "functions/json_codec.h"
#include "functions/routing.h"
#include "functions/wire/admin.h"
#include "functions/wire/ids.h"
#include "functions/wire/limits.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace {

// --- The file ---------------------------------------------------------------

struct ShiftInFile {
  std::string from;
  std::string to;
};
template <class V>
void Describe(V& visit, ShiftInFile& shift) {
  visit("from", shift.from);
  visit("to", shift.to);
}

struct AgentInFile {
  std::string id;
  wire::AgentFields fields;
  std::vector<ShiftInFile> shifts;
  std::optional<int64_t> answers_after_ms;
};
template <class V>
void Describe(V& visit, AgentInFile& agent) {
  visit("id", agent.id);
  Describe(visit, agent.fields);
  visit("shifts", agent.shifts);
  visit("answers_after_ms", agent.answers_after_ms);
}

struct ArrivalInFile {
  std::string at;
  int64_t handling_ms = 0;
  std::optional<int64_t> patience_ms;
  std::optional<std::vector<std::string>> says;
  std::optional<int64_t> says_every_ms;
  std::optional<std::string> customer;
  std::optional<std::string> page;
  std::optional<std::string> team;
  std::optional<std::string> language;
  std::optional<std::string> tier;
  // Objects, by the names that conditions have.
  std::optional<wire::RawJson> form;
  std::optional<wire::RawJson> customer_attributes;
  std::optional<wire::RawJson> conversation_attributes;
};
template <class V>
void Describe(V& visit, ArrivalInFile& arrival) {
  visit("at", arrival.at);
  visit("handling_ms", arrival.handling_ms);
  visit("patience_ms", arrival.patience_ms);
  visit("says", arrival.says);
  visit("says_every_ms", arrival.says_every_ms);
  visit("customer", arrival.customer);
  visit("page", arrival.page);
  visit("team", arrival.team);
  visit("language", arrival.language);
  visit("tier", arrival.tier);
  visit("form", arrival.form);
  visit("customer_attributes", arrival.customer_attributes);
  visit("conversation_attributes", arrival.conversation_attributes);
}

struct SimulationFile {
  std::string date;
  std::optional<std::string> time_zone;
  std::optional<wire::SettingsFields> settings;
  std::vector<wire::Resource<wire::TeamFields>> teams;
  std::vector<wire::Resource<wire::SkillFields>> skills;
  std::vector<wire::Resource<wire::HoursFields>> hours;
  std::vector<wire::Resource<wire::RuleFields>> rules;
  std::vector<wire::Resource<wire::BotFields>> bots;
  std::vector<AgentInFile> agents;
  std::vector<ArrivalInFile> arrivals;
};
template <class V>
void Describe(V& visit, SimulationFile& file) {
  visit("date", file.date);
  visit("time_zone", file.time_zone);
  visit("settings", file.settings);
  visit("teams", file.teams);
  visit("skills", file.skills);
  visit("hours", file.hours);
  visit("rules", file.rules);
  visit("bots", file.bots);
  visit("agents", file.agents);
  visit("arrivals", file.arrivals);
}

template <class... Parts>
absl::Status BadFile(const Parts&... parts) {
  return absl::InvalidArgumentError(absl::StrCat(parts...));
}

std::string At(std::string_view list, size_t index) { return absl::StrCat(std::string(list), "[", index, "]"); }

// The names that a type declares.
class DeclaredNames {
 public:
  template <class T>
  static const std::set<std::string_view>& Of() {
    static const std::set<std::string_view>& kNames = *new std::set<std::string_view>([] {
      DeclaredNames names;
      T value;
      Describe(names, value);
      return names.names_;
    }());
    return kNames;
  }
  template <class T>
  void operator()(std::string_view name, T&) {
    names_.insert(name);
  }

 private:
  std::set<std::string_view> names_;
};

// A name that is mistyped must not pass for one that was left out. What is exported may hold more.
absl::Status CheckArrivalNames(const json::Node& file) {
  const json::Node* const arrivals = file.Find("arrivals");
  if (arrivals == nullptr) return absl::OkStatus();
  const auto& names = DeclaredNames::Of<ArrivalInFile>();
  for (size_t i = 0; i < arrivals->children.size(); ++i) {
    for (const json::Node& member : arrivals->children[i].children) {
      if (!names.contains(member.name)) return BadFile("`", At("arrivals", i), ".", member.name, "` is no field");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<SimulationFile> ParseFile(std::string_view text) {
  if (text.size() > wire::kSimulationFileBytesMax) {
    return BadFile("the file is larger than ", wire::kSimulationFileBytesMax, " bytes");
  }
  ASSIGN_OR_RETURN(const json::Node tree, json::ParseTree(text));
  json::Refusal refusal;
  SimulationFile file;
  if (!json::Reader<wire::EnumForm::kName>::Read(tree, file, refusal)) return BadFile(refusal.Message());
  RETURN_IF_ERROR(CheckArrivalNames(tree));
  return file;
}

// --- Checking it ------------------------------------------------------------

// What is said of the whole, as of a part of it.
absl::Status Within(const std::string& part, const absl::Status& status) {
  return status.ok() ? status : BadFile("`", part, "`: ", std::string(status.message()));
}

template <class Id, class Resources>
absl::StatusOr<std::set<std::string>> IdsOf(std::string_view list, const Resources& resources) {
  std::set<std::string> ids;
  for (size_t i = 0; i < resources.size(); ++i) {
    const std::string& id = resources[i].id;
    if (!Id::Parse(id)) {
      return BadFile("`", At(list, i), ".id` is none of that kind, which begin with ",
                     Id::Make(0, 0, 0).text().substr(0, 4));
    }
    if (!ids.insert(id).second) return BadFile("`", At(list, i), ".id` is there twice");
  }
  return ids;
}

// What a field names, which has to be in the file.
absl::Status CheckNamed(const std::string& field, const std::optional<std::string>& id,
                        const std::set<std::string>& ids) {
  return !id || ids.contains(*id) ? absl::OkStatus() : BadFile("`", field, "` names what is not in the file");
}

struct NamesInFile {
  std::set<std::string> teams;
  std::set<std::string> skills;
  std::set<std::string> hours;
  std::set<std::string> bots;
};

absl::Status CheckBotNamed(const std::string& field, const std::optional<std::string>& bot, const NamesInFile& names) {
  return bot == wire::kNoBot ? absl::OkStatus() : CheckNamed(field, bot, names.bots);
}

absl::Status CheckRules(const SimulationFile& file, const NamesInFile& names) {
  RETURN_IF_ERROR(IdsOf<wire::RuleId>("rules", file.rules).status());
  for (size_t i = 0; i < file.rules.size(); ++i) {
    const wire::RuleFields& rule = file.rules[i].fields;
    const std::string where = At("rules", i);
    RETURN_IF_ERROR(Within(where, admin::CheckRule(rule)));
    RETURN_IF_ERROR(CheckNamed(where + ".effect.team", rule.effect.team, names.teams));
    RETURN_IF_ERROR(CheckNamed(where + ".effect.skill", rule.effect.skill, names.skills));
    RETURN_IF_ERROR(CheckBotNamed(where + ".effect.bot", rule.effect.bot, names));
    for (const wire::Condition& condition : rule.conditions) {
      if (condition.field != wire::ConditionField::kHours) continue;
      RETURN_IF_ERROR(CheckNamed(where + ".conditions.name", condition.name, names.hours));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckAgents(const SimulationFile& file, const NamesInFile& names) {
  RETURN_IF_ERROR(IdsOf<wire::AgentId>("agents", file.agents).status());
  for (size_t i = 0; i < file.agents.size(); ++i) {
    const AgentInFile& agent = file.agents[i];
    const std::string where = At("agents", i);
    RETURN_IF_ERROR(Within(where, admin::CheckAgent(agent.fields)));
    for (const std::string& team : agent.fields.teams) RETURN_IF_ERROR(CheckNamed(where + ".teams", team, names.teams));
    for (const wire::SkillLevel& skill : agent.fields.skills) {
      RETURN_IF_ERROR(CheckNamed(where + ".skills", skill.skill, names.skills));
    }
    const int64_t after_ms = agent.answers_after_ms.value_or(0);
    if (after_ms < 0 || after_ms > wire::kTimerMsMax) {
      return BadFile("`", where, ".answers_after_ms` is not from 0 to ", wire::kTimerMsMax);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<NamesInFile> CheckResources(const SimulationFile& file) {
  NamesInFile names;
  ASSIGN_OR_RETURN(names.teams, IdsOf<wire::TeamId>("teams", file.teams));
  ASSIGN_OR_RETURN(names.skills, IdsOf<wire::SkillId>("skills", file.skills));
  ASSIGN_OR_RETURN(names.hours, IdsOf<wire::HoursId>("hours", file.hours));
  ASSIGN_OR_RETURN(names.bots, IdsOf<wire::BotId>("bots", file.bots));
  const wire::SettingsFields settings = file.settings.value_or(wire::SettingsFields());
  RETURN_IF_ERROR(Within("settings", admin::CheckSettings(settings)));
  RETURN_IF_ERROR(CheckNamed("settings.hours", settings.hours, names.hours));
  RETURN_IF_ERROR(CheckBotNamed("settings.bot", settings.bot, names));
  for (size_t i = 0; i < file.bots.size(); ++i) {
    RETURN_IF_ERROR(Within(At("bots", i), admin::CheckBot(file.bots[i].fields)));
  }
  for (size_t i = 0; i < file.hours.size(); ++i) {
    RETURN_IF_ERROR(Within(At("hours", i), admin::CheckHours(file.hours[i].fields)));
  }
  for (size_t i = 0; i < file.teams.size(); ++i) {
    const wire::TeamFields& team = file.teams[i].fields;
    RETURN_IF_ERROR(Within(At("teams", i), admin::CheckTeam(team)));
    if (!team.overflow) continue;
    RETURN_IF_ERROR(CheckNamed(At("teams", i) + ".overflow.team", team.overflow->team, names.teams));
  }
  RETURN_IF_ERROR(CheckRules(file, names));
  RETURN_IF_ERROR(CheckAgents(file, names));
  return names;
}

// --- The day ------------------------------------------------------------------

constexpr int64_t kSecondsOfADay = int64_t{24} * 3600;

// Seconds since midnight, by the clock on the wall: `9:05`, `09:05:30`, up to `24:00`.
std::optional<int64_t> SecondsOf(std::string_view text) {
  const std::vector<std::string> parts = absl::StrSplit(absl::string_view(text.data(), text.size()), ':');
  if (parts.size() < 2 || parts.size() > 3) return std::nullopt;
  int64_t seconds = 0;
  for (size_t i = 0; i < 3; ++i) {
    int64_t part = 0;
    if (i < parts.size()) {
      const bool is_number = !parts[i].empty() && parts[i].size() <= 2 &&
                             parts[i].find_first_not_of("0123456789") == std::string::npos &&
                             absl::SimpleAtoi(parts[i], &part);
      if (!is_number || (i > 0 && part > 59)) return std::nullopt;
    }
    seconds = seconds * 60 + part;
  }
  return seconds <= kSecondsOfADay ? std::optional(seconds) : std::nullopt;
}

class SimulatedDay {
 public:
  static absl::StatusOr<SimulatedDay> Parse(const SimulationFile& file) {
    SimulatedDay day;
    auto zone = ParseZone(file.time_zone.value_or("UTC"));
    if (!zone.ok()) return BadFile("`time_zone` is none that this machine knows, such as Europe/Berlin");
    day.zone_ = *zone;
    if (!IsDay(file.date) || !absl::ParseCivilTime(file.date, &day.day_)) {
      return BadFile("`date` is no day such as 2026-05-04");
    }
    return day;
  }

  // In milliseconds since 1970.
  absl::StatusOr<int64_t> MomentOf(const std::string& field, const std::string& text) const {
    const auto seconds = SecondsOf(text);
    if (!seconds) return BadFile("`", field, "` is no time of a day such as 09:12:30");
    return absl::ToUnixMillis(absl::FromCivil(absl::CivilSecond(day_) + *seconds, zone_));
  }
  ReplayShift All() const {
    return {absl::ToUnixMillis(absl::FromCivil(day_, zone_)), absl::ToUnixMillis(absl::FromCivil(day_ + 1, zone_))};
  }

 private:
  absl::CivilDay day_;
  absl::TimeZone zone_;
};

absl::StatusOr<std::vector<ReplayShift>> ShiftsOf(const AgentInFile& agent, const std::string& where,
                                                  const SimulatedDay& day) {
  if (agent.fields.disabled.value_or(false)) return std::vector<ReplayShift>();
  if (agent.shifts.empty()) return std::vector<ReplayShift>{day.All()};
  std::vector<ReplayShift> shifts;
  for (size_t i = 0; i < agent.shifts.size(); ++i) {
    const std::string shift_at = absl::StrCat(where, ".", At("shifts", i));
    ReplayShift shift;
    ASSIGN_OR_RETURN(shift.from_ms, day.MomentOf(shift_at + ".from", agent.shifts[i].from));
    ASSIGN_OR_RETURN(shift.to_ms, day.MomentOf(shift_at + ".to", agent.shifts[i].to));
    if (shift.from_ms >= shift.to_ms) return BadFile("`", shift_at, "` ends before it begins");
    if (!shifts.empty() && shift.from_ms < shifts.back().to_ms) {
      return BadFile("`", shift_at, "` begins before the one before it ends");
    }
    shifts.push_back(shift);
  }
  return shifts;
}

// --- Who comes ----------------------------------------------------------------

// An object's members, as conditions compare them; arrays of texts are lists.
struct GivenAttributes {
  std::map<std::string, std::string, std::less<>> values;
  std::set<std::string, std::less<>> lists;
};

absl::StatusOr<std::string> ListOf(const std::string& field, const json::Node& array) {
  std::vector<std::string_view> items;
  for (const json::Node& item : array.children) {
    if (item.kind != json::Node::Kind::kString) return BadFile("`", field, "` is no array of texts");
    items.push_back(item.text);
  }
  return absl::StrJoin(items, "\n", [](std::string* text, std::string_view item) { text->append(item); });
}

absl::StatusOr<GivenAttributes> AttributesOf(const std::string& field, const std::optional<wire::RawJson>& object) {
  GivenAttributes attributes;
  if (!object) return attributes;
  ASSIGN_OR_RETURN(const json::Node tree, json::ParseTree(object->text));
  if (tree.kind != json::Node::Kind::kObject) return BadFile("`", field, "` is no object");
  for (const json::Node& member : tree.children) {
    switch (member.kind) {
      case json::Node::Kind::kString:
      case json::Node::Kind::kOtherNumber:
        attributes.values[member.name] = member.text;
        break;
      case json::Node::Kind::kInteger:
        attributes.values[member.name] = absl::StrCat(member.integer);
        break;
      case json::Node::Kind::kBoolean:
        attributes.values[member.name] = member.boolean ? "true" : "false";
        break;
      case json::Node::Kind::kNull:
        break;
      case json::Node::Kind::kArray: {
        ASSIGN_OR_RETURN(attributes.values[member.name], ListOf(absl::StrCat(field, ".", member.name), member));
        attributes.lists.insert(member.name);
        break;
      }
      case json::Node::Kind::kObject:
        return BadFile("`", field, ".", member.name, "` is no text, number, boolean or array of texts");
    }
  }
  return attributes;
}

// The rules with the hours that they ask for.
struct SimulatedRules {
  std::vector<Rule> rules;
  std::map<std::string, Schedule> schedules;  // by the name that a condition has
};

SimulatedRules RulesIn(const SimulationFile& file) {
  SimulatedRules rules{RulesInOrder(file.rules), {}};
  std::map<std::string, Schedule> by_id;
  for (const auto& hours : file.hours) by_id[hours.id] = ScheduleOf(hours.fields);
  const std::string of_site = file.settings ? file.settings->hours.value_or("") : "";
  for (const Rule& rule : rules.rules) {
    for (const Condition& condition : rule.conditions) {
      if (condition.of != Subject::kHours) continue;
      const auto found = by_id.find(condition.name.empty() ? of_site : condition.name);
      rules.schedules.emplace(condition.name, found == by_id.end() ? AlwaysOpen() : found->second);
    }
  }
  return rules;
}

absl::StatusOr<Facts> FactsOf(const ArrivalInFile& arrival, const std::string& where, int64_t at_ms,
                              const SimulatedRules& rules) {
  Facts facts;
  facts.page = arrival.page.value_or("");
  facts.tier = arrival.tier.value_or("");
  facts.language = arrival.language.value_or("");
  ASSIGN_OR_RETURN(GivenAttributes form, AttributesOf(where + ".form", arrival.form));
  ASSIGN_OR_RETURN(GivenAttributes customer, AttributesOf(where + ".customer_attributes", arrival.customer_attributes));
  ASSIGN_OR_RETURN(GivenAttributes conversation,
                   AttributesOf(where + ".conversation_attributes", arrival.conversation_attributes));
  facts.form = std::move(form.values);
  facts.customer = std::move(customer.values);
  facts.customer_lists = std::move(customer.lists);
  facts.conversation = std::move(conversation.values);
  facts.conversation_lists = std::move(conversation.lists);
  for (const auto& [name, schedule] : rules.schedules) {
    facts.open[name] = IsOpen(schedule, absl::FromUnixMillis(at_ms));
  }
  return facts;
}

absl::Status CheckDuration(const std::string& field, int64_t duration_ms) {
  if (duration_ms >= 0 && duration_ms <= wire::kTimerMsMax) return absl::OkStatus();
  return BadFile("`", field, "` is not from 0 to ", wire::kTimerMsMax);
}

// Who answers an arrival first, and how that goes. Where nobody does it is a person whom they want.
std::optional<ReplayBotTalk> TalkOf(const ArrivalInFile& arrival, const std::optional<std::string>& ruled,
                                    const SimulationFile& file, std::vector<SimulationInput::Bot>& counts) {
  const std::optional<std::string>& id = ruled || !file.settings ? ruled : file.settings->bot;
  for (size_t i = 0; i < file.bots.size(); ++i) {
    const auto& [bot_id, bot] = file.bots[i];
    if (bot_id != id || !Speaks(bot, arrival.language)) continue;
    const BotTalk talk = TalkWith(bot, arrival.says.value_or(std::vector<std::string>()));
    const bool hands_over = !talk.hands_over.empty();
    ++counts[i].talked;
    if (!hands_over) ++counts[i].helped;
    if (talk.hands_over == kAskedForAPerson) ++counts[i].asked;
    const auto pauses = static_cast<int64_t>(std::max<size_t>(talk.messages, 1) - 1);
    return ReplayBotTalk{pauses * arrival.says_every_ms.value_or(0), hands_over};
  }
  return std::nullopt;
}

absl::Status ReadArrivals(const SimulationFile& file, const NamesInFile& names, const SimulatedDay& day,
                          const SimulatedRules& rules, SimulationInput& input) {
  if (file.arrivals.size() > wire::kSimulationArrivalsMax) {
    return BadFile("`arrivals` has more than ", wire::kSimulationArrivalsMax);
  }
  std::map<std::string, int64_t> matched;
  for (size_t i = 0; i < file.arrivals.size(); ++i) {
    const ArrivalInFile& given = file.arrivals[i];
    const std::string where = At("arrivals", i);
    ReplayArrival arrival;
    ASSIGN_OR_RETURN(arrival.at_ms, day.MomentOf(where + ".at", given.at));
    RETURN_IF_ERROR(CheckDuration(where + ".handling_ms", given.handling_ms));
    RETURN_IF_ERROR(CheckDuration(where + ".patience_ms", given.patience_ms.value_or(0)));
    RETURN_IF_ERROR(CheckDuration(where + ".says_every_ms", given.says_every_ms.value_or(0)));
    RETURN_IF_ERROR(CheckNamed(where + ".team", given.team, names.teams));
    ASSIGN_OR_RETURN(const Facts facts, FactsOf(given, where, arrival.at_ms, rules));
    const Ruling ruling = Evaluate(rules.rules, facts);
    for (const std::string& rule : ruling.rules) ++matched[rule];
    arrival.customer = given.customer.value_or("");
    arrival.handling_ms = given.handling_ms;
    arrival.patience_ms = given.patience_ms;
    // Whom the customer asked for counts.
    arrival.need.team = given.team.value_or(ruling.team);
    if (ruling.skill) arrival.need.skills = {*ruling.skill};
    arrival.need.language = given.language.value_or("");
    arrival.priority = ruling.priority.value_or(0);
    arrival.bot = TalkOf(given, ruling.bot, file, input.bots);
    input.arrivals.push_back(std::move(arrival));
  }
  std::stable_sort(input.arrivals.begin(), input.arrivals.end(),
                   [](const ReplayArrival& a, const ReplayArrival& b) { return a.at_ms < b.at_ms; });
  for (const Rule& rule : rules.rules) input.rules.push_back({rule.name, matched[rule.name]});
  return absl::OkStatus();
}

// --- The site -------------------------------------------------------------------

Strategy StrategyIn(const std::optional<wire::Strategy>& given, Strategy otherwise) {
  const Strategy strategy = given ? StrategyOf(*given) : otherwise;
  // Nobody is asked here.
  return strategy == Strategy::kExternal ? Strategy::kLeastLoaded : strategy;
}

absl::StatusOr<ReplaySite> SiteIn(const SimulationFile& file, const SimulatedDay& day) {
  const wire::SettingsFields settings = file.settings.value_or(wire::SettingsFields());
  ReplaySite site;
  site.accept_timeout_ms = settings.accept_timeout_ms;
  site.queue_limit = settings.queue_limit;
  const Strategy of_site = StrategyIn(settings.strategy, Strategy::kLeastLoaded);
  site.teams[""].policy.strategy = of_site;
  for (const auto& [id, fields] : file.teams) {
    ReplayTeam& team = site.teams[id];
    team.policy.strategy = StrategyIn(fields.strategy, of_site);
    team.policy.load_max = fields.capacity;
    if (fields.overflow) team.overflow = ReplayOverflow{fields.overflow->team, fields.overflow->after_ms};
  }
  for (size_t i = 0; i < file.agents.size(); ++i) {
    const AgentInFile& given = file.agents[i];
    ReplayAgent agent;
    agent.agent = wire::AgentId(given.id);
    agent.capacity = given.fields.capacity.value_or(wire::kAgentCapacityDefault);
    agent.talents = TalentsOf(given.fields);
    agent.answers_after_ms = given.answers_after_ms.value_or(0);
    if (given.fields.role != wire::Role::kReadOnly) {
      ASSIGN_OR_RETURN(agent.shifts, ShiftsOf(given, At("agents", i), day));
    }
    site.agents.push_back(std::move(agent));
  }
  return site;
}

}  // namespace

absl::StatusOr<SimulationInput> ReadSimulation(std::string_view text) {
  ASSIGN_OR_RETURN(const SimulationFile file, ParseFile(text));
  ASSIGN_OR_RETURN(const NamesInFile names, CheckResources(file));
  ASSIGN_OR_RETURN(const SimulatedDay day, SimulatedDay::Parse(file));
  SimulationInput input;
  ASSIGN_OR_RETURN(input.site, SiteIn(file, day));
  for (const auto& [id, fields] : file.teams) input.teams.push_back({id, fields.name});
  for (const auto& [id, fields] : file.bots) input.bots.push_back({id, fields.name});
  for (const AgentInFile& agent : file.agents) input.agent_names.push_back(agent.fields.name);
  RETURN_IF_ERROR(ReadArrivals(file, names, day, RulesIn(file), input));
  return input;
}

}  // namespace alcove::functions
