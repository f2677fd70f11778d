// The file of `alcove simulate`, read and checked: what domain/replay.h plays,
// with the names that a report has for it.
//
// Threads: a free function; plain values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "functions/domain/replay.h"

namespace alcove::functions {

struct SimulationInput {
  struct Team {
    std::string id;
    std::string name;
  };
  struct Rule {
    std::string name;
    int64_t matched = 0;  // so many of the arrivals
  };
  struct Bot {
    std::string id;
    std::string name;
    int64_t talked = 0;  // with so many of the arrivals
    int64_t helped = 0;
    int64_t asked = 0;  // handed over: for a person
  };
  ReplaySite site;
  std::vector<ReplayArrival> arrivals;   // by their time
  std::vector<Team> teams;               // in the order of the file
  std::vector<std::string> agent_names;  // of the site's agents
  std::vector<Rule> rules;               // in the order in which they are tried
  std::vector<Bot> bots;                 // in the order of the file
};

// INVALID_ARGUMENT naming the field that is wrong.
absl::StatusOr<SimulationInput> ReadSimulation(std::string_view text);

}  // namespace alcove::functions
