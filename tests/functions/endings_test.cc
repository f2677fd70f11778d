// How conversations end: counted by day, closed for who is gone, archived.
#include "functions/domain/endings.h"

#include <string>
#include <vector>

#include "functions/admin_records.h"
#include "functions/customer/gone.h"
#include "tests/functions/admin_world.h"
#include "tests/functions/due_calls.h"
#include "tests/functions/invariants.h"

namespace alcove::functions {
namespace {

namespace keys = store::keys;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Endings, WhatIsAddedIsTakenBack) {
  wire::EndingCounts counts;
  const CountedEnd served{Ending::kServed, wire::ActorKind::kAgent, "solved", false};
  const CountedEnd missed{Ending::kMissed, wire::ActorKind::kSystem, "no reply", false};
  const CountedEnd other{Ending::kAbandoned, wire::ActorKind::kCustomer, std::nullopt, true};
  for (const CountedEnd& end : {served, missed, other, served}) Add(counts, end);
  const wire::EndingCounts expected{4, 2, 1, 1, 1, 2, 0, 1, {{"solved", 2}, {"no reply", 1}}, 1};
  EXPECT_EQ(ToJson(counts), ToJson(expected));
  wire::EndingCounts twice;
  Add(twice, counts);
  Add(twice, counts);
  EXPECT_EQ(twice.ended, 8);
  EXPECT_THAT(twice.reasons, ElementsAre(wire::ReasonCount{"solved", 4}, wire::ReasonCount{"no reply", 2}));
  for (const CountedEnd& end : {other, served, missed, served}) TakeBack(counts, end);
  EXPECT_EQ(counts, wire::EndingCounts());
}

TEST(Endings, SoManyReasonsAreCountedApart) {
  wire::EndingCounts counts;
  for (size_t i = 0; i < wire::kEndingReasonsMax; ++i) {
    EXPECT_TRUE(IsCountedApart(counts, std::to_string(i)));
    Add(counts, {Ending::kServed, wire::ActorKind::kAgent, std::to_string(i), false});
  }
  EXPECT_FALSE(IsCountedApart(counts, "one more"));
  EXPECT_TRUE(IsCountedApart(counts, "0"));
}

TEST(Endings, DaysAreThoseOfUtc) {
  EXPECT_EQ(DayText(0), "1970-01-01");
  EXPECT_EQ(DayText(DayOf(1'767'225'599'999)), "2025-12-31");
  EXPECT_EQ(DayText(DayOf(1'767'225'600'000)), "2026-01-01");
  EXPECT_EQ(ParseDay("2026-01-01"), DayOf(1'767'225'600'000));
  for (const char* text : {"", "2026-1-1", "1969-12-31", "2026-02-30", "2026-01-01T00"}) EXPECT_FALSE(ParseDay(text));
}

class EndingsTest : public testing::Test {
 protected:
  ~EndingsTest() override { CheckInvariants(world_); }

  wire::EndingsReport Report(const std::string& query = "") {
    const Result result = world_.Get("/v1/admin/endings" + query, world_.owner);
    EXPECT_EQ(result.status, 200) << result.body;
    return result.As<wire::EndingsReport>();
  }
  void CloseBy(const std::string& side, const Person& who, const std::string& id, const std::string& reason = "") {
    const std::string body = reason.empty() ? "" : R"({"reason":")" + reason + "\"}";
    EXPECT_EQ(world_.Post(World::PathOf(side, id) + "/close", who, body).status, 200);
  }
  ConversationRecord Head(const std::string& id) {
    return *world_.Stored<ConversationRecord>(keys::Conversation(kSite, wire::ConversationId(id)));
  }
  void Pass(absl::Duration time) {
    world_.clock.Advance(time);
    RunDueCalls(world_);
  }
  std::vector<std::string> ListOf(const Person& agent, const std::string& view) {
    std::vector<std::string> ids;
    const Result result = world_.Get("/v1/agent/conversations?view=" + view, agent);
    for (const auto& one : result.As<wire::ConversationList>().conversations) ids.push_back(one.id);
    return ids;
  }

  AdminWorld world_;
};

