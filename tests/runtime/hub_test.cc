#include "runtime/hub.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace alcove::runtime {
namespace {

class CountingWaiter final : public Waiter {
 public:
  void Signalled() override { count.fetch_add(1); }
  std::atomic<int> count{0};
};

TEST(Hub, WakesWhoWaitsForTheTopicAndNobodyElse) {
  Hub hub;
  CountingWaiter a;
  CountingWaiter both;
  ASSERT_TRUE(hub.Park(a, {"a"}, hub.Sequence()));
  ASSERT_TRUE(hub.Park(both, {"a", "b"}, hub.Sequence()));

  hub.TopicsChanged({"b", "nobody waits for it"});
  EXPECT_EQ(a.count, 0);
  EXPECT_EQ(both.count, 1);
  hub.Signal("a");
  EXPECT_EQ(a.count, 1);
  EXPECT_EQ(both.count, 2) << "it may be told again until it is unparked";
  hub.Unpark(a);
  hub.Unpark(both);
  hub.Signal("a");
  EXPECT_EQ(a.count, 1);
  EXPECT_EQ(hub.topic_count(), 0U);
}

TEST(Hub, RefusesToParkWhatWasSignalledAfterItWasRead) {
  Hub hub;
  CountingWaiter waiter;
  const uint64_t before = hub.Sequence();
  hub.Signal("b");
  EXPECT_FALSE(hub.Park(waiter, {"a", "b", "c"}, before));
  EXPECT_EQ(hub.topic_count(), 0U) << "a refused waiter is left on none of its topics";
  EXPECT_TRUE(hub.Park(waiter, {"a", "b", "c"}, hub.Sequence()));
  EXPECT_EQ(hub.topic_count(), 3U);
  hub.Unpark(waiter);
}

TEST(Hub, WakesEveryoneWhenAnythingMayHaveChanged) {
  Hub hub;
  std::vector<CountingWaiter> waiters(200);
  for (size_t i = 0; i < waiters.size(); ++i) {
    ASSERT_TRUE(hub.Park(waiters[i], {"topic " + std::to_string(i)}, hub.Sequence()));
  }
  CountingWaiter late;
  const uint64_t before = hub.Sequence();
  hub.AnythingMayHaveChanged();
  for (CountingWaiter& waiter : waiters) {
    EXPECT_EQ(waiter.count, 1);
    hub.Unpark(waiter);
  }
  EXPECT_EQ(hub.topic_count(), 0U);
  EXPECT_FALSE(hub.Park(late, {"one that nobody waited for"}, before)) << "it has read before that";
  EXPECT_TRUE(hub.Park(late, {"one that nobody waited for"}, hub.Sequence()));
  hub.Unpark(late);
}

TEST(Hub, UnparksInAnyOrder) {
  Hub hub;
  std::vector<CountingWaiter> waiters(5);
  for (CountingWaiter& waiter : waiters) ASSERT_TRUE(hub.Park(waiter, {"a", "a", "b"}, hub.Sequence()));
  for (const size_t i : {2U, 0U, 4U}) hub.Unpark(waiters[i]);
  hub.Unpark(waiters[2]);
  hub.Signal("a");
  EXPECT_EQ(waiters[1].count, 2) << "once for each time that it named the topic";
  EXPECT_EQ(waiters[2].count, 0);
  EXPECT_EQ(waiters[3].count, 2);
  hub.Unpark(waiters[1]);
  hub.Unpark(waiters[3]);
  EXPECT_EQ(hub.topic_count(), 0U);
}

// A writer raises a number and signals, a reader runs as the reactor runs a
// poll: note, read, park, be woken, again. The writer waits for its reader each
// time, so each round is one chance to lose a wake-up, which nothing after it
// would repair.
TEST(Hub, NeverLosesASignalBetweenReadAndPark) {
  constexpr size_t kPairs = 4;
  constexpr int kRounds = 5'000;
  struct Pair {
    std::atomic<int> written{0};
    std::atomic<int> seen{0};
  };
  class Reader final : public Waiter {
   public:
    void Signalled() override { signalled.store(true); }
    std::atomic<bool> signalled{false};
  };
  Hub hub;
  std::vector<Pair> pairs(kPairs);
  std::atomic<bool> lost{false};
  // Yields until `condition`; nothing here takes 20 s but a wake-up that does not come.
  const auto await = [&](const auto& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition() && !lost.load()) {
      if (std::chrono::steady_clock::now() > deadline) lost.store(true);
      std::this_thread::yield();
    }
  };

  std::vector<std::thread> threads;
  for (size_t i = 0; i < kPairs; ++i) {
    const std::string topic = "topic" + std::to_string(i);
    Pair& pair = pairs[i];
    threads.emplace_back([&, topic] {
      Reader reader;
      while (pair.seen.load() < kRounds && !lost.load()) {
        const uint64_t since = hub.Sequence();
        const int written = pair.written.load();
        if (written > pair.seen.load()) {
          pair.seen.store(written);
          continue;
        }
        reader.signalled.store(false);
        if (!hub.Park(reader, {topic, "shared"}, since)) continue;
        await([&] { return reader.signalled.load(); });
        hub.Unpark(reader);
      }
    });
    threads.emplace_back([&, topic] {
      for (int round = 1; round <= kRounds && !lost.load(); ++round) {
        pair.written.store(round);
        hub.Signal(topic);
        await([&] { return pair.seen.load() == round; });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_FALSE(lost.load()) << "a wake-up was lost";
  EXPECT_EQ(hub.topic_count(), 0U);
}

}  // namespace
}  // namespace alcove::runtime
