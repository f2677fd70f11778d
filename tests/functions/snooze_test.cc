#include "functions/agent/snooze.h"

#include <gmock/gmock.h>

#include <string>

#include "tests/functions/due_calls.h"
#include "tests/functions/invariants.h"
#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

using testing::HasSubstr;
using testing::Not;
using wire::ConversationState;
using wire::EventType;

class Snooze : public testing::Test {
 protected:
  ~Snooze() override { CheckInvariants(world_); }

  int64_t In(absl::Duration time) { return absl::ToUnixMillis(world_.clock.Now() + time); }
  Result SnoozeTo(const Person& agent, int64_t until) {
    return world_.Post(path_ + "/snooze", agent, R"({"until":)" + std::to_string(until) + "}");
  }
  wire::Conversation Now() { return world_.Get(path_, mara_).As<wire::ConversationAnswer>().conversation.conversation; }
  wire::Event LastEventFor(const std::string& side) {
    const Person& who = side == "agent" ? mara_ : customer_;
    return world_.Get(World::PathOf(side, id_) + "/events", who).As<wire::EventPage>().events.back();
  }
  void Pass(absl::Duration time) {
    world_.clock.Advance(time);
    RunDueCalls(world_);
  }

  World world_;
  Person mara_ = world_.AddOnlineAgent("Mara", 1);
  Person jonas_ = world_.AddAgent("Jonas", 1);
  Person customer_ = world_.AddCustomer();
  const std::string id_ = world_.Start(customer_);
  const std::string path_ = World::PathOf("agent", id_);
};

TEST_F(Snooze, FreesItsAgentUntilItsTime) {
  const std::string next = world_.Start(world_.AddCustomer());  // waits: Mara has one already
  const int64_t until = In(absl::Minutes(10));
  const Result snoozed = SnoozeTo(mara_, until);
  ASSERT_EQ(snoozed.status, 200) << snoozed.body;
  EXPECT_EQ(Now().state, ConversationState::kSnoozed);
  EXPECT_EQ(Now().snoozed_until, until);
  EXPECT_EQ(Now().agent->id, mara_.id);
  EXPECT_EQ(LastEventFor("agent").type, EventType::kSnoozed);
  EXPECT_EQ(LastEventFor("agent").until, until);
  // Who waited has her place.
  EXPECT_EQ(world_.Get(World::PathOf("agent", next), mara_)
                .As<wire::ConversationAnswer>()
                .conversation.conversation.agent->id,
            mara_.id);
  EXPECT_EQ(world_.StateOf(mara_).load, 1);
  EXPECT_EQ(world_.Snapshot(mara_).conversations.size(), 2U);
  CheckInvariants(world_);

  Pass(absl::Minutes(10) - absl::Milliseconds(1));
  EXPECT_EQ(Now().state, ConversationState::kSnoozed);
  // She was gone meanwhile: her first poll brings her back, the second tells of it.
  world_.Hear("agent", mara_);
  world_.Hear("agent", mara_);
  const Result parked = world_.Poll("agent", mara_);
  ASSERT_TRUE(parked.hangs());
  world_.ForgetWakes();
  Pass(absl::Milliseconds(1));
  EXPECT_EQ(Now().state, ConversationState::kOpen);
  EXPECT_EQ(Now().snoozed_until, std::nullopt);
  EXPECT_TRUE(world_.Wakes(parked));
  EXPECT_EQ(LastEventFor("agent").type, EventType::kReopened);
  EXPECT_EQ(world_.StateOf(mara_).load, 2) << "it is hers, whatever her capacity";
}

TEST_F(Snooze, IsOverWhenTheCustomerWrites) {
  ASSERT_EQ(SnoozeTo(mara_, In(absl::Minutes(10))).status, 200);
  ASSERT_EQ(world_.Say("agent", mara_, id_, "I will look").status, 201);
  EXPECT_EQ(Now().state, ConversationState::kSnoozed);
  ASSERT_EQ(world_.Say("customer", customer_, id_, "and?").status, 201);
  EXPECT_EQ(Now().state, ConversationState::kOpen);
  EXPECT_EQ(world_.StateOf(mara_).load, 1);
  const int64_t last = Now().last_seq;
  Pass(absl::Minutes(20));
  EXPECT_EQ(Now().last_seq, last) << "it was awake";
}

TEST_F(Snooze, IsNoConcernOfTheCustomer) {
  ASSERT_EQ(SnoozeTo(mara_, In(absl::Minutes(10))).status, 200);
  const Result polled = world_.Poll("customer", customer_, "0");
  EXPECT_THAT(polled.body, Not(HasSubstr("snooze")));
  EXPECT_EQ(polled.As<wire::PollAnswer>().signals.back().summary->state, ConversationState::kOpen);
  EXPECT_EQ(LastEventFor("customer").type, EventType::kHidden);
  Pass(absl::Minutes(10));
  EXPECT_EQ(LastEventFor("customer").type, EventType::kHidden);
  EXPECT_EQ(LastEventFor("customer").seq, LastEventFor("agent").seq);
}

TEST_F(Snooze, ALaterTimeTakesThePlaceOfTheFirst) {
  ASSERT_EQ(SnoozeTo(mara_, In(absl::Minutes(10))).status, 200);
  const int64_t later = In(absl::Minutes(30));
  ASSERT_EQ(SnoozeTo(jonas_, later).status, 200);
  const auto before = world_.Everything();
  ASSERT_EQ(SnoozeTo(mara_, later).status, 200);
  EXPECT_EQ(world_.Everything(), before);
  EXPECT_EQ(world_.StateOf(mara_).load, 0);
  Pass(absl::Minutes(10));
  EXPECT_EQ(Now().state, ConversationState::kSnoozed);
  Pass(absl::Minutes(20));
  EXPECT_EQ(Now().state, ConversationState::kOpen);
}