TEST_F(EndingsTest, AreCountedByWhatCameOfItByWhomAndWhy) {
  const Person mara = world_.AddOnlineAgent("Mara", 2);
  const Person customer = world_.AddCustomer();
  const std::string served = world_.Start(customer);
  const std::string missed = world_.Start(customer);
  const std::string abandoned = world_.Start(customer);
  EXPECT_EQ(world_.Say("agent", mara, served, "Hello").status, 201);
  CloseBy("customer", customer, abandoned);
  CloseBy("agent", mara, missed, "spam");
  CloseBy("agent", mara, served, "solved");
  const auto first = Report();
  EXPECT_EQ(ToJson(first.total), ToJson(wire::EndingCounts{3, 1, 1, 1, 1, 2, 0, 0, {{"spam", 1}, {"solved", 1}}, 0}));
  ASSERT_EQ(first.days.size(), 1U);
  EXPECT_EQ(first.days[0].counts, first.total);
  CheckInvariants(world_);

  // One that goes on is no end, and ends on another day.
  const int64_t today = DayOf(absl::ToUnixMillis(world_.clock.Now()));
  while (DayOf(absl::ToUnixMillis(world_.clock.Now())) == today) world_.clock.Advance(absl::Minutes(1));
  EXPECT_EQ(world_.Post(World::PathOf("agent", served) + "/reopen", mara).status, 200);
  EXPECT_EQ(Report().total.ended, 2);
  CheckInvariants(world_);
  CloseBy("agent", mara, served, "solved");
  const auto second = Report();
  ASSERT_EQ(second.days.size(), 2U);
  EXPECT_EQ(second.days[0].counts.ended, 2);
  EXPECT_EQ(second.days[1].counts.ended, 1);
  EXPECT_EQ(second.total, first.total);
  EXPECT_EQ(Report("?to=" + second.days[0].day).total.ended, 2);
  EXPECT_EQ(Report("?from=" + second.days[1].day).total.ended, 1);
}

TEST_F(EndingsTest, AReportIsOfDaysInOrder) {
  const auto refused = [&](const std::string& query) {
    const Result result = world_.Get("/v1/admin/endings" + query, world_.owner);
    EXPECT_EQ(result.code(), "bad_request") << query;
    return result.body;
  };
  EXPECT_THAT(refused("?from=soon"), HasSubstr("from is no day"));
  EXPECT_THAT(refused("?from=2026-02-02&to=2026-02-01"), HasSubstr("from is after to"));
  EXPECT_THAT(refused("?from=2025-01-01&to=2026-01-02"), HasSubstr("more than 366 days"));
  EXPECT_TRUE(Report("?from=2025-01-01&to=2026-01-01").days.empty());
}

TEST_F(EndingsTest, WhoIsGoneForLongHasNothingOpen) {
  world_.PutSettings(R"({"gone_close_ms":60000})");
  const Person mara = world_.AddOnlineAgent("Mara", 1);
  Person customer = world_.AddCustomer();
  const std::string open = world_.Start(customer);
  const std::string waiting = world_.Start(customer);
  EXPECT_EQ(world_.Say("agent", mara, open, "Hello").status, 201);
  // Who polls is there.
  for (int minute = 0; minute < 5; ++minute) {
    Pass(absl::Minutes(1));
    world_.Hear("customer", customer);
    world_.Poll("agent", mara, "0");
    EXPECT_EQ(Head(open).state, wire::ConversationState::kOpen);
  }
  // What is snoozed waits for its time.
  const std::string snoozed = world_.Start(customer);
  EXPECT_EQ(world_.Post(World::PathOf("agent", snoozed) + "/snooze", mara, R"({"until":1795000000000})").status, 200);
  Pass(absl::Milliseconds(wire::kCustomerSeenMs + wire::kPollHoldMs) + absl::Seconds(60));
  EXPECT_EQ(Head(open).state, wire::ConversationState::kClosed);
  EXPECT_EQ(Head(waiting).state, wire::ConversationState::kClosed);
  EXPECT_EQ(Head(open).ending, Ending::kServed);
  EXPECT_EQ(Head(waiting).ending, Ending::kAbandoned);
  EXPECT_EQ(Head(snoozed).state, wire::ConversationState::kOpen);
  const auto total = Report().total;
  EXPECT_EQ(total.by_system, 2);
  EXPECT_THAT(total.reasons, ElementsAre(wire::ReasonCount{"the customer is gone", 2}));
}

