// All agents of a site and all who wait, in memory and indexed: what a
// simulation and tests decide on, where a server reads its store.
//
// Every change costs the logarithm of what is there; so does a decision, but
// for agents whom it has to pass by because they do not fit.
//
// Threads: none; one owner.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "functions/domain/dispatch.h"

namespace alcove::functions {

class Board : public Roster, public Lanes {
 public:
  // How a team's conversations are given out; "" is the site's, which those without a team have. Before agents come.
  // (What it says of load is counted here.)
  void SetPolicy(const std::string& team, const Policy& policy);

  // Adds the agent, or takes what is new of one who is there.
  void SetAgent(Candidate candidate);
  // REQUIRES: the agent is there.
  const Candidate& AgentOf(const wire::AgentId& agent) const;

  void Enqueue(const Waiting& waiting);
  // What waits no longer; nullopt where it does not wait.
  std::optional<Waiting> TakeOut(const wire::ConversationId& conversation);
  size_t waiting() const { return entries_.size(); }
  // How many are before it, of those with its team. REQUIRES: it waits.
  int64_t Ahead(const wire::ConversationId& conversation) const;

  // Counts a conversation of the team as theirs, or as theirs no longer.
  void Give(const wire::AgentId& agent, const std::string& team, int64_t now_ms);
  void TakeBack(const wire::AgentId& agent, const std::string& team);

  absl::Status EachFree(const Pool& pool, absl::FunctionRef<bool(const Candidate&)> take) override;
  absl::StatusOr<std::optional<Candidate>> Find(const wire::AgentId& agent) override;
  absl::Status EachHead(absl::FunctionRef<absl::StatusOr<bool>(const Waiting&)> take) override;
  absl::StatusOr<Policy> PolicyOf(const std::string& team) override;

 private:
  // Rank, last assignment, id.
  using Place = std::tuple<int64_t, int64_t, wire::AgentId>;
  struct QueueOrder {
    bool operator()(const Waiting& a, const Waiting& b) const { return IsBefore(a, b); }
  };
  using Lane = std::set<Waiting, QueueOrder>;
  struct HeadOrder {
    bool operator()(const Waiting* a, const Waiting* b) const { return IsBefore(*a, *b); }
  };

  Strategy StrategyOf(const Pool& pool) const;
  void Index(const Candidate& candidate);
  void Unindex(const Candidate& candidate);
  void Change(const wire::AgentId& agent, const std::function<void(Candidate&)>& change);

  std::map<std::string, Policy> policies_;
  std::map<wire::AgentId, Candidate> agents_;
  std::map<Pool, std::map<Place, const Candidate*>> free_;
  std::map<Need, Lane> lanes_;
  std::set<const Waiting*, HeadOrder> heads_;  // the first of each lane
  // Where a conversation waits.
  struct Entry {
    std::map<Need, Lane>::iterator lane;
    Lane::iterator waiting;
  };
  std::unordered_map<std::string, Entry> entries_;
};

}  // namespace alcove::functions
