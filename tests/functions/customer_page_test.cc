// The pages that a customer looks at while a conversation goes on.
#include <string>

#include "tests/functions/invariants.h"
#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

class CustomerPages : public testing::Test {
 protected:
  CustomerPages() { world_.Snapshot(mara_); }
  ~CustomerPages() override { CheckInvariants(world_); }
  Result Look(const std::string& body) {
    return world_.Post(World::PathOf("customer", conversation_) + "/page", customer_, body);
  }

  World world_;
  Person mara_ = world_.AddOnlineAgent("Mara");
  Person customer_ = world_.AddCustomer();
  std::string conversation_ = world_.Start(customer_);
};

TEST_F(CustomerPages, AreToldToAgentsAlone) {
  world_.Hear("customer", customer_);
  const Result parked = world_.Poll("agent", mara_);
  world_.ForgetWakes();
  ASSERT_EQ(Look(R"({"url":"https://shop.example/mugs","title":"Mugs"})").status, 200);
  EXPECT_TRUE(world_.Wakes(parked));
  const auto answer = world_.Hear("agent", mara_);
  ASSERT_EQ(answer.events.size(), 1U);
  EXPECT_EQ(answer.events[0].type, wire::EventType::kPage);
  EXPECT_EQ(answer.events[0].url, "https://shop.example/mugs");
  EXPECT_EQ(answer.events[0].title, "Mugs");
  EXPECT_EQ(answer.signals.at(0).summary->page, "https://shop.example/mugs");
  const auto hidden = world_.Hear("customer", customer_).events;
  ASSERT_EQ(hidden.size(), 1U);
  EXPECT_EQ(hidden[0].type, wire::EventType::kHidden);
  EXPECT_EQ(hidden[0].url, std::nullopt);
}

TEST_F(CustomerPages, TheSameIsNoNews) {
  Look(R"({"url":"https://shop.example/a","title":"A"})");
  const auto before = world_.Everything();
  EXPECT_EQ(Look(R"({"url":"https://shop.example/a","title":"A, 3 new"})").status, 200);
  EXPECT_EQ(world_.Everything(), before);
  EXPECT_EQ(Look(R"({"url":"https://shop.example/b"})").status, 200);
  EXPECT_NE(world_.Everything(), before);
}

TEST_F(CustomerPages, AreChecked) {
  const auto before = world_.Everything();
  EXPECT_EQ(Look("").status, 400);
  EXPECT_EQ(Look(R"({"url":""})").status, 422);
  EXPECT_EQ(Look(R"({"url":")" + std::string(wire::kPageUrlBytesMax + 1, 'a') + "\"}").status, 422);
  EXPECT_EQ(world_.Everything(), before);
  // A page says what it likes of itself.
  const std::string title(wire::kPageTitleBytesMax + 1, 't');
  EXPECT_EQ(
      Look(R"({"url":")" + std::string(wire::kPageUrlBytesMax, 'a') + R"(","title":"\u0000)" + title + "\"}").status,
      200);
  EXPECT_EQ(world_.Hear("agent", mara_).events.back().title, std::string(wire::kPageTitleBytesMax, 't'));
}

TEST_F(CustomerPages, AreNobodysBusinessWhenItIsOver) {
  world_.Post(World::PathOf("agent", conversation_) + "/close", mara_);
  const auto before = world_.Everything();
  EXPECT_EQ(Look(R"({"url":"https://shop.example/a"})").code(), "closed");
  EXPECT_EQ(world_.Everything(), before);
}

}  // namespace
}  // namespace alcove::functions
