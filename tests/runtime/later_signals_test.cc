#include "runtime/later_signals.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "store/keys.h"

namespace alcove::runtime {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using store::keys::LaterTopic;

class AwaitedWaiter final : public Waiter {
 public:
  void Signalled() override { count.fetch_add(1); }
  void Await(int times) const {
    while (count < times) std::this_thread::sleep_for(milliseconds(1));
  }
  std::atomic<int> count{0};
};

TEST(LaterSignals, TellsAtOnceWhatIsNotForLater) {
  Hub hub;
  LaterSignals signals(hub, hours(1));
  AwaitedWaiter waiter;
  ASSERT_TRUE(hub.Park(waiter, {"a"}, hub.Sequence()));
  signals.TopicsChanged({"a", "b"});
  EXPECT_EQ(waiter.count, 1);
  EXPECT_EQ(signals.size(), 0U);
  hub.Unpark(waiter);
}

TEST(LaterSignals, TellsTheRestWhenItIsTime) {
  Hub hub;
  LaterSignals signals(hub, milliseconds(1));
  AwaitedWaiter waiter;
  AwaitedWaiter other;
  ASSERT_TRUE(hub.Park(waiter, {"a"}, hub.Sequence()));
  ASSERT_TRUE(hub.Park(other, {"b"}, hub.Sequence()));
  signals.TopicsChanged({LaterTopic("a")});
  waiter.Await(1);
  EXPECT_EQ(signals.size(), 0U);
  signals.TopicsChanged({LaterTopic("a"), LaterTopic("b")});
  other.Await(1);
  EXPECT_EQ(waiter.count, 1) << "it waits for nothing any more, as after any signal";
  hub.Unpark(waiter);
  hub.Unpark(other);
}

TEST(LaterSignals, IsToldOnceAndNotAfterTheTopicItself) {
  Hub hub;
  LaterSignals signals(hub, hours(1));
  AwaitedWaiter waiter;
  ASSERT_TRUE(hub.Park(waiter, {"a"}, hub.Sequence()));
  signals.TopicsChanged({LaterTopic("a"), LaterTopic("b")});
  signals.TopicsChanged({LaterTopic("a")});
  EXPECT_EQ(waiter.count, 0);
  EXPECT_EQ(signals.size(), 2U);
  signals.TopicsChanged({"a"});
  EXPECT_EQ(waiter.count, 1);
  EXPECT_EQ(signals.size(), 1U) << "whoever is woken now hears of both";
  signals.TopicsChanged({"b", LaterTopic("b")});
  EXPECT_EQ(signals.size(), 0U) << "of one commit, in any order";
  hub.Unpark(waiter);
}

}  // namespace
}  // namespace alcove::runtime
