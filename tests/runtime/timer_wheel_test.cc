#include "runtime/timer_wheel.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace alcove::runtime {
namespace {

using std::chrono::milliseconds;

const SteadyTime kStart = SteadyTime(std::chrono::hours(100));

std::vector<Timed*> Expired(TimerWheel& wheel, SteadyTime now) {
  std::vector<Timed*> expired;
  while (Timed* const timed = wheel.NextExpired(now)) expired.push_back(timed);
  return expired;
}

TEST(TimerWheel, MeetsADeadlineWithinATickAndNeverEarly) {
  for (const int after : {0, 1, 49, 50, 51, 999, 51'199, 51'200, 51'201, 120'000}) {
    SCOPED_TRACE(after);
    TimerWheel wheel(kStart);
    Timed timed;
    wheel.Set(timed, kStart + milliseconds(after));
    SteadyTime met;
    for (SteadyTime now = kStart; now <= kStart + milliseconds(after + 100); now += milliseconds(10)) {
      if (wheel.NextExpired(now) == nullptr) continue;
      met = now;
      break;
    }
    EXPECT_GE(met, kStart + milliseconds(after));
    EXPECT_LE(met, kStart + milliseconds(after) + TimerWheel::kTick + milliseconds(10));
    EXPECT_TRUE(wheel.empty());
    EXPECT_FALSE(timed.has_deadline());
  }
}

TEST(TimerWheel, ForgetsWhatIsCancelledAndMovesWhatIsSetAgain) {
  TimerWheel wheel(kStart);
  Timed cancelled;
  Timed moved;
  wheel.Set(cancelled, kStart + milliseconds(100));
  wheel.Set(moved, kStart + milliseconds(100));
  wheel.Cancel(cancelled);
  wheel.Cancel(cancelled);
  wheel.Set(moved, kStart + milliseconds(300));
  EXPECT_TRUE(Expired(wheel, kStart + milliseconds(200)).empty());
  EXPECT_EQ(Expired(wheel, kStart + milliseconds(400)), std::vector<Timed*>{&moved});
}

TEST(TimerWheel, MayBeChangedWhileItIsEmptied) {
  TimerWheel wheel(kStart);
  std::vector<Timed> timed(4);
  for (Timed& one : timed) wheel.Set(one, kStart + milliseconds(10));
  const SteadyTime now = kStart + milliseconds(100);
  Timed* const first = wheel.NextExpired(now);
  ASSERT_NE(first, nullptr);
  for (Timed& one : timed) wheel.Cancel(one);
  wheel.Set(*first, now + milliseconds(500));
  EXPECT_TRUE(Expired(wheel, now).empty());
  EXPECT_EQ(Expired(wheel, now + milliseconds(600)).size(), 1U);
}

TEST(TimerWheel, WakesAfterASleepOfManyRounds) {
  TimerWheel wheel(kStart);
  std::vector<Timed> timed(3);
  wheel.Set(timed[0], kStart + milliseconds(10));
  wheel.Set(timed[1], kStart + std::chrono::minutes(10));
  wheel.Set(timed[2], kStart + std::chrono::hours(2));
  EXPECT_EQ(Expired(wheel, kStart + std::chrono::hours(1)).size(), 2U);
  EXPECT_EQ(Expired(wheel, kStart + std::chrono::hours(3)).size(), 1U);
}

// Against std::map, with a seed that names the failure.
TEST(TimerWheel, AgreesWithAnOrderedMap) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    TimerWheel wheel(kStart);
    std::vector<Timed> timed(50);
    std::map<Timed*, SteadyTime> model;
    SteadyTime now = kStart;
    for (int step = 0; step < 2000; ++step) {
      Timed& one = timed[random() % timed.size()];
      if (random() % 4 == 0) {
        wheel.Cancel(one);
        model.erase(&one);
      } else {
        model[&one] = now + milliseconds(random() % 3 == 0 ? random() % 200 : random() % 90'000);
        wheel.Set(one, model[&one]);
      }
      now += milliseconds(random() % 100);
      for (Timed* const expired : Expired(wheel, now)) {
        ASSERT_LE(model.at(expired), now);
        model.erase(expired);
      }
      for (const auto& [pending, deadline] : model) ASSERT_GT(deadline + TimerWheel::kTick, now);
    }
    for (Timed& one : timed) wheel.Cancel(one);
    EXPECT_TRUE(wheel.empty());
  }
}

}  // namespace
}  // namespace alcove::runtime
