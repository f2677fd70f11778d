// Macros: several actions at once, all of them or none.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "functions/wire/collaboration.h"
#include "tests/functions/admin_world.h"
#include "tests/functions/due_calls.h"
#include "tests/functions/invariants.h"
#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using wire::EventType;

class Macro : public testing::Test {
 protected:
  ~Macro() override { CheckInvariants(world_); }

  // The id of a macro with these actions.
  std::string Make(const std::string& actions) {
    const std::string path = world_.PathOf<wire::MacroId>("macros");
    const Result put = world_.Put(path, world_.owner, R"({"name":"Macro","actions":[)" + actions + "]}");
    EXPECT_EQ(put.status, 201) << put.body;
    return AdminWorld::IdOf(path);
  }
  Result RunAs(const Person& agent, const std::string& macro, const std::string& run) {
    return world_.Put(path_ + "/macros/" + run, agent, R"({"macro":")" + macro + "\"}");
  }
  std::string NewRun() { return world_.NewId<wire::MessageId>().text(); }
  std::vector<EventType> Types() {
    std::vector<EventType> types;
    for (const auto& event : world_.Get(path_ + "/events", mara_).As<wire::EventPage>().events) {
      types.push_back(event.type);
    }
    return types;
  }
  wire::Event Last() { return world_.Get(path_ + "/events", mara_).As<wire::EventPage>().events.back(); }

  AdminWorld world_;
  const Person mara_ = world_.AddOnlineAgent("Mara", 2);
  const Person jonas_ = world_.AddAgent("Jonas", 2);
  const Person customer_ = world_.AddCustomer();
  const std::string id_ = world_.Start(customer_);
  const std::string path_ = World::PathOf("agent", id_);
};

TEST_F(Macro, DoesAllThatItSaysInItsOrder) {
  const std::string macro =
      Make(R"({"act":"reply","text":"Hello {{customer.name}}, {{agent.name}} of {{site.name}} here"},)"
           R"({"act":"note","text":"by macro"},{"act":"tags","add":["vip"]},)"
           R"({"act":"assign","agent":")" +
           jonas_.id + R"(","comment":"yours"},{"act":"snooze","for_ms":60000})");
  const std::string run = NewRun();
  const Result done = RunAs(mara_, macro, run);
  ASSERT_EQ(done.status, 201) << done.body;
  EXPECT_THAT(Types(), ElementsAre(EventType::kMessage, EventType::kAssigned, EventType::kMessage, EventType::kNote,
                                   EventType::kTagged, EventType::kTransferred, EventType::kSnoozed));
  const auto events = world_.Get(path_ + "/events", mara_).As<wire::EventPage>().events;
  const auto customer = world_.Stored<CustomerRecord>(store::keys::Customer(kSite, wire::CustomerId(customer_.id)));
  EXPECT_EQ(events[2].text, "Hello " + customer->name + ", Mara of " +
                                world_.Stored<SiteRecord>(store::keys::Site(kSite))->name + " here");
  EXPECT_EQ(events[2].id, run);
  EXPECT_EQ(events[2].actor.id, mara_.id);
  EXPECT_EQ(events[6].until, absl::ToUnixMillis(world_.clock.Now()) + 60'000);
  const auto answer = done.As<wire::MacroAnswer>();
  EXPECT_EQ(answer.last_seq, 7);

  // A repeat is answered the same and does nothing more; the id is used up.
  const auto before = world_.Everything();
  const Result again = RunAs(mara_, macro, run);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, done.body);
  EXPECT_EQ(RunAs(jonas_, macro, run).code(), "id_reused");
  EXPECT_EQ(RunAs(mara_, Make(R"({"act":"claim"})"), run).code(), "id_reused");
  EXPECT_EQ(RunAs(mara_, macro, run).status, 200);
  world_.clock.Advance(absl::Minutes(1));
  RunDueCalls(world_);
  EXPECT_EQ(Last().type, EventType::kReopened) << "its timers are kept with it";

  const Result audit = world_.Get("/v1/admin/audit", world_.owner);
  EXPECT_THAT(audit.body,
              HasSubstr(R"("actor":{"kind":"agent","id":")" + mara_.id + R"(","name":"Mara"},"action":"run",)" +
                        R"("resource":"macros","target":")" + macro + R"(","after":{"conversation":")" + id_ + "\"}"));
}

TEST_F(Macro, DoesNothingWhereOneOfItsActionsIsRefused) {
  world_.PutSettings(R"({"close_reasons":["solved"]})");
  const std::string macro = Make(R"({"act":"reply","text":"Bye"},{"act":"tags","add":["done"]},)"
                                 R"({"act":"close","reason":"whatever"})");
  const auto before = world_.Everything();
  world_.ForgetWakes();
  const std::string run = NewRun();
  const Result refused = RunAs(mara_, macro, run);
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.As<wire::Problem>().detail, "actions[2], close: reason is none of those that this site knows");
  EXPECT_EQ(world_.Everything(), before);
  EXPECT_TRUE(world_.TakeWakes().empty());
  // The id is free: it is run again once the settings allow it.
  world_.PutSettings(R"({})");
  EXPECT_EQ(RunAs(mara_, macro, run).status, 201);
  EXPECT_EQ(Last().type, EventType::kClosed);
  EXPECT_EQ(RunAs(mara_, macro, NewRun()).code(), "closed");
}

