// Who gets a conversation.
//
// The rule: of the agents who are online and have room, the least loaded; of
// equals the one whose last assignment is the longest ago; of equals still the
// lowest id, so that the answer never depends on the order of the candidates.
//
// Pure: no store, no clock. Threads: free functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "functions/wire/ids.h"
#include "functions/wire/poll.h"

namespace alcove::functions {

struct Candidate {
  wire::AgentId agent;
  wire::Presence presence = wire::Presence::kOffline;
  int64_t load = 0;
  int64_t capacity = 0;
  int64_t assigned_at = 0;
};

// Online, and with fewer conversations than they can take.
bool HasRoom(const Candidate& candidate);

struct Decision {
  std::optional<wire::AgentId> agent;  // nobody: the conversation waits
  std::string why;                     // a sentence part; customers read it too, so it tells nobody's load
};

Decision Dispatch(std::span<const Candidate> candidates);

}  // namespace alcove::functions
