// Agents who vanish, and come back.
#include "functions/agent/away.h"

#include <algorithm>
#include <optional>
#include <string>

#include "functions/defer.h"
#include "tests/functions/due_calls.h"
#include "tests/functions/invariants.h"
#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

namespace keys = store::keys;

constexpr absl::Duration kGone = absl::Milliseconds(wire::kAgentGoneMs);
constexpr absl::Duration kUntilGone = absl::Milliseconds(wire::kAgentSeenMs + wire::kPollHoldMs + wire::kAgentGoneMs);

class AwayTest : public testing::Test {
 protected:
  ~AwayTest() override { CheckInvariants(world_); }

  std::optional<absl::Time> AwayAt(const Person& agent) {
    return *world_.store->Read(
        [&](store::Reader& reader) { return DueTime(reader, agent::kAgentAway.name, "sit_demo:" + agent.id); });
  }
  void Pass(absl::Duration time) {
    world_.clock.Advance(time);
    RunDueCalls(world_);
  }

  World world_;
};

TEST_F(AwayTest, WhoVanishesIsAwayAndGivenNothing) {
  Person mara = world_.AddOnlineAgent("Mara");
  Person jonas = world_.AddAgent("Jonas");
  world_.Snapshot(mara);
  const Person customer = world_.AddCustomer();
  world_.Start(customer);
  world_.Hear("agent", mara);
  world_.Snapshot(jonas);
  Pass(kUntilGone - absl::Milliseconds(1));
  EXPECT_EQ(world_.StateOf(mara).presence, wire::Presence::kOnline);
  const Result parked = world_.Poll("agent", jonas);
  ASSERT_TRUE(parked.hangs());
  world_.ForgetWakes();
  Pass(absl::Milliseconds(1));
  EXPECT_EQ(world_.StateOf(mara).presence, wire::Presence::kAway);
  EXPECT_TRUE(world_.Wakes(parked));
  const auto heard = world_.Hear("agent", jonas);
  ASSERT_EQ(heard.signals.size(), 1U);
  EXPECT_EQ(heard.signals[0].agent->id, mara.id);
  EXPECT_EQ(heard.signals[0].agent->presence, wire::Presence::kAway);
  EXPECT_EQ(heard.signals[0].agent->load, 1) << "what they have stays theirs";
  world_.Start(customer);
  EXPECT_EQ(world_.Snapshot(jonas).queue.size(), 1U) << "who is gone is given nothing";
}

