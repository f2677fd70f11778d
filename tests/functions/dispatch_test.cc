#include "functions/domain/dispatch.h"

#include <algorithm>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace alcove::functions {
namespace {

const wire::AgentId kA = wire::AgentId::Make(1, 0, 0);
const wire::AgentId kB = wire::AgentId::Make(2, 0, 0);
const wire::AgentId kC = wire::AgentId::Make(3, 0, 0);
constexpr auto kOnline = wire::Presence::kOnline;

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
      {"the last room", {{kA, kOnline, 4, 5, 0}}, kA, "least loaded"},
      {"no capacity", {{kA, kOnline, 0, 0, 0}}, std::nullopt, "nobody who is online has room"},
      {"the least loaded", {{kA, kOnline, 2, 5, 0}, {kB, kOnline, 1, 5, 9}}, kB, "least loaded"},
      {"of equals, the longest without", {{kA, kOnline, 1, 5, 9}, {kB, kOnline, 1, 5, 8}}, kB, "least loaded"},
      {"of equals still, the lowest id", {{kC, kOnline, 1, 5, 8}, {kB, kOnline, 1, 5, 8}}, kB, "least loaded"},
      {"a full one is not in the way", {{kA, kOnline, 1, 1, 0}, {kB, kOnline, 3, 5, 0}}, kB, "least loaded"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    std::vector<Candidate> candidates = c.candidates;
    for (int turned = 0; turned < 2; ++turned) {
      const Decision decision = Dispatch(candidates);
      EXPECT_EQ(decision.agent, c.chosen);
      EXPECT_EQ(decision.why, c.why);
      std::reverse(candidates.begin(), candidates.end());
    }
  }
}

}  // namespace
}  // namespace alcove::functions