TEST_F(Macro, IsRefusedWhereItCannotBeRun) {
  const std::string macro = Make(R"({"act":"note","text":"{{customer.plan}}"})");
  const Result missing = RunAs(mara_, macro, NewRun());
  EXPECT_EQ(missing.status, 422);
  EXPECT_THAT(missing.body, HasSubstr("there is no customer.plan to fill in here"));
  EXPECT_EQ(RunAs(mara_, world_.NewId<wire::MacroId>().text(), NewRun()).status, 422);
  EXPECT_EQ(RunAs(mara_, "macro", NewRun()).status, 422);
  EXPECT_EQ(RunAs(mara_, macro, "run").status, 422);
  EXPECT_EQ(world_.Put(path_ + "/macros/" + NewRun(), mara_, "{}").status, 400);
  EXPECT_EQ(RunAs(world_.AddWithRole("Reader", wire::Role::kReadOnly), macro, NewRun()).code(), "role_required");
  // An agent who has gone since.
  const Person gone = world_.AddAgent("Gone");
  const std::string to_gone = Make(R"({"act":"assign","agent":")" + gone.id + "\"}");
  EXPECT_EQ(world_.Call(Method::kDelete, "/v1/admin/agents/" + gone.id, world_.owner.token).status, 200);
  EXPECT_THAT(RunAs(mara_, to_gone, NewRun()).body, HasSubstr("actions[0], assign: "));
}

TEST_F(Macro, FillsInAttributes) {
  world_.Write([&](store::Transaction& txn) {
    const std::string key = store::keys::Conversation(kSite, wire::ConversationId(id_));
    auto head = *Load<ConversationRecord>(txn, key);
    head.attributes = std::vector<wire::Attribute>{{.name = "order", .value = "17"}};
    Save(txn, key, head);
  });
  ASSERT_EQ(RunAs(mara_, Make(R"({"act":"note","text":"Order {{conversation.order}}"})"), NewRun()).status, 201);
  EXPECT_EQ(Last().text, "Order 17");
}

TEST_F(Macro, EndsTheTypingOfWhoRunsIt) {
  Person listener = customer_;
  world_.Post(path_ + "/typing", mara_);
  const std::string topic = store::keys::Topic(kSite, store::keys::FeedOwner::Of(wire::CustomerId(customer_.id)));
  ASSERT_EQ(RunAs(mara_, Make(R"({"act":"reply","text":"Hi"})"), NewRun()).status, 201);
  const auto told = world_.ephemera.Since(topic, 0, world_.clock.Now());
  ASSERT_FALSE(told.empty());
  EXPECT_THAT(told.back().value, HasSubstr("\"for_ms\":0"));
}

TEST_F(Macro, IsCheckedWhereItIsPut) {
  const auto put = [&](const std::string& body) {
    return world_.Put(world_.PathOf<wire::MacroId>("macros"), world_.owner, body);
  };
  const auto with = [](const std::string& actions) { return R"({"name":"n","actions":[)" + actions + "]}"; };
  const auto many = [&](size_t count) {
    std::string actions = R"({"act":"claim"})";
    for (size_t i = 1; i < count; ++i) actions += R"(,{"act":"claim"})";
    return with(actions);
  };
  const struct {
    std::string body;
    const char* said;
  } kCases[] = {
      {R"({"name":"","actions":[{"act":"claim"}]})", "name is empty"},
      {R"({"name":"n"})", "actions are none"},
      {many(wire::kMacroActionsMax + 1), "actions has more than 10"},
      {with(R"({"act":"dance"})"), "actions.act has a name"},
      {with(R"({"act":"reply"})"), "actions.text is missing"},
      {with(R"({"act":"reply","text":" "})"), "actions.text is empty"},
      {with(R"({"act":"reply","text":"{{who}}"})"), "actions.text has a placeholder"},
      {with(R"({"act":"reply","text":"a"},{"act":"reply","text":"b"})"), "actions reply more than once"},
      {with(R"({"act":"claim","text":"a"})"), "actions.text is not asked for"},
      {with(R"({"act":"tags"})"), "actions.add is missing"},
      {with(R"({"act":"close","add":["a"]})"), "actions.add is not asked for"},
      {with(R"({"act":"assign"})"), "actions.agent is missing"},
      {with(R"({"act":"assign","agent":")" + jonas_.id + R"(","team":"tea_1"})"), "actions.agent is named beside"},
      {with(R"({"act":"assign","agent":"jonas"})"), "actions.agent"},
      {with(R"({"act":"assign","team":")" + world_.NewId<wire::TeamId>().text() + "\"}"),
       "actions.team names what is not"},
      {with(R"({"act":"snooze"})"), "actions.for_ms is missing"},
      {with(R"({"act":"snooze","for_ms":0})"), "actions.for_ms is not from 1"},
      {with(R"({"act":"claim","reason":"a"})"), "actions.reason is not asked for"},
      {with(R"({"act":"claim","comment":"a"})"), "actions.comment is not asked for"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.said);
    const Result refused = put(c.body);
    EXPECT_EQ(refused.status, 422) << refused.body;
    EXPECT_THAT(refused.body, HasSubstr(c.said));
  }
  EXPECT_EQ(put(many(wire::kMacroActionsMax)).status, 201);
  // A team that it names is not deleted.
  const std::string team = world_.PathOf<wire::TeamId>("teams");
  ASSERT_EQ(world_.Put(team, world_.owner, R"({"name":"Sales"})").status, 201);
  const std::string macro = Make(R"({"act":"assign","team":")" + AdminWorld::IdOf(team) + "\"}");
  EXPECT_THAT(world_.Call(Method::kDelete, team, world_.owner.token).body, HasSubstr("is used by " + macro));
  const auto shown = world_.Get("/v1/agent/configuration", mara_).As<wire::AgentConfiguration>().macros;
  EXPECT_EQ(shown.size(), 2U);
}

}  // namespace
}  // namespace alcove::functions
