#include "functions/simulate.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "functions/domain/replay.h"
#include "functions/domain/state.h"
#include "functions/simulation_file.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace {

// --- The report -----------------------------------------------------------------

// The least of them that `percent` of all are not above.
int64_t Percentile(const std::vector<int64_t>& sorted, size_t percent) {
  const size_t rank = (sorted.size() * percent + 99) / 100;
  return sorted[std::max<size_t>(rank, 1) - 1];
}

SimulatedEndings EndingsOf(const std::vector<const Replayed*>& arrivals) {
  SimulatedEndings endings;
  std::vector<int64_t> waits;
  for (const Replayed* const one : arrivals) {
    ++endings.arrivals;
    if (one->refused) {
      ++endings.refused;
    } else if (one->ending == Ending::kServed) {
      ++endings.served;
      if (one->by_bot) {
        ++endings.by_bot;
      } else {
        waits.push_back(one->waited_ms);
      }
    } else if (one->ending == Ending::kAbandoned) {
      ++endings.abandoned;
    } else {
      ++endings.missed;
    }
  }
  if (waits.empty()) return endings;
  std::sort(waits.begin(), waits.end());
  endings.waits = {Percentile(waits, 50), Percentile(waits, 90), Percentile(waits, 99), waits.back()};
  return endings;
}

std::vector<SimulatedTeam> TeamsOf(const SimulationInput& input, const ReplayResult& result) {
  std::map<std::string, std::vector<const Replayed*>> by_team;
  for (size_t i = 0; i < input.arrivals.size(); ++i) {
    if (!result.arrivals[i].by_bot) by_team[input.arrivals[i].need.team].push_back(&result.arrivals[i]);
  }
  std::vector<SimulatedTeam> teams;
  if (const auto none = by_team.find(""); none != by_team.end()) {
    teams.push_back({std::nullopt, "no team", EndingsOf(none->second)});
  }
  for (const auto& [id, name] : input.teams) teams.push_back({id, name, EndingsOf(by_team[id])});
  std::stable_sort(teams.begin(), teams.end(), [](const SimulatedTeam& a, const SimulatedTeam& b) {
    const WaitFigures& of_a = a.endings.waits;
    const WaitFigures& of_b = b.endings.waits;
    return std::tie(of_a.longest_ms, of_a.p90_ms) > std::tie(of_b.longest_ms, of_b.p90_ms);
  });
  return teams;
}

std::vector<SimulatedLoad> LoadsOf(const SimulationInput& input, const ReplayResult& result) {
  std::vector<SimulatedLoad> loads;
  for (size_t i = 0; i < input.site.agents.size(); ++i) {
    const ReplayAgent& agent = input.site.agents[i];
    const ReplayedAgent& did = result.agents.at(agent.agent);
    int64_t could_ms = 0;
    for (const ReplayShift& shift : agent.shifts) could_ms += (shift.to_ms - shift.from_ms) * agent.capacity;
    const int64_t busy_percent = could_ms > 0 ? (did.handled_ms * 100 + could_ms / 2) / could_ms : 0;
    loads.push_back({agent.agent.text(), input.agent_names[i], did.answered, did.load_max, busy_percent, did.let_pass});
  }
  return loads;
}

// --- The report as text -----------------------------------------------------------

using Row = std::vector<std::string>;

size_t WidthOf(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// The first column to the left, numbers to the right.
std::string TableText(const std::vector<Row>& rows) {
  std::vector<size_t> widths(rows.front().size());
  for (const Row& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], WidthOf(row[i]));
  }
  std::string text = "\n";
  for (const Row& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      const std::string blanks(widths[i] - WidthOf(row[i]), ' ');
      absl::StrAppend(&text, i == 0 ? "" : "  ", i == 0 ? row[i] : blanks, i == 0 ? blanks : row[i]);
    }
    absl::StrAppend(&text, "\n");
  }
  return text;
}

