#include <atomic>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

TEST(Claim, TakesOutOfTheQueueWhateverPresenceAndLoad) {
  World world;
  const Person agent = world.AddAgent("Mara", 1);
  Person customer = world.AddCustomer();
  for (int i = 0; i < 3; ++i) {
    const std::string id = world.Start(customer);
    const Result claimed = world.Post(World::PathOf("agent", id) + "/claim", agent);
    ASSERT_EQ(claimed.status, 200) << claimed.body;
    const auto answer = claimed.As<wire::ConversationAnswer>().conversation;
    EXPECT_EQ(answer.conversation.state, wire::ConversationState::kOpen);
    EXPECT_EQ(answer.conversation.agent->name, "Mara");
    EXPECT_EQ(answer.events.back().type, wire::EventType::kAssigned);
    EXPECT_EQ(answer.events.back().why, "claimed");
    EXPECT_EQ(answer.events.back().actor.id, agent.id);
  }
}

TEST(Claim, RepeatChangesNothing) {
  World world;
  const Person agent = world.AddAgent("Mara");
  const std::string id = world.Start(world.AddCustomer());
  const Result first = world.Post(World::PathOf("agent", id) + "/claim", agent, "{}");
  const auto before = world.Everything();
  const Result again = world.Post(World::PathOf("agent", id) + "/claim", agent);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(world.Everything(), before);
}

TEST(Claim, SaysWhoHasIt) {
  World world;
  const Person mara = world.AddAgent("Mara");
  const Person jonas = world.AddAgent("Jonas");
  const std::string id = world.Start(world.AddCustomer());
  world.Post(World::PathOf("agent", id) + "/claim", mara);
  const Result refused = world.Post(World::PathOf("agent", id) + "/claim", jonas);
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.code(), "already_claimed");
  EXPECT_EQ(refused.As<wire::Problem>().agent->id, mara.id);
  EXPECT_EQ(refused.As<wire::Problem>().agent->name, "Mara");
  EXPECT_EQ(refused.As<wire::Problem>().conversation->id, id);
}

TEST(Claim, OfAClosedOneIsRefused) {
  World world;
  const Person mara = world.AddAgent("Mara");
  const std::string id = world.Start(world.AddCustomer());
  world.Post(World::PathOf("agent", id) + "/close", mara);
  const Result refused = world.Post(World::PathOf("agent", id) + "/claim", mara);
  EXPECT_EQ(refused.code(), "closed");
  EXPECT_EQ(refused.As<wire::Problem>().conversation->state, wire::ConversationState::kClosed);
}

TEST(Claim, OfManyAtOnceOneHasIt) {
  World world;
  std::vector<Person> agents;
  for (int i = 0; i < 8; ++i) agents.push_back(world.AddAgent("Agent"));
  for (int round = 0; round < 20; ++round) {
    const std::string id = world.Start(world.AddCustomer());
    std::vector<Result> results(agents.size());
    std::vector<std::thread> threads;
    for (size_t i = 0; i < agents.size(); ++i) {
      threads.emplace_back([&, i] { results[i] = world.Post(World::PathOf("agent", id) + "/claim", agents[i]); });
    }
    for (std::thread& thread : threads) thread.join();
    int winners = 0;
    std::string winner;
    for (size_t i = 0; i < agents.size(); ++i) {
      if (results[i].status != 200) continue;
      ++winners;
      winner = agents[i].id;
    }
    ASSERT_EQ(winners, 1);
    for (const Result& result : results) {
      if (result.status == 200) continue;
      EXPECT_EQ(result.code(), "already_claimed");
      EXPECT_EQ(result.As<wire::Problem>().agent->id, winner);
    }
  }
}

// A thousand claims, by several threads that are in each other's way all the time; ALCOVE_CLAIMS=1000000 makes it a
// million, which take some minutes.
TEST(Claim, OfEachOfVeryManyThereIsOneWinner) {
  const char* const asked = std::getenv("ALCOVE_CLAIMS");
  const int claims = asked != nullptr ? std::atoi(asked) : 1000;
  constexpr int kClaimers = 4;
  constexpr int kTogether = 50;  // conversations that wait at once
  World world;
  std::vector<Person> agents;
  for (int i = 0; i < kClaimers; ++i) agents.push_back(world.AddAgent("Agent"));
  for (int done = 0; done < claims; done += kTogether * kClaimers) {
    std::vector<Person> customers;  // each may have twenty
    std::vector<std::string> waiting;
    for (int i = 0; i < kTogether; ++i) {
      if (i % 20 == 0) customers.push_back(world.AddCustomer());
      waiting.push_back(world.Start(customers.back()));
    }
    std::vector<std::atomic<int>> winners(waiting.size());
    std::vector<std::thread> threads;
    for (const Person& agent : agents) {
      threads.emplace_back([&, who = &agent] {
        for (size_t i = 0; i < waiting.size(); ++i) {
          const Result result = world.Post(World::PathOf("agent", waiting[i]) + "/claim", *who);
          if (result.status == 200) ++winners[i];
          EXPECT_TRUE(result.status == 200 || result.code() == "already_claimed") << result.body;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (size_t i = 0; i < waiting.size(); ++i) ASSERT_EQ(winners[i], 1) << waiting[i];
  }
}

}  // namespace
}  // namespace alcove::functions
