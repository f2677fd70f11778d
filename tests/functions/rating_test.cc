#include <gmock/gmock.h>

#include <string>

#include "tests/functions/invariants.h"
#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

class Rating : public testing::Test {
 protected:
  Result Rate(const std::string& body) {
    return world_.Put(World::PathOf("customer", id_) + "/rating", customer_, body);
  }

  World world_;
  const Person agent_ = world_.AddOnlineAgent("Mara");
  const Person customer_ = world_.AddCustomer();
  const std::string id_ = world_.Start(customer_);
};

TEST_F(Rating, IsToldAndKeptWhetherOverOrNot) {
  const Result first = Rate(R"({"score":4,"comment":"quick"})");
  ASSERT_EQ(first.status, 201) << first.body;
  const wire::Event event = first.As<wire::EventAnswer>().event;
  EXPECT_EQ(event.type, wire::EventType::kRated);
  EXPECT_EQ(event.score, 4);
  EXPECT_EQ(event.comment, "quick");
  EXPECT_EQ(event.actor.id, customer_.id);

  world_.Post(World::PathOf("agent", id_) + "/close", agent_);
  const Result second = Rate(R"({"score":5})");
  ASSERT_EQ(second.status, 201) << "another one takes its place";
  for (const auto& [side, who] : {std::pair("agent", agent_), std::pair("customer", customer_)}) {
    const auto page = world_.Get(World::PathOf(side, id_) + "/events", who).As<wire::EventPage>();
    EXPECT_EQ(page.events.back(), second.As<wire::EventAnswer>().event) << side;
  }
  const auto seen = world_.Get(World::PathOf("agent", id_), agent_).As<wire::ConversationAnswer>().conversation;
  EXPECT_EQ(seen.conversation.rating, (wire::Rating{5, std::nullopt}));
  CheckInvariants(world_);
}

TEST_F(Rating, RepeatChangesNothing) {
  const Result first = Rate(R"({"score":1,"comment":"slow"})");
  const auto before = world_.Everything();
  const Result again = Rate(R"({"comment":"slow","score":1})");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(world_.Everything(), before);
}

TEST_F(Rating, RefusesWhatIsNone) {
  for (const char* const bad : {R"({"score":0})", R"({"score":6})", R"({"score":-1})"}) {
    EXPECT_EQ(Rate(bad).status, 422) << bad;
  }
  for (const char* const bad : {"", "{}", R"({"score":"5"})", R"({"score":4.5})"}) {
    EXPECT_EQ(Rate(bad).status, 400) << bad;
  }
  const auto with = [](size_t bytes) { return R"({"score":1,"comment":")" + std::string(bytes, 'x') + "\"}"; };
  EXPECT_EQ(Rate(with(wire::kCommentBytesMax + 1)).status, 422);
  EXPECT_EQ(Rate(with(wire::kCommentBytesMax)).status, 201);
  EXPECT_EQ(Rate(R"({"score":5})").status, 201);
}

TEST_F(Rating, IsTheCustomersOwn) {
  const Person other = world_.AddCustomer();
  const std::string path = World::PathOf("customer", id_) + "/rating";
  EXPECT_EQ(world_.Put(path, other, R"({"score":1})").status, 404);
  EXPECT_EQ(world_.Put(path, agent_, R"({"score":1})").status, 401);
}

}  // namespace
}  // namespace alcove::functions