TEST_F(EndingsTest, NobodyIsGoneWhileTheServerIs) {
  world_.PutSettings(R"({"gone_close_ms":60000})");
  Person customer = world_.AddCustomer();
  const std::string id = world_.Start(customer);
  Pass(absl::Hours(1));
  EXPECT_EQ(Head(id).state, wire::ConversationState::kQueued) << "nobody could poll meanwhile";
  Pass(absl::Milliseconds(wire::kCustomerSeenMs + wire::kPollHoldMs) + absl::Seconds(60));
  EXPECT_EQ(Head(id).state, wire::ConversationState::kClosed);
}

TEST_F(EndingsTest, AMessageToWhomIsNotThereStays) {
  world_.PutSettings(R"({"gone_close_ms":60000,"nobody_online":"offline_form"})");
  const std::string id = world_.Start(world_.AddCustomer());
  EXPECT_EQ(Head(id).offline, true);
  Pass(absl::Milliseconds(wire::kCustomerSeenMs + wire::kPollHoldMs) + absl::Seconds(60));
  EXPECT_EQ(Head(id).state, wire::ConversationState::kQueued);
}

TEST_F(EndingsTest, WithoutTheSettingNobodyIsWaitedFor) {
  Person customer = world_.AddCustomer();
  const std::string id = world_.Start(customer);
  const auto before = world_.Everything();
  world_.Hear("customer", customer);
  EXPECT_EQ(world_.Everything(), before);
  Pass(absl::Hours(1));
  EXPECT_EQ(Head(id).state, wire::ConversationState::kQueued);
}

TEST_F(EndingsTest, WhatIsLongClosedIsArchived) {
  const Person mara = world_.AddOnlineAgent("Mara");
  Person customer = world_.AddCustomer();
  const std::string old = world_.Start(customer);
  CloseBy("agent", mara, old);
  world_.clock.Advance(absl::Hours(2));
  const std::string young = world_.Start(customer);
  CloseBy("agent", mara, young);
  world_.PutSettings(R"({"archive_after_ms":7200000,"reopening":"same"})");
  RunDueCalls(world_);
  EXPECT_THAT(ListOf(mara, "closed"), ElementsAre(young));
  EXPECT_THAT(ListOf(mara, "archived"), ElementsAre(old));
  CheckInvariants(world_);
  // It is over for good, and still read.
  EXPECT_EQ(world_.Post(World::PathOf("agent", old) + "/reopen", mara).code(), "closed");
  EXPECT_EQ(world_.Say("customer", customer, old, "hello?").code(), "closed");
  EXPECT_EQ(world_.Post(World::PathOf("agent", old) + "/close", mara).status, 200) << "as a repeat";
  EXPECT_EQ(world_.Get(World::PathOf("agent", old) + "/events", mara).As<wire::EventPage>().events.size(), 3U);
  EXPECT_EQ(world_.Get(World::PathOf("agent", old), mara).status, 200);
  EXPECT_EQ(Report().total.ended, 2) << "it ended all the same";
  // The young one's turn comes by itself.
  Pass(absl::Hours(1));
  EXPECT_THAT(ListOf(mara, "closed"), ElementsAre(young));
  Pass(absl::Hours(1));
  EXPECT_THAT(ListOf(mara, "closed"), ElementsAre());
  EXPECT_THAT(ListOf(mara, "archived"), ElementsAre(young, old));
  world_.PutSettings("{}");
  CloseBy("agent", mara, world_.Start(customer));
  Pass(absl::Hours(3));
  EXPECT_EQ(ListOf(mara, "closed").size(), 1U);
}

TEST_F(EndingsTest, MoreThanOneBatchIsArchived) {
  const Person mara = world_.AddOnlineAgent("Mara");
  const Person customer = world_.AddCustomer();
  for (size_t i = 0; i <= wire::kArchiveBatchMax; ++i) CloseBy("customer", customer, world_.Start(customer));
  world_.clock.Advance(absl::Seconds(1));
  world_.PutSettings(R"({"archive_after_ms":1})");
  RunDueCalls(world_);
  EXPECT_EQ(ListOf(mara, "closed").size(), 1U);
  RunDueCalls(world_);
  EXPECT_EQ(ListOf(mara, "closed").size(), 0U);
}

}  // namespace
}  // namespace alcove::functions
