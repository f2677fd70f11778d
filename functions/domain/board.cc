#include "functions/domain/board.h"

#include <utility>

#include "store/status_macros.h"

namespace alcove::functions {

void Board::SetPolicy(const std::string& team, const Policy& policy) { policies_[team] = policy; }

Strategy Board::StrategyOf(const Pool& pool) const {
  const auto found = policies_.find(pool.kind == Pool::Kind::kTeam ? pool.name : "");
  return found == policies_.end() ? Strategy::kLeastLoaded : found->second.strategy;
}

void Board::Index(const Candidate& candidate) {
  if (!HasRoom(candidate)) return;
  for (const Pool& pool : PoolsOf(candidate.talents)) {
    free_[pool].emplace(Place{RankOf(StrategyOf(pool), candidate), candidate.assigned_at, candidate.agent}, &candidate);
  }
}

void Board::Unindex(const Candidate& candidate) {
  if (!HasRoom(candidate)) return;
  for (const Pool& pool : PoolsOf(candidate.talents)) {
    free_[pool].erase(Place{RankOf(StrategyOf(pool), candidate), candidate.assigned_at, candidate.agent});
  }
}

void Board::SetAgent(Candidate candidate) {
  Candidate& known = agents_[candidate.agent];
  Unindex(known);
  known = std::move(candidate);
  Index(known);
}

const Candidate& Board::AgentOf(const wire::AgentId& agent) const { return agents_.at(agent); }

void Board::Change(const wire::AgentId& agent, const std::function<void(Candidate&)>& change) {
  Candidate& candidate = agents_.at(agent);
  Unindex(candidate);
  change(candidate);
  Index(candidate);
}

void Board::Give(const wire::AgentId& agent, const std::string& team, int64_t now_ms) {
  Change(agent, [&](Candidate& candidate) {
    ++candidate.load;
    candidate.assigned_at = now_ms;
  });
  ++policies_[team].load;
}

void Board::TakeBack(const wire::AgentId& agent, const std::string& team) {
  Change(agent, [](Candidate& candidate) { --candidate.load; });
  --policies_[team].load;
}

void Board::Enqueue(const Waiting& waiting) {
  const auto lane = lanes_.try_emplace(waiting.need).first;
  if (!lane->second.empty()) heads_.erase(&*lane->second.begin());
  entries_[waiting.conversation.text()] = {lane, lane->second.insert(waiting).first};
  heads_.insert(&*lane->second.begin());
}

std::optional<Waiting> Board::TakeOut(const wire::ConversationId& conversation) {
  const auto entry = entries_.find(conversation.text());
  if (entry == entries_.end()) return std::nullopt;
  const auto lane = entry->second.lane;
  Waiting waiting = *entry->second.waiting;
  heads_.erase(&*lane->second.begin());
  lane->second.erase(entry->second.waiting);
  if (!lane->second.empty()) heads_.insert(&*lane->second.begin());
  entries_.erase(entry);
  if (lane->second.empty()) lanes_.erase(lane);
  return waiting;
}

int64_t Board::Ahead(const wire::ConversationId& conversation) const {
  const Waiting& waiting = *entries_.at(conversation.text()).waiting;
  int64_t ahead = 0;
  for (const auto& [need, lane] : lanes_) {
    if (need.team != waiting.need.team) continue;
    for (const Waiting& other : lane) {
      if (!IsBefore(other, waiting)) break;
      ++ahead;
    }
  }
  return ahead;
}

absl::Status Board::EachFree(const Pool& pool, absl::FunctionRef<bool(const Candidate&)> take) {
  const auto found = free_.find(pool);
  if (found == free_.end()) return absl::OkStatus();
  for (const auto& [place, candidate] : found->second) {
    if (!take(*candidate)) break;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Candidate>> Board::Find(const wire::AgentId& agent) {
  const auto found = agents_.find(agent);
  return found == agents_.end() ? std::nullopt : std::optional<Candidate>(found->second);
}

absl::Status Board::EachHead(absl::FunctionRef<absl::StatusOr<bool>(const Waiting&)> take) {
  for (const Waiting* head : heads_) {
    ASSIGN_OR_RETURN(const bool more, take(*head));
    if (!more) break;
  }
  return absl::OkStatus();
}

absl::StatusOr<Policy> Board::PolicyOf(const std::string& team) {
  const auto found = policies_.find(team);
  return found == policies_.end() ? Policy{} : found->second;
}

}  // namespace alcove::functions