// Its answer was lost, and it is repeated when it no longer is what the agent meant.
TEST_F(Snooze, RepeatsDoNothingMore) {
  const int64_t until = In(absl::Hours(1));
  const int64_t seen = Now().last_seq;
  const auto snooze = [&] {
    return world_.Post(path_ + "/snooze", mara_,
                       R"({"until":)" + std::to_string(until) + R"(,"seq":)" + std::to_string(seen) + "}");
  };
  const auto repeat = [&] {
    const auto before = world_.Everything();
    const Result repeated = snooze();
    EXPECT_EQ(repeated.status, 200) << repeated.body;
    EXPECT_EQ(world_.Everything(), before);
    return repeated.As<wire::ConversationAnswer>().conversation.conversation.state;
  };
  ASSERT_EQ(snooze().status, 200);
  EXPECT_EQ(repeat(), ConversationState::kSnoozed);
  // Given away, which ends it.
  ASSERT_EQ(world_.Post(path_ + "/assign", mara_, R"({"agent":")" + jonas_.id + "\"}").status, 200);
  EXPECT_EQ(repeat(), ConversationState::kOpen);
  // Snoozed anew by who has it now, for longer.
  ASSERT_EQ(SnoozeTo(jonas_, In(absl::Hours(2))).status, 200);
  EXPECT_EQ(repeat(), ConversationState::kSnoozed);
  EXPECT_EQ(Now().snoozed_until, In(absl::Hours(2)));
  ASSERT_EQ(world_.Say("customer", customer_, id_, "and?").status, 201);
  EXPECT_EQ(repeat(), ConversationState::kOpen);
}

// The request itself was lost, or was just behind what the customer wrote.
TEST_F(Snooze, DoesNotPutAsideWhatWasNotSeen) {
  const auto snooze_after = [&](int64_t seq) {
    const std::string body =
        R"({"until":)" + std::to_string(In(absl::Hours(1))) + R"(,"seq":)" + std::to_string(seq) + "}";
    return world_.Post(path_ + "/snooze", mara_, body).As<wire::ConversationAnswer>().conversation.conversation.state;
  };
  const int64_t seen = Now().last_seq;
  ASSERT_EQ(world_.Say("agent", mara_, id_, "tomorrow?").status, 201);
  ASSERT_EQ(world_.Say("customer", customer_, id_, "no, now").status, 201);
  const auto before = world_.Everything();
  EXPECT_EQ(snooze_after(seen), ConversationState::kOpen);
  EXPECT_EQ(snooze_after(seen + 1), ConversationState::kOpen);
  EXPECT_EQ(world_.Everything(), before);
  ASSERT_EQ(world_.Say("agent", mara_, id_, "as you like").status, 201);
  EXPECT_EQ(snooze_after(seen + 2), ConversationState::kSnoozed);
}

TEST_F(Snooze, WhatWaitsIsTheCallersFirst) {
  world_.SetPresence(mara_, "away");
  const std::string id = world_.Start(world_.AddCustomer());
  const std::string body = R"({"until":)" + std::to_string(In(absl::Hours(1))) + "}";
  const Result snoozed = world_.Post(World::PathOf("agent", id) + "/snooze", jonas_, body);
  ASSERT_EQ(snoozed.status, 200);
  EXPECT_EQ(snoozed.As<wire::ConversationAnswer>().conversation.conversation.agent->id, jonas_.id);
  EXPECT_EQ(world_.StateOf(jonas_).load, 0);
}

TEST_F(Snooze, EndsWhereItIsGivenAwayOrClosed) {
  ASSERT_EQ(SnoozeTo(mara_, In(absl::Minutes(10))).status, 200);
  ASSERT_EQ(world_.Post(path_ + "/assign", mara_, R"({"agent":")" + jonas_.id + "\"}").status, 200);
  EXPECT_EQ(Now().state, ConversationState::kOpen);
  EXPECT_EQ(world_.StateOf(mara_).load, 0);
  EXPECT_EQ(world_.StateOf(jonas_).load, 1);
  ASSERT_EQ(SnoozeTo(jonas_, In(absl::Minutes(10))).status, 200);
  ASSERT_EQ(world_.Post(path_ + "/close", jonas_).status, 200);
  EXPECT_EQ(Now().state, ConversationState::kClosed);
  EXPECT_EQ(world_.StateOf(jonas_).load, 0);
  Pass(absl::Minutes(10));
  EXPECT_EQ(Now().state, ConversationState::kClosed);
  EXPECT_EQ(SnoozeTo(mara_, In(absl::Minutes(10))).code(), "closed");
}

TEST_F(Snooze, RefusesTimesThatAreNotToCome) {
  EXPECT_EQ(SnoozeTo(mara_, In(absl::ZeroDuration())).status, 422);
  EXPECT_EQ(SnoozeTo(mara_, -1).status, 422);
  EXPECT_EQ(SnoozeTo(mara_, In(absl::Milliseconds(wire::kSnoozeMsMax + 1))).status, 422);
  EXPECT_EQ(world_.Post(path_ + "/snooze", mara_, "{}").status, 400);
  EXPECT_EQ(Now().state, ConversationState::kOpen);
  EXPECT_EQ(SnoozeTo(mara_, In(absl::Milliseconds(wire::kSnoozeMsMax))).status, 200);
  EXPECT_EQ(SnoozeTo(mara_, In(absl::Milliseconds(1))).status, 200);
}

}  // namespace
}  // namespace alcove::functions
