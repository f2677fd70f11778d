#include "functions/domain/dispatch.h"

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "functions/domain/board.h"
#include "gtest/gtest.h"
#include "tests/store/seed.h"

namespace alcove::functions {
namespace {

const wire::AgentId kA = wire::AgentId::Make(1, 0, 0);
const wire::AgentId kB = wire::AgentId::Make(2, 0, 0);
const wire::AgentId kC = wire::AgentId::Make(3, 0, 0);
constexpr auto kOnline = wire::Presence::kOnline;

wire::ConversationId Cnv(int number) { return wire::ConversationId::Make(number, 0, 0); }

// What a decision is among these, whoever is asked first.
Decision DecisionAmong(const std::vector<Candidate>& candidates, const Need& need = {}, const Policy& policy = {},
                       const std::optional<wire::AgentId>& last_agent = {}) {
  Board board;
  board.SetPolicy(need.team, policy);
  for (const Candidate& candidate : candidates) board.SetAgent(candidate);
  const auto decision = Dispatch(need, policy, last_agent, board);
  EXPECT_TRUE(decision.ok());
  return *decision;
}

TEST(Dispatch, ChoosesByLoadThenLastAssignmentThenId) {
  const struct {
    const char* name;
    std::vector<Candidate> candidates;
    std::optional<wire::AgentId> chosen;
    const char* why;
  } kCases[] = {
      {"nobody", {}, std::nullopt, "nobody who is online has room"},
      {"offline and away",
       {{kA, wire::Presence::kOffline, 0, 5, 0}, {kB, wire::Presence::kAway, 0, 5, 0}},
       std::nullopt,
       "nobody who is online has room"},
      {"full", {{kA, kOnline, 5, 5, 0}}, std::nullopt, "nobody who is online has room"},
      {"over the capacity, by claims", {{kA, kOnline, 6, 5, 0}}, std::nullopt, "nobody who is online has room"},
      {"the last room", {{kA, kOnline, 4, 5, 0}}, kA, "least loaded [load 4 of 5]"},
      {"no capacity", {{kA, kOnline, 0, 0, 0}}, std::nullopt, "nobody who is online has room"},
      {"the least loaded", {{kA, kOnline, 2, 5, 0}, {kB, kOnline, 1, 5, 9}}, kB, "least loaded [load 1 of 5]"},
      {"of equals, the longest without",
       {{kA, kOnline, 1, 5, 9}, {kB, kOnline, 1, 5, 8}},
       kB,
       "least loaded [load 1 of 5]"},
      {"of equals still, the lowest id",
       {{kC, kOnline, 1, 5, 8}, {kB, kOnline, 1, 5, 8}},
       kB,
       "least loaded [load 1 of 5]"},
      {"a full one is not in the way",
       {{kA, kOnline, 1, 1, 0}, {kB, kOnline, 3, 5, 0}},
       kB,
       "least loaded [load 3 of 5]"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    std::vector<Candidate> candidates = c.candidates;
    for (int turned = 0; turned < 2; ++turned) {
      const Decision decision = DecisionAmong(candidates);
      EXPECT_EQ(decision.agent, c.chosen);
      EXPECT_EQ(WhyOf(decision), c.why);
      std::reverse(candidates.begin(), candidates.end());
    }
  }
}

TEST(Dispatch, GoesByTheStrategyOfTheTeam) {
  const Talents sales{{"sales"}, {}, {}};
  const std::vector<Candidate> team = {
      {kA, kOnline, 2, 10, 3, sales}, {kB, kOnline, 1, 2, 9, sales}, {kC, kOnline, 0, 1, 7, {}}};
  const Need need{.team = "sales", .skills = {}, .language = "", .passed = {}};
  const struct {
    const char* name;
    Policy policy;
    std::optional<wire::AgentId> last;
    std::optional<wire::AgentId> chosen;
    const char* why;
  } kCases[] = {
      {"least loaded", {Strategy::kLeastLoaded}, {}, kB, "least loaded [load 1 of 2]"},
      {"by capacity", {Strategy::kWeighted}, {}, kA, "least loaded for their capacity [load 2 of 10]"},
      {"in turn", {Strategy::kRoundRobin}, {}, kA, "next in turn [load 2 of 10]"},
      {"sticky", {Strategy::kSticky}, kA, kA, "helped this customer before [load 2 of 10]"},
      {"sticky, to one who is of another team", {Strategy::kSticky}, kC, kB, "least loaded [load 1 of 2]"},
      {"sticky, nobody before", {Strategy::kSticky}, {}, kB, "least loaded [load 1 of 2]"},
      {"manual", {Strategy::kManual}, kA, {}, "agents choose by themselves"},
      {"external, once it did not answer", {Strategy::kExternal}, {}, kB, "least loaded [load 1 of 2]"},
      {"the team is full",
       {Strategy::kLeastLoaded, 3, 3},
       {},
       {},
       "the team has as many as it can take [team's load 3 of 3]"},
      {"the team has a place left", {Strategy::kLeastLoaded, 2, 3}, {}, kB, "least loaded [load 1 of 2]"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    const Decision decision = DecisionAmong(team, need, c.policy, c.last);
    EXPECT_EQ(decision.agent, c.chosen);
    EXPECT_EQ(WhyOf(decision), c.why);
  }
}

TEST(Dispatch, StickyWaitsForNobodyWhoIsFull) {
  const std::vector<Candidate> candidates = {{kA, kOnline, 5, 5, 0}, {kB, kOnline, 4, 5, 0}};
  EXPECT_EQ(DecisionAmong(candidates, {}, {Strategy::kSticky}, kA).agent, kB);
}

TEST(Dispatch, AnAgentFitsWhatTheyKnowAndSpeakAndDidNotLetPass) {
  const struct {
    const char* name;
    Talents talents;
    Need need;
    bool fits;
  } kCases[] = {
      {"nothing asked", {}, {}, true},
      {"of the team", {{"sales", "care"}, {}, {}}, {"care", {}, "", {}}, true},
      {"of another team", {{"sales"}, {}, {}}, {"care", {}, "", {}}, false},
      {"at the level", {{}, {{"billing", 2}}, {}}, {"", {{"billing", 2}}, "", {}}, true},
      {"below the level", {{}, {{"billing", 1}}, {}}, {"", {{"billing", 2}}, "", {}}, false},
      {"one of two skills", {{}, {{"billing", 3}}, {}}, {"", {{"billing", 1}, {"tax", 1}}, "", {}}, false},
      {"the language", {{}, {}, {"de", "en"}}, {"", {}, "en-GB", {}}, true},
      {"a language in capitals", {{}, {}, {"PT-br"}}, {"", {}, "pt", {}}, true},
      {"another language", {{}, {}, {"de", "en"}}, {"", {}, "fr", {}}, false},
      {"a language that begins alike", {{}, {}, {"fi"}}, {"", {}, "fil", {}}, false},
      {"who has named none", {}, {"", {}, "fr", {}}, true},
      {"let it pass", {}, {"", {}, "", {kA, kC}}, false},
      {"another let it pass", {}, {"", {}, "", {kB, kC}}, true},
  };
  for (const auto& c : kCases) EXPECT_EQ(Fits(kA, c.talents, c.need), c.fits) << c.name;
}

TEST(Dispatch, NeedsThatAskTheSameAreEqual) {
  Need need{"", {{"b", 1}, {"a", 2}, {"b", 3}}, "de", {kB, kA, kB}};
  Normalize(need);
  EXPECT_EQ(need, (Need{"", {{"a", 2}, {"b", 3}}, "de", {kA, kB}}));
}

TEST(Dispatch, NobodyIsGivenWhatIsDecidedElsewhere) {
  Need need;
  need.is_asked_elsewhere = true;
  EXPECT_EQ(DecisionAmong({{kA, kOnline, 0, 5, 0}}, need).agent, std::nullopt);
}

std::optional<Pairing> NextOf(Board& board) {
  auto match = NextPairing(board, board);
  EXPECT_TRUE(match.ok());
  return *match;
}

TEST(Queue, IsByPriorityThenAgeAndHeldUpByNobody) {
  Board board;
  board.SetAgent({kA, kOnline, 0, 1, 0, {{"sales"}, {}, {}}});
  board.Enqueue({Cnv(1), 5, 100, {"care", {}, "", {}}, {}});
  board.Enqueue({Cnv(2), 0, 200, {}, {}});
  board.Enqueue({Cnv(3), 1, 300, {"sales", {}, "", {}}, {}});
  board.Enqueue({Cnv(4), 1, 250, {"sales", {}, "", {}}, {}});
  board.Enqueue({Cnv(5), 1, 240, {"sales", {}, "", {kA}}, {}});
  const auto match = NextOf(board);
  ASSERT_TRUE(match.has_value());
  EXPECT_EQ(match->waiting.conversation, Cnv(4)) << "the most urgent that somebody fits, of equals the oldest";
  EXPECT_EQ(match->decision.agent, kA);
  EXPECT_EQ(board.Ahead(Cnv(4)), 1) << "who was let pass is in front still";
  EXPECT_EQ(board.Ahead(Cnv(3)), 2);
  EXPECT_EQ(board.Ahead(Cnv(1)), 0) << "alone in its team";
}

// --- Against one who looks at everything -----------------------------------------

struct Everything {
  std::vector<Candidate> agents;
  std::vector<Waiting> queue;
  std::map<std::string, Policy> policies;

  const Candidate* Best(const Waiting& waiting) const {
    const auto found = policies.find(waiting.need.team);
    const Policy policy = found == policies.end() ? Policy{} : found->second;
    // Without a team a skill's pool has the site's order.
    if (policy.strategy == Strategy::kManual || waiting.need.is_asked_elsewhere) return nullptr;
    if (policy.load_max && policy.load >= *policy.load_max) return nullptr;
    const Candidate* best = nullptr;
    for (const Candidate& agent : agents) {
      if (!HasRoom(agent) || !Fits(agent.agent, agent.talents, waiting.need)) continue;
      if (policy.strategy == Strategy::kSticky && waiting.last_agent == agent.agent) return &agent;
      if (best == nullptr || IsBefore(policy.strategy, agent, *best)) best = &agent;
    }
    return best;
  }
};

class Drawn {
 public:
  explicit Drawn(uint64_t seed) : draw_(seed) {}
  size_t Below(size_t bound) { return draw_() % bound; }
  std::string Team() { return std::vector<std::string>{"", "sales", "care", "night"}[Below(4)]; }
  std::vector<Skill> Skills(size_t most) {
    std::vector<Skill> skills;
    for (size_t i = Below(most + 1); i > 0; --i) {
      skills.push_back(
          {std::vector<std::string>{"billing", "tax", "returns"}[Below(3)], 1 + static_cast<int64_t>(Below(3))});
    }
    return skills;
  }
  std::string Language() { return std::vector<std::string>{"", "", "de", "en-GB"}[Below(4)]; }
  wire::AgentId Agent() { return wire::AgentId::Make(1 + static_cast<int64_t>(Below(12)), 0, 0); }

  Candidate MakeCandidate(const wire::AgentId& id) {
    Candidate candidate{id,
                        static_cast<wire::Presence>(Below(3)),
                        static_cast<int64_t>(Below(4)),
                        static_cast<int64_t>(Below(5)),
                        static_cast<int64_t>(Below(4)),
                        {}};
    for (const char* team : {"sales", "care", "night"}) {
      if (Below(2) == 0) candidate.talents.teams.push_back(team);
    }
    Need unique{.team = "", .skills = Skills(2), .language = "", .passed = {}};
    Normalize(unique);
    candidate.talents.skills = unique.skills;
    if (const std::string language = Language(); !language.empty()) candidate.talents.languages.push_back(language);
    return candidate;
  }
  Waiting MakeWaiting(int number) {
    Waiting waiting{Cnv(number),
                    static_cast<int64_t>(Below(3)),
                    static_cast<int64_t>(Below(50)),
                    {Team(), Skills(1), Language(), {}},
                    {}};
    if (Below(3) == 0) waiting.need.passed.push_back(Agent());
    if (Below(20) == 0) waiting.need.is_asked_elsewhere = true;
    if (Below(2) == 0) waiting.last_agent = Agent();
    Normalize(waiting.need);
    return waiting;
  }

 private:
  std::mt19937_64 draw_;
};

TEST(Dispatch, ByIndexesIsAsByLookingAtEverything) {
  SCOPED_TRACE(store::Replay());
  for (int round = 0; round < 60; ++round) {
    Drawn draw(store::Seed() + static_cast<uint64_t>(round));
    Board board;
    Everything all;
    for (const char* team : {"", "sales", "care", "night"}) {
      Policy policy{static_cast<Strategy>(draw.Below(7)), 0, {}};
      if (draw.Below(3) == 0) policy.load_max = 1 + static_cast<int64_t>(draw.Below(6));
      all.policies[team] = policy;
      board.SetPolicy(team, policy);
    }
    for (int i = 1; i <= 12; ++i) {
      all.agents.push_back(draw.MakeCandidate(wire::AgentId::Make(i, 0, 0)));
      board.SetAgent(all.agents.back());
    }
    int64_t now = 100;
    for (int step = 0; step < 120; ++step) {
      const Waiting waiting = draw.MakeWaiting(1000 * round + step);
      all.queue.push_back(waiting);
      board.Enqueue(waiting);
      if (draw.Below(4) == 0) {
        Candidate& agent = all.agents[draw.Below(all.agents.size())];
        agent = draw.MakeCandidate(agent.agent);
        board.SetAgent(agent);
      }
      std::sort(all.queue.begin(), all.queue.end(), [](const Waiting& a, const Waiting& b) { return IsBefore(a, b); });
      while (true) {
        const auto first = std::find_if(all.queue.begin(), all.queue.end(),
                                        [&](const Waiting& one) { return all.Best(one) != nullptr; });
        const auto match = NextOf(board);
        ASSERT_EQ(match.has_value(), first != all.queue.end()) << "round " << round << ", step " << step;
        if (!match) break;
        ASSERT_EQ(match->waiting.conversation, first->conversation);
        ASSERT_EQ(match->decision.agent, all.Best(*first)->agent);
        // It is given.
        const std::string team = first->need.team;
        for (Candidate& agent : all.agents) {
          if (agent.agent != match->decision.agent) continue;
          ++agent.load;
          agent.assigned_at = ++now;
          EXPECT_LE(agent.load, agent.capacity);
        }
        ++all.policies[team].load;
        ASSERT_TRUE(board.TakeOut(first->conversation).has_value());
        board.Give(*match->decision.agent, team, now);
        all.queue.erase(first);
      }
      ASSERT_EQ(board.waiting(), all.queue.size());
    }
  }
}

}  // namespace
}  // namespace alcove::functions
