// A day of arrivals, in simulated time, against agents, teams and the way in
// which a site hands conversations out: what an owner tries rules with before
// using them.
//
// Who gets what is decided by what decides on a server, NextPairing() on a
// Board; here is only what happens between two decisions: people come and give
// up, bots hand over, agents come, answer, finish and go, and what waits too long overflows.
//
// Agents answer after a time of their own; who is offered something and would
// take longer than the site lets them loses it to the next. Who goes at the end
// of a shift finishes what they have. Nobody claims by hand. What a bot has
// waits from when it is handed over, and is never refused.
//
// Pure: the same of the same input. Threads: a free function.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "functions/domain/dispatch.h"
#include "functions/domain/need.h"
#include "functions/domain/state.h"
#include "functions/wire/ids.h"

namespace alcove::functions {

// [from, to), in milliseconds since 1970.
struct ReplayShift {
  int64_t from_ms = 0;
  int64_t to_ms = 0;
};

struct ReplayAgent {
  wire::AgentId agent;
  int64_t capacity = 0;
  Talents talents;
  std::vector<ReplayShift> shifts;  // in order and apart from each other
  int64_t answers_after_ms = 0;     // what is given to them
};

struct ReplayOverflow {
  std::string team;
  int64_t after_ms = 0;
};
struct ReplayTeam {
  Policy policy;
  std::optional<ReplayOverflow> overflow;
};

struct ReplaySite {
  std::map<std::string, ReplayTeam> teams;  // "": what has no team
  std::vector<ReplayAgent> agents;
  std::optional<int64_t> accept_timeout_ms;
  std::optional<int64_t> queue_limit;  // who comes when so many wait is turned away
};

// A bot has it first, for so long; then it hands over, or has helped.
struct ReplayBotTalk {
  int64_t for_ms = 0;
  bool hands_over = false;
};

struct ReplayArrival {
  int64_t at_ms = 0;
  std::string customer;  // "": nobody who came before
  Need need;
  int64_t priority = 0;
  int64_t handling_ms = 0;             // from the answer to the end
  std::optional<int64_t> patience_ms;  // until they give up, unless they are answered; none: never
  std::optional<ReplayBotTalk> bot;
};

// What became of an arrival.
struct Replayed {
  bool refused = false;                // the queue was full
  Ending ending = Ending::kUnknown;    // of what was not refused
  bool by_bot = false;                 // which has helped
  int64_t waited_ms = 0;               // for a person, until it was answered or had ended
  std::optional<wire::AgentId> agent;  // who answered
};

struct ReplayedAgent {
  int64_t answered = 0;
  int64_t load_max = 0;  // at once
  int64_t let_pass = 0;
  int64_t handled_ms = 0;  // all conversations of theirs together, from when they were given
};

struct ReplayResult {
  std::vector<Replayed> arrivals;  // in the order of the input
  std::map<wire::AgentId, ReplayedAgent> agents;
};

// Until nothing happens any more; what then still waits was missed. Errors are NextPairing()'s.
absl::StatusOr<ReplayResult> Replay(const ReplaySite& site, const std::vector<ReplayArrival>& arrivals);

}  // namespace alcove::functions
