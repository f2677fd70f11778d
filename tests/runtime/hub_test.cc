#include "runtime/hub.h"

#include <gtest/gtest.h>

#include <atomic>
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

// Writers raise a number and signal; readers run as the reactor runs a poll:
// note, read, park, be woken, again. A lost wake-up leaves a reader below the
// end for ever, so the test would hang.
TEST(Hub, NeverLosesASignalBetweenReadAndPark) {
  constexpr int kTopics = 4;
  constexpr int kRounds = 20'000;
  Hub hub;
  std::vector<std::atomic<int>> values(kTopics);
  const auto name = [](int topic) { return "topic" + std::to_string(topic); };

  class Reader final : public Waiter {
   public:
    void Signalled() override {
      signalled.store(true);
      signalled.notify_one();
    }
    std::atomic<bool> signalled{false};
  };
  std::vector<std::thread> threads;
  for (int reader = 0; reader < 4; ++reader) {
    threads.emplace_back([&, reader] {
      const int topic = reader % kTopics;
      Reader waiter;
      while (true) {
        const uint64_t since = hub.Sequence();
        if (values[static_cast<size_t>(topic)].load() == kRounds) return;
        waiter.signalled.store(false);
        if (!hub.Park(waiter, {name(topic), "shared"}, since)) continue;
        waiter.signalled.wait(false);
        hub.Unpark(waiter);
      }
    });
  }
  for (int topic = 0; topic < kTopics; ++topic) {
    threads.emplace_back([&, topic] {
      for (int round = 1; round <= kRounds; ++round) {
        values[static_cast<size_t>(topic)].store(round);
        hub.Signal(name(topic));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(hub.topic_count(), 0U);
}

}  // namespace
}  // namespace alcove::runtime
