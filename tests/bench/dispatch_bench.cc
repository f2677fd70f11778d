// How long one decision takes, with 1,000 agents and 10,000 who wait: who gets
// a new conversation, and whom of those who wait an agent gets who has just become free.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "functions/domain/board.h"

namespace alcove::functions {
namespace {

constexpr int kAgents = 1000;
constexpr int kWaiting = 10'000;
constexpr int kDecisions = 20'000;

struct Drawn {
  size_t Below(size_t bound) { return draw() % bound; }
  std::string Team() { return "tea_" + std::to_string(Below(20)); }
  Skill AnySkill() { return {"skl_" + std::to_string(Below(10)), 1 + static_cast<int64_t>(Below(3))}; }
  std::mt19937_64 draw{7};
};

Candidate AgentOf(Drawn& drawn, int number, int64_t load) {
  Candidate agent{wire::AgentId::Make(number, 0, 0), wire::Presence::kOnline, load, 5, number, {}};
  agent.talents.teams = {drawn.Team(), drawn.Team()};
  agent.talents.skills = {drawn.AnySkill(), drawn.AnySkill()};
  return agent;
}

// Half ask for a team, a third of all for a skill beside: some 400 different needs.
Need NeedOf(Drawn& drawn) {
  Need need;
  if (drawn.Below(2) == 0) need.team = drawn.Team();
  if (drawn.Below(3) == 0) need.skills = {drawn.AnySkill()};
  return need;
}

void Print(const char* what, std::vector<double>& took) {
  std::sort(took.begin(), took.end());
  std::printf("%-52s p50 %6.1f us  p99 %6.1f us  most %6.1f us\n", what, took[took.size() / 2],
              took[took.size() * 99 / 100], took.back());
}

template <class Decide>
double Timed(const Decide& decide) {
  const auto start = std::chrono::steady_clock::now();
  decide();
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count();
}

void FindAnAgent() {
  Drawn drawn;
  Board board;
  for (int i = 1; i <= kAgents; ++i) board.SetAgent(AgentOf(drawn, i, static_cast<int64_t>(drawn.Below(5))));
  std::vector<double> took;
  for (int i = 0; i < kDecisions; ++i) {
    const Need need = NeedOf(drawn);
    took.push_back(Timed([&] {
      const auto decision = Dispatch(need, {}, std::nullopt, board);
      if (!decision.ok()) std::abort();
      if (decision->agent) board.Give(*decision->agent, need.team, i);
    }));
    // As many end as begin, so that there is room.
    const auto agent = wire::AgentId::Make(1 + static_cast<int64_t>(drawn.Below(kAgents)), 0, 0);
    if (board.AgentOf(agent).load > 0) board.TakeBack(agent, need.team);
  }
  Print("a new conversation, 1,000 agents", took);
}

void ServeTheQueue() {
  Drawn drawn;
  Board board;
  for (int i = 1; i <= kAgents; ++i) board.SetAgent(AgentOf(drawn, i, 5));
  int number = 0;
  const auto enqueue = [&] {
    ++number;
    board.Enqueue(
        {wire::ConversationId::Make(number, 0, 0), static_cast<int64_t>(drawn.Below(3)), number, NeedOf(drawn), {}});
  };
  while (number < kWaiting) enqueue();
  std::vector<double> took;
  for (int i = 0; i < kDecisions; ++i) {
    const auto agent = wire::AgentId::Make(1 + static_cast<int64_t>(drawn.Below(kAgents)), 0, 0);
    board.TakeBack(agent, "");
    took.push_back(Timed([&] {
      const auto next = NextPairing(board, board);
      if (!next.ok()) std::abort();
      if (!next->has_value()) return;
      board.TakeOut((*next)->waiting.conversation);
      board.Give(*(*next)->decision.agent, "", i);
    }));
    while (board.waiting() < static_cast<size_t>(kWaiting)) enqueue();
  }
  Print("an agent becomes free, 10,000 wait with 400 needs", took);
}

}  // namespace
}  // namespace alcove::functions

int main() {
  alcove::functions::FindAnAgent();
  alcove::functions::ServeTheQueue();
  return 0;
}