// `1:05:09`, `12:30`.
std::string DurationText(int64_t duration_ms) {
  const int64_t seconds = (duration_ms + 500) / 1000;
  const int64_t hours = seconds / 3600;
  const int64_t minutes = seconds / 60 % 60;
  return hours > 0 ? absl::StrFormat("%d:%02d:%02d", hours, minutes, seconds % 60)
                   : absl::StrFormat("%d:%02d", minutes, seconds % 60);
}

}  // namespace

absl::StatusOr<SimulationReport> Simulate(std::string_view file) {
  ASSIGN_OR_RETURN(const SimulationInput input, ReadSimulation(file));
  ASSIGN_OR_RETURN(const ReplayResult result, Replay(input.site, input.arrivals));
  SimulationReport report;
  std::vector<const Replayed*> all;
  for (const Replayed& one : result.arrivals) all.push_back(&one);
  report.all = EndingsOf(all);
  report.teams = TeamsOf(input, result);
  report.agents = LoadsOf(input, result);
  for (const SimulationInput::Rule& rule : input.rules) report.rules.push_back({rule.name, rule.matched});
  for (const SimulationInput::Bot& bot : input.bots) {
    const int64_t did_not_know = bot.talked - bot.helped - bot.asked;
    report.bots.push_back({bot.id, bot.name, bot.talked, bot.helped, bot.asked, did_not_know});
  }
  return report;
}

std::string ReportText(const SimulationReport& report) {
  const auto figures = [](const WaitFigures& waits) {
    return std::array{DurationText(waits.median_ms), DurationText(waits.p90_ms), DurationText(waits.p99_ms),
                      DurationText(waits.longest_ms)};
  };
  const SimulatedEndings& all = report.all;
  const auto waited = figures(all.waits);
  std::string text =
      absl::StrCat(all.arrivals, " came: ", all.served, " served, ", all.abandoned, " abandoned, ", all.missed,
                   " missed, ", all.refused, " refused\n", "waited: median ", waited[0], ", 90 of 100 at most ",
                   waited[1], ", 99 of 100 at most ", waited[2], ", longest ", waited[3], "\n");
  std::vector<Row> rows = {
      {"team", "came", "served", "abandoned", "missed", "refused", "median", "p90", "p99", "longest"}};
  for (const SimulatedTeam& team : report.teams) {
    const SimulatedEndings& of_team = team.endings;
    Row row = {team.name};
    for (const int64_t number :
         {of_team.arrivals, of_team.served, of_team.abandoned, of_team.missed, of_team.refused}) {
      row.push_back(absl::StrCat(number));
    }
    for (const std::string& figure : figures(of_team.waits)) row.push_back(figure);
    rows.push_back(std::move(row));
  }
  absl::StrAppend(&text, TableText(rows));
  rows = {{"agent", "answered", "at once", "busy", "let pass"}};
  for (const SimulatedLoad& load : report.agents) {
    rows.push_back({load.name, absl::StrCat(load.answered), absl::StrCat(load.load_max),
                    absl::StrCat(load.busy_percent, "%"), absl::StrCat(load.let_pass)});
  }
  absl::StrAppend(&text, TableText(rows));
  if (!report.rules.empty()) {
    rows = {{"rule", "matched"}};
    for (const SimulatedRule& rule : report.rules) rows.push_back({rule.name, absl::StrCat(rule.matched)});
    absl::StrAppend(&text, TableText(rows));
  }
  if (report.bots.empty()) return text;
  rows = {{"bot", "talked", "helped", "asked for a person", "did not know"}};
  for (const SimulatedBot& bot : report.bots) {
    rows.push_back({bot.name, absl::StrCat(bot.talked), absl::StrCat(bot.helped), absl::StrCat(bot.asked),
                    absl::StrCat(bot.did_not_know)});
  }
  return absl::StrCat(text, TableText(rows));
}

}  // namespace alcove::functions
