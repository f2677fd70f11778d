// `alcove simulate`: a day of arrivals against a set of rules, before an owner
// uses them.
//
// The file is one JSON object. What administration makes stands in it as
// `alcove admin get` prints it: `settings`, and the lists `teams`, `skills`,
// `hours`, `rules`, `bots` and `agents`. Beside these are the day, when each agent is
// there, and who comes (docs/OPERATING.md has all of it). It is checked as
// strictly as what is put, and what it names has to be in it.
//
// Who gets what is decided by the rules of domain/ that the server decides by
// (domain/replay.h). With the strategy `external` it is decided as where nobody answers.
//
// Threads: free functions without state.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace alcove::functions {

// How long those waited who were answered; none were: all are zero.
struct WaitFigures {
  int64_t median_ms = 0;
  int64_t p90_ms = 0;
  int64_t p99_ms = 0;
  int64_t longest_ms = 0;
};
template <class V>
void Describe(V& visit, WaitFigures& waits) {
  visit("median_ms", waits.median_ms);
  visit("p90_ms", waits.p90_ms);
  visit("p99_ms", waits.p99_ms);
  visit("longest_ms", waits.longest_ms);
}

// What became of some of those who came.
struct SimulatedEndings {
  int64_t arrivals = 0;
  int64_t served = 0;
  int64_t by_bot = 0;     // of these, whom a bot has helped
  int64_t abandoned = 0;  // gave up while they waited
  int64_t missed = 0;     // nobody answered
  int64_t refused = 0;    // came when the queue was full
  WaitFigures waits;
};
template <class V>
void Describe(V& visit, SimulatedEndings& endings) {
  visit("arrivals", endings.arrivals);
  visit("served", endings.served);
  visit("by_bot", endings.by_bot);
  visit("abandoned", endings.abandoned);
  visit("missed", endings.missed);
  visit("refused", endings.refused);
  visit("waits", endings.waits);
}

// Of those whom the rules sent to a team, but for whom a bot has helped.
struct SimulatedTeam {
  std::optional<std::string> team;  // none: to no team
  std::string name;
  SimulatedEndings endings;
};
template <class V>
void Describe(V& visit, SimulatedTeam& team) {
  visit("team", team.team);
  visit("name", team.name);
  Describe(visit, team.endings);
}

struct SimulatedLoad {
  std::string agent;
  std::string name;
  int64_t answered = 0;
  int64_t load_max = 0;      // at once
  int64_t busy_percent = 0;  // of what they could take in their shifts; what they finish after them may make it more
  int64_t let_pass = 0;
};
template <class V>
void Describe(V& visit, SimulatedLoad& load) {
  visit("agent", load.agent);
  visit("name", load.name);
  visit("answered", load.answered);
  visit("load_max", load.load_max);
  visit("busy_percent", load.busy_percent);
  visit("let_pass", load.let_pass);
}

struct SimulatedRule {
  std::string name;
  int64_t matched = 0;
};
template <class V>
void Describe(V& visit, SimulatedRule& rule) {
  visit("name", rule.name);
  visit("matched", rule.matched);
}

struct SimulatedBot {
  std::string bot;
  std::string name;
  int64_t talked = 0;  // with so many
  int64_t helped = 0;
  int64_t asked = 0;         // of those handed over: for a person
  int64_t did_not_know = 0;  // of itself
};
template <class V>
void Describe(V& visit, SimulatedBot& bot) {
  visit("bot", bot.bot);
  visit("name", bot.name);
  visit("talked", bot.talked);
  visit("helped", bot.helped);
  visit("asked", bot.asked);
  visit("did_not_know", bot.did_not_know);
}

struct SimulationReport {
  SimulatedEndings all;
  std::vector<SimulatedTeam> teams;   // who waits longest first
  std::vector<SimulatedLoad> agents;  // in the order of the file
  std::vector<SimulatedRule> rules;   // in the order in which they are tried
  std::vector<SimulatedBot> bots;     // in the order of the file
};
template <class V>
void Describe(V& visit, SimulationReport& report) {
  Describe(visit, report.all);
  visit("teams", report.teams);
  visit("agents", report.agents);
  visit("rules", report.rules);
  visit("bots", report.bots);
}

// The same of the same file. INVALID_ARGUMENT naming what is wrong with it.
absl::StatusOr<SimulationReport> Simulate(std::string_view file);

// For people, with an end of line after each.
std::string ReportText(const SimulationReport& report);

}  // namespace alcove::functions
