// Several actions on several conversations in one call.
#include "functions/wire/bulk.h"

#include <string>
#include <utility>
#include <vector>

#include "tests/functions/invariants.h"
#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

class BulkTest : public testing::Test {
 protected:
  Result Do(const std::vector<std::string>& conversations, const std::string& actions) {
    std::string ids;
    for (const std::string& id : conversations) ids += (ids.empty() ? "\"" : ",\"") + id + "\"";
    return world_.Post("/v1/agent/bulk", mara_, "{\"conversations\":[" + ids + "],\"actions\":" + actions + "}");
  }
  wire::ConversationState StateOf(const std::string& id) {
    return world_.Stored<ConversationRecord>(store::keys::Conversation(kSite, wire::ConversationId(id)))->state;
  }
  std::optional<std::vector<std::string>> TagsOf(const std::string& id) {
    return world_.Stored<ConversationRecord>(store::keys::Conversation(kSite, wire::ConversationId(id)))->tags;
  }

  World world_;
  const Person mara_ = world_.AddAgent("Mara");
  const Person jonas_ = world_.AddAgent("Jonas");
  const Person customer_ = world_.AddCustomer();
};

TEST_F(BulkTest, DoesEachWithEachAndGoesOnAfterARefusal) {
  const std::string first = world_.Start(customer_);
  const std::string second = world_.Start(customer_);
  const std::string third = world_.Start(customer_);
  ASSERT_EQ(world_.Post(World::PathOf("agent", second) + "/claim", jonas_).status, 200);
  const std::string missing = world_.NewId<wire::ConversationId>().text();
  const std::string actions =
      R"([{"act":"tags","body":{"add":["spam"]}},{"act":"claim"},{"act":"close","body":{"reason":"spam"}}])";
  const auto results = Do({first, second, missing, third}, actions).As<wire::BulkAnswer>().results;
  ASSERT_EQ(results.size(), 4U);
  const auto jonas = wire::Actor{wire::ActorKind::kAgent, jonas_.id, jonas_.name};
  EXPECT_EQ(results[1], (wire::BulkResult{second, 409, "already_claimed", "claim", jonas}));
  EXPECT_EQ(results[2], (wire::BulkResult{missing, 404, "not_found", "tags"}));
  for (const auto& [i, id] : {std::pair{0, first}, {3, third}}) {
    const auto now = world_.Get(World::PathOf("agent", id), mara_).As<wire::ConversationAnswer>().conversation;
    EXPECT_EQ(results[static_cast<size_t>(i)], (wire::BulkResult{id, 200, {}, {}, {}, now.conversation}));
    EXPECT_EQ(now.conversation.state, wire::ConversationState::kClosed);
  }
  EXPECT_EQ(StateOf(first), wire::ConversationState::kClosed);
  EXPECT_EQ(StateOf(second), wire::ConversationState::kOpen);
  EXPECT_EQ(TagsOf(second), std::vector<std::string>{"spam"}) << "what came before the refusal stays";
  EXPECT_EQ(StateOf(third), wire::ConversationState::kClosed);
  CheckInvariants(world_);
  // A repeat finds it done as far as it was.
  const auto before = world_.Everything();
  EXPECT_EQ(Do({second}, R"([{"act":"tags","body":{"add":["spam"]}}])").As<wire::BulkAnswer>().results[0].status, 200);
  EXPECT_EQ(world_.Everything(), before);
}

TEST_F(BulkTest, IsBounded) {
  std::vector<std::string> ids;
  for (size_t i = 0; i <= wire::kBulkConversationsMax; ++i) ids.push_back(world_.NewId<wire::ConversationId>().text());
  const std::vector<std::string> most(ids.begin(), ids.end() - 1);
  const std::string claim = R"([{"act":"claim"}])";
  EXPECT_EQ(Do(ids, claim).status, 422);
  EXPECT_EQ(Do(most, claim).As<wire::BulkAnswer>().results.size(), wire::kBulkConversationsMax);
  std::string actions;
  for (size_t i = 0; i < wire::kBulkActionsMax; ++i) actions += std::string(i > 0 ? "," : "") + R"({"act":"claim"})";
  EXPECT_EQ(Do({ids[0]}, "[" + actions + "]").status, 200);
  EXPECT_EQ(Do({ids[0]}, "[" + actions + R"(,{"act":"claim"}])").status, 422);
  EXPECT_EQ(Do({ids[0], ids[0]}, claim).status, 422);
  EXPECT_EQ(Do({"cnv_x"}, claim).status, 422);
  EXPECT_EQ(Do({ids[0]}, R"([{"act":"erase"}])").status, 422);
  EXPECT_EQ(Do({ids[0]}, R"([{"act":"tags","body":[]}])").As<wire::BulkAnswer>().results[0].status, 400);
  EXPECT_EQ(world_.Post("/v1/agent/bulk", mara_, "{").status, 400);
}

}  // namespace
}  // namespace alcove::functions