// Never sooner than a minute after their last poll ended, whenever that was.
TEST_F(AwayTest, WhoPollsIsThere) {
  Person mara = world_.AddOnlineAgent("Mara");
  world_.Snapshot(mara);
  int writes = 0;
  auto away_at = AwayAt(mara);
  for (int second = 0; second < 600; second += 7) {
    // Held for longer or shorter, and ended.
    EXPECT_EQ(world_.Poll("agent", mara, "25", Wake::kDeadline).status, 200);
    ASSERT_TRUE(AwayAt(mara).has_value());
    writes += AwayAt(mara) != away_at ? 1 : 0;
    away_at = AwayAt(mara);
    EXPECT_GE(*away_at - world_.clock.Now(), kGone + absl::Milliseconds(wire::kPollHoldMs));
    Pass(absl::Seconds(7));
    EXPECT_EQ(world_.StateOf(mara).presence, wire::Presence::kOnline);
  }
  EXPECT_GT(writes, 5);
  EXPECT_LE(writes, 600'000 / wire::kAgentSeenMs) << "no poll is a write";
}

TEST_F(AwayTest, APollThatWaitsHasWrittenNothing) {
  Person mara = world_.AddOnlineAgent("Mara");
  world_.Snapshot(mara);
  world_.clock.Advance(absl::Milliseconds(wire::kAgentSeenMs));
  const auto before = world_.Everything();
  EXPECT_TRUE(world_.Poll("agent", mara).hangs());
  EXPECT_EQ(world_.Poll("agent", mara, "25", Wake::kDraining).status, 200);
  EXPECT_EQ(world_.Everything(), before);
  EXPECT_EQ(world_.Poll("agent", mara, "25", Wake::kDeadline).status, 200);
  EXPECT_NE(world_.Everything(), before);
}

TEST_F(AwayTest, TheNextPollBringsThemBackToWhatWaits) {
  Person mara = world_.AddOnlineAgent("Mara");
  Person jonas = world_.AddAgent("Jonas");
  world_.Snapshot(mara);
  world_.Snapshot(jonas);
  Pass(kUntilGone);
  ASSERT_EQ(world_.StateOf(mara).presence, wire::Presence::kAway);
  const Person customer = world_.AddCustomer();
  world_.Start(customer);
  world_.Hear("agent", jonas);
  world_.Hear("agent", mara);
  EXPECT_EQ(world_.StateOf(mara).presence, wire::Presence::kOnline);
  EXPECT_EQ(world_.StateOf(mara).load, 1);
  const auto heard = world_.Hear("agent", jonas);
  const bool told = std::any_of(heard.signals.begin(), heard.signals.end(), [](const wire::Signal& signal) {
    return signal.type == wire::SignalType::kPresence && signal.agent->presence == wire::Presence::kOnline;
  });
  EXPECT_TRUE(told);
  // And they are waited for again.
  Pass(kUntilGone);
  EXPECT_EQ(world_.StateOf(mara).presence, wire::Presence::kAway);
}

TEST_F(AwayTest, NobodyIsBroughtBackFromWhereTheyWent) {
  for (const char* const state : {"away", "offline"}) {
    SCOPED_TRACE(state);
    Person mara = world_.AddOnlineAgent("Mara");
    world_.Snapshot(mara);
    Pass(kUntilGone);
    ASSERT_EQ(world_.StateOf(mara).presence, wire::Presence::kAway);
    EXPECT_EQ(world_.SetPresence(mara, state).status, 200);
    world_.Hear("agent", mara);
    EXPECT_EQ(wire::NameOf(world_.StateOf(mara).presence), state);
    EXPECT_FALSE(AwayAt(mara).has_value());
  }
}

TEST_F(AwayTest, NobodyIsWaitedForWhoIsNotOnline) {
  const Person mara = world_.AddOnlineAgent("Mara");
  EXPECT_TRUE(AwayAt(mara).has_value());
  world_.SetPresence(mara, "away");
  EXPECT_FALSE(AwayAt(mara).has_value());
  world_.SetPresence(mara, "online");
  EXPECT_TRUE(AwayAt(mara).has_value());
  EXPECT_EQ(world_.Call(Method::kDelete, "/v1/agent/session", mara.token).status, 200);
  EXPECT_FALSE(AwayAt(mara).has_value());
  Person idle = world_.AddAgent("Jonas");
  world_.Snapshot(idle);
  world_.Hear("agent", idle);
  EXPECT_FALSE(AwayAt(idle).has_value());
}

// As after an upgrade: whoever was online when calls were not deferred yet.
TEST_F(AwayTest, WhoWasOnlineBeforeIsWaitedForFromTheirNextPoll) {
  Person mara = world_.AddOnlineAgent("Mara");
  world_.Snapshot(mara);
  Context context = world_.MakeContext();
  world_.Write([&](store::Transaction& txn) {
    EXPECT_TRUE(Cancel(txn, agent::kAgentAway.name, "sit_demo:" + mara.id, context).ok());
  });
  world_.Hear("agent", mara);
  EXPECT_TRUE(AwayAt(mara).has_value());
}

// The call may run just when they come back, or go.
TEST_F(AwayTest, ALateCallTakesNobodyAwayWhoLeft) {
  const Person mara = world_.AddOnlineAgent("Mara");
  Context context = world_.MakeContext();
  world_.SetPresence(mara, "offline");
  world_.Write(
      [&](store::Transaction& txn) { EXPECT_TRUE(agent::BecomeAway(txn, {"sit_demo", mara.id}, context).ok()); });
  EXPECT_EQ(world_.StateOf(mara).presence, wire::Presence::kOffline);
}

}  // namespace
}  // namespace alcove::functions
