// Who gets a conversation, and which conversation somebody gets.
//
// An agent is considered who is online, has room, and fits what the conversation
// needs (need.h). Of those the strategy of its team, or of the site, chooses:
//
//   least loaded   with the fewest conversations; weighted: with the smallest share of their capacity taken
//   round robin    whose last assignment is the longest ago
//   sticky         who had this customer last, where they are considered; else the least loaded
//   manual         nobody: agents claim
//   external       whoever a program of the owner's names; until it has answered nobody, and when it
//                  does not answer in time the least loaded
//
// Of equals it is the one whose last assignment is the longest ago, of equals
// still the lowest id: an answer never depends on the order of the candidates.
//
// The queue is by priority, then by age. Whoever has room gets the first
// conversation in it that they fit: one that nobody fits holds up no other.
//
// No decision looks at all agents or at all who wait. Where agents are (Roster)
// and who waits (Lanes) come from indexes: those of the store on a server
// (functions/routing.h), those of a Board where all is in memory (board.h).
//
// Pure: no clock; what is read comes through the interfaces. Threads: free functions.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "functions/domain/need.h"
#include "functions/wire/describe.h"
#include "functions/wire/ids.h"
#include "functions/wire/poll.h"

namespace alcove::functions {

enum class Strategy { kUnknown, kLeastLoaded, kWeighted, kRoundRobin, kSticky, kManual, kExternal };

}  // namespace alcove::functions

template <>
struct alcove::wire::EnumNames<alcove::functions::Strategy> {
  static constexpr std::array<std::string_view, 7> kNames = {"unknown", "least_loaded", "weighted", "round_robin",
                                                             "sticky",  "manual",       "external"};
};

namespace alcove::functions {

struct Candidate {
  wire::AgentId agent;
  wire::Presence presence = wire::Presence::kOffline;
  int64_t load = 0;
  int64_t capacity = 0;
  int64_t assigned_at = 0;
  Talents talents = {};
};

// Online, and with fewer conversations than they can take.
bool HasRoom(const Candidate& candidate);

// The order in which a strategy prefers: smaller numbers first, then the longer ago, then the lower id.
int64_t RankOf(Strategy strategy, const Candidate& candidate);
// Whether `a` is preferred to `b`.
bool IsBefore(Strategy strategy, const Candidate& a, const Candidate& b);

// The agents among whom a conversation looks: all of a site, or of a team, or
// who know something.
struct Pool {
  enum class Kind { kAll, kTeam, kSkill };
  Kind kind = Kind::kAll;
  std::string name;
  friend auto operator<=>(const Pool&, const Pool&) = default;
};
// Those that an agent is in.
std::vector<Pool> PoolsOf(const Talents& talents);
// The one in which everybody is who fits: the team's, whose order is its strategy's, else as narrow a one as there is.
Pool PoolFor(const Need& need);

// Where the agents are who have room.
class Roster {
 public:
  virtual ~Roster() = default;
  // Those of a pool who have room, in the order of its strategy, until `take` returns false.
  virtual absl::Status EachFree(const Pool& pool, absl::FunctionRef<bool(const Candidate&)> take) = 0;
  // Anybody; nullopt where there is no such agent.
  virtual absl::StatusOr<std::optional<Candidate>> Find(const wire::AgentId& agent) = 0;
};

// How a pool's conversations are given out: a team's, or the site's where a conversation has no team.
struct Policy {
  Strategy strategy = Strategy::kLeastLoaded;
  int64_t load = 0;                      // of the team: its conversations that are with agents
  std::optional<int64_t> load_max = {};  // and at most so many of them at once
};

struct Decision {
  std::optional<wire::AgentId> agent;  // nobody: the conversation waits
  std::string why;                     // a sentence part; customers read it too, so it tells nobody's load
  std::string numbers = {};            // what decided, for agents alone
};

// Who gets a conversation. `last_agent` had its customer before. Errors are the roster's.
absl::StatusOr<Decision> Dispatch(const Need& need, const Policy& policy,
                                  const std::optional<wire::AgentId>& last_agent, Roster& roster);

// --- Who waits ------------------------------------------------------------------

struct Waiting {
  wire::ConversationId conversation;
  int64_t priority = 0;   // more is more urgent
  int64_t queued_at = 0;  // since when; a conversation that comes back keeps its age
  Need need = {};
  std::optional<wire::AgentId> last_agent = {};
};
// The order of the queue.
bool IsBefore(const Waiting& a, const Waiting& b);

class Lanes {
 public:
  virtual ~Lanes() = default;
  // The first of each need that somebody waits with, in the order of the queue, until `take` returns false. Nothing
  // may be changed meanwhile. Errors are those of `take`, and the lanes' own.
  virtual absl::Status EachHead(absl::FunctionRef<absl::StatusOr<bool>(const Waiting&)> take) = 0;
  virtual absl::StatusOr<Policy> PolicyOf(const std::string& team) = 0;
};

struct Pairing {
  Waiting waiting;
  Decision decision;
};
// The first in the queue whom somebody fits, and who that is; nullopt where nobody fits anybody.
absl::StatusOr<std::optional<Pairing>> NextPairing(Lanes& lanes, Roster& roster);

// As an agent reads it in `assigned.why`: the numbers in brackets, which shown.h keeps from customers.
std::string WhyOf(const Decision& decision);

}  // namespace alcove::functions
