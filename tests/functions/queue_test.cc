#include <string>
#include <vector>

#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

std::string AssigneeOf(World& world, const std::string& conversation) {
  const auto head =
      world.Stored<ConversationRecord>(store::keys::Conversation(kSite, wire::ConversationId(conversation)));
  return head->agent ? head->agent->id : "";
}

std::vector<std::string> WaitingIds(World& world, const Person& agent) {
  std::vector<std::string> ids;
  const auto list = world.Get("/v1/agent/conversations?view=waiting", agent).As<wire::ConversationList>();
  for (const auto& conversation : list.conversations) {
    ids.push_back(conversation.id);
    EXPECT_EQ(conversation.position, static_cast<int64_t>(ids.size()));
  }
  return ids;
}

TEST(Queue, IsFirstComeFirstServed) {
  World world;
  const Person agent = world.AddAgent("Mara", 2);
  std::vector<std::string> ids;
  // All in one millisecond: the order is that of their coming all the same.
  for (int i = 0; i < 5; ++i) ids.push_back(world.Start(world.AddCustomer()));
  EXPECT_EQ(WaitingIds(world, agent), ids);
  world.SetPresence(agent, "online");
  EXPECT_EQ(AssigneeOf(world, ids[0]), agent.id);
  EXPECT_EQ(AssigneeOf(world, ids[1]), agent.id);
  EXPECT_EQ(WaitingIds(world, agent), (std::vector<std::string>{ids[2], ids[3], ids[4]}));
  world.Post(World::PathOf("agent", ids[0]) + "/close", agent);
  EXPECT_EQ(AssigneeOf(world, ids[2]), agent.id);
}

TEST(Queue, TellsTheCustomerWhyTheyAreServedButNobodysLoad) {
  World world;
  const Person agent = world.AddAgent("Mara", 2);
  Person customer = world.AddCustomer();
  world.Start(customer);
  world.SetPresence(agent, "online");
  const wire::PollAnswer heard = world.Hear("customer", customer);
  ASSERT_FALSE(heard.events.empty());
  EXPECT_EQ(heard.events.back().why, "first in the queue; least loaded");
}

TEST(Queue, ACustomerWhoClosesMakesRoomToo) {
  World world;
  const Person agent = world.AddOnlineAgent("Mara", 1);
  const Person first = world.AddCustomer();
  const std::string having = world.Start(first);
  const std::string waiting = world.Start(world.AddCustomer());
  EXPECT_EQ(AssigneeOf(world, waiting), "");
  world.Post(World::PathOf("customer", having) + "/close", first);
  EXPECT_EQ(AssigneeOf(world, waiting), agent.id);
}

TEST(Queue, OneWhoGivesUpLeavesIt) {
  World world;
  const Person agent = world.AddAgent("Mara");
  const Person first = world.AddCustomer();
  const std::string gone = world.Start(first);
  const std::string second = world.Start(world.AddCustomer());
  world.Post(World::PathOf("customer", gone) + "/close", first);
  EXPECT_EQ(WaitingIds(world, agent), std::vector<std::string>{second});
  world.SetPresence(agent, "online");
  EXPECT_EQ(AssigneeOf(world, gone), "");
  EXPECT_EQ(AssigneeOf(world, second), agent.id);
}

TEST(Queue, NobodyIsGivenToWhoIsAwayOrOffline) {
  World world;
  const Person agent = world.AddOnlineAgent("Mara");
  for (const char* state : {"away", "offline"}) {
    world.SetPresence(agent, state);
    EXPECT_EQ(AssigneeOf(world, world.Start(world.AddCustomer())), "") << state;
  }
}

TEST(Queue, TheLeastLoadedIsFirst) {
  World world;
  const Person mara = world.AddOnlineAgent("Mara", 3);
  const Person jonas = world.AddOnlineAgent("Jonas", 3);
  std::vector<int> loads(2);
  for (int i = 0; i < 6; ++i) {
    world.clock.Advance(absl::Seconds(1));
    const std::string assignee = AssigneeOf(world, world.Start(world.AddCustomer()));
    ASSERT_NE(assignee, "");
    ++loads[assignee == mara.id ? 0 : 1];
    EXPECT_LE(std::abs(loads[0] - loads[1]), 1);
  }
  EXPECT_EQ(AssigneeOf(world, world.Start(world.AddCustomer())), "") << "both are full";
  EXPECT_EQ(loads, (std::vector<int>{3, 3}));
  (void)jonas;
}

// More than one transaction hands out.
TEST(Queue, IsHandedOutWholeToWhoHasRoomForIt) {
  World world;
  const int kWaiting = 2 * wire::kDispatchBatchMax + 1;
  const Person agent = world.AddAgent("Mara", 1000);
  std::vector<std::string> ids;
  for (int i = 0; i < kWaiting; ++i) ids.push_back(world.Start(world.AddCustomer()));
  const Result online = world.SetPresence(agent, "online");
  EXPECT_EQ(online.As<wire::AgentAnswer>().agent.load, kWaiting);
  EXPECT_TRUE(WaitingIds(world, agent).empty());
}

TEST(Queue, NobodyOvertakesThoseWhoWait) {
  World world;
  const Person agent = world.AddAgent("Mara");
  const std::string first = world.Start(world.AddCustomer());
  // An agent with room and a queue that is not handed out: as a crash between
  // two batches leaves it.
  world.Write([&](store::Transaction& txn) {
    AgentState state;
    state.presence = wire::Presence::kOnline;
    Save(txn, store::keys::AgentState(kSite, wire::AgentId(agent.id)), state);
    txn.Put(store::keys::Available(kSite, 0, 0, wire::AgentId(agent.id)), "1");
  });
  const std::string second = world.Start(world.AddCustomer());
  EXPECT_EQ(AssigneeOf(world, first), agent.id);
  EXPECT_EQ(AssigneeOf(world, second), agent.id);
  EXPECT_EQ(world.StateOf(agent).load, 2);
}

}  // namespace
}  // namespace alcove::functions
