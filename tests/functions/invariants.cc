#include "tests/functions/invariants.h"

#include <vector>

#include "functions/domain/board.h"
#include "functions/domain/dispatch.h"
#include "functions/lifecycle.h"
#include "functions/routing.h"
#include "functions/verify.h"

namespace alcove::functions {

namespace keys = store::keys;

std::vector<Finding> FindingsOf(store::Store& store) {
  std::vector<Finding> findings;
  const auto report = store.Read([&](store::Reader& reader) {
    return Verify(reader, {.found = [&](const Finding& finding) { findings.push_back(finding); }, .progress = nullptr});
  });
  EXPECT_TRUE(report.ok()) << report.status();
  if (report.ok()) {
    EXPECT_EQ(report->findings, static_cast<int64_t>(findings.size()));
    EXPECT_EQ(report->unknown, 0) << "a family that the verification does not know";
  }
  return findings;
}

void CheckInvariants(World& world) {
  for (const Finding& finding : FindingsOf(*world.store)) ADD_FAILURE() << finding.key << " " << finding.what;

  // The index finds whom the rule would choose among all.
  Board board;
  Policy policy;
  const auto chosen = world.store->Read([&](store::Reader& reader) {
    SiteRouting routing(reader, kSite);
    policy = *routing.PolicyOf("");
    board.SetPolicy("", policy);
    const auto states = *reader.Scan(keys::AllAgentStates(kSite));
    for (const store::Entry& entry : states) {
      const wire::AgentId id = *keys::DecodeAgent(entry.key);
      const auto state = *DecodeRecord<AgentState>(entry.value);
      const auto agent = *Load<AgentRecord>(reader, keys::Agent(kSite, id));
      board.SetAgent(CandidateOf(id, agent, state));
    }
    return ChooseAgent(routing, Conversation{kSite, {}, {}, {}});
  });
  ASSERT_TRUE(chosen.ok());
  EXPECT_EQ(chosen->agent, Dispatch(Need{}, policy, std::nullopt, board)->agent);
}

}  // namespace alcove::functions
