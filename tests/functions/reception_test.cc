// What a customer finds: forms, messages to whom is not there, and how soon an answer is usual.
#include "functions/reception.h"

#include <string>
#include <vector>

#include "tests/functions/admin_world.h"
#include "tests/functions/invariants.h"

namespace alcove::functions {
namespace {

namespace keys = store::keys;
using testing::ElementsAre;
using testing::HasSubstr;

class ReceptionTest : public testing::Test {
 protected:
  ~ReceptionTest() override { CheckInvariants(world_); }

  wire::SiteSummary Site() {
    return world_.Call(Method::kPost, "/v1/customer/session", "", R"({"site":"sit_demo"})")
        .As<wire::CustomerSession>()
        .site;
  }
  Result Start(const std::string& body) {
    customer_ = world_.AddCustomer();
    id_ = world_.NewId<wire::ConversationId>().text();
    return world_.Put("/v1/customer/conversations/" + id_, customer_, body);
  }
  ConversationRecord Head() {
    return *world_.Stored<ConversationRecord>(keys::Conversation(kSite, wire::ConversationId(id_)));
  }

  AdminWorld world_;
  Person customer_;
  std::string id_;
};

constexpr const char* kForm =
    R"("form":[{"name":"name","label":"Name","required":true},{"name":"topic","label":"Topic","type":"choice",)"
    R"("choices":["Returns","Other"]}])";
constexpr const char* kOfflineForm =
    R"("offline_form":[{"name":"email","label":"E-mail","type":"email","required":true}])";

TEST_F(ReceptionTest, AFormIsAskedForAndChecked) {
  world_.PutSettings(std::string("{") + kForm + "}");
  const Person mara = world_.AddOnlineAgent("Mara");
  const auto site = Site();
  ASSERT_TRUE(site.form);
  EXPECT_EQ(site.form->size(), 2U);
  EXPECT_FALSE(site.offline);
  const struct {
    const char* body;
    const char* detail;
  } kRefused[] = {
      {R"({})", "form.name is missing"},
      {R"({"form":[{"name":"name","value":" "}]})", "form.name is missing"},
      {R"({"form":[{"name":"name","value":"Ada"},{"name":"name","value":"Eve"}]})", "form.name is given twice"},
      {R"({"form":[{"name":"name","value":"Ada"},{"name":"size","value":"XL"}]})", "form.size is not asked for"},
      {R"({"form":[{"name":"name","value":"Ada"},{"name":"topic","value":"Cats"}]})",
       "form.topic is none of its choices"},
  };
  for (const auto& c : kRefused) {
    SCOPED_TRACE(c.body);
    const auto before = world_.Everything().size();
    const Result refused = Start(c.body);
    EXPECT_EQ(refused.code(), "unprocessable");
    EXPECT_THAT(refused.body, HasSubstr(c.detail));
    EXPECT_FALSE(world_.Stored<ConversationRecord>(keys::Conversation(kSite, wire::ConversationId(id_))));
    EXPECT_LE(world_.Everything().size() - before, 3U) << "the customer and their session alone";
  }
  const Result started = Start(R"({"form":[{"name":"name","value":"Ada"},{"name":"topic","value":"Returns"}]})");
  EXPECT_EQ(started.status, 201) << started.body;
  EXPECT_EQ(started.As<wire::ConversationAnswer>().conversation.conversation.customer.name, "Ada");
  EXPECT_FALSE(started.As<wire::ConversationAnswer>().conversation.conversation.form) << "for agents' eyes";
  const auto seen =
      world_.Get(World::PathOf("agent", id_), mara).As<wire::ConversationAnswer>().conversation.conversation;
  EXPECT_THAT(*seen.form, ElementsAre(wire::Field{"name", "Ada"}, wire::Field{"topic", "Returns"}));
  EXPECT_EQ(world_.Stored<CustomerRecord>(keys::Customer(kSite, wire::CustomerId(customer_.id)))->name, "Ada");
  // A repeat is the same; another answer is another start.
  const std::string path = "/v1/customer/conversations/" + id_;
  EXPECT_EQ(
      world_.Put(path, customer_, R"({"form":[{"name":"name","value":"Ada"},{"name":"topic","value":"Returns"}]})")
          .body,
      started.body);
  EXPECT_EQ(world_.Put(path, customer_, R"({"form":[{"name":"name","value":"Eve"}]})").code(), "id_reused");
}

TEST_F(ReceptionTest, AValueHasItsLongest) {
  world_.PutSettings(R"({"form":[{"name":"note","label":"Note","type":"long_text"}]})");
  const auto form = [](size_t bytes) {
    return R"({"form":[{"name":"note","value":")" + std::string(bytes, 'x') + "\"}]}";
  };
  EXPECT_EQ(Start(form(wire::kFormValueBytesMax)).status, 201);
  EXPECT_EQ(Start(form(wire::kFormValueBytesMax + 1)).code(), "unprocessable");
}

TEST_F(ReceptionTest, OutsideOfTheHoursItIsAMessage) {
  const std::string hours = world_.PathOf<wire::HoursId>("hours");
  // The world's clock begins on a day of 2026-09; nobody works but on one day of the year after.
  EXPECT_EQ(world_
                .Put(hours, world_.owner,
                     R"({"name":"Rarely","time_zone":"UTC","exceptions":[{"date":"2027-01-04",)"
                     R"("open":[{"from_minute":540,"to_minute":600}]}]})")
                .status,
            201);
  const Person mara = world_.AddOnlineAgent("Mara", 1);
  world_.PutSettings(R"({"outside_hours":"offline_form","hours":")" + AdminWorld::IdOf(hours) + "\"," + kForm + "," +
                     kOfflineForm + "}");
  const auto site = Site();
  EXPECT_EQ(site.offline, true);
  EXPECT_EQ(site.form->at(0).name, "email");
  EXPECT_EQ(site.opens_at,
            absl::ToUnixMillis(absl::FromCivil(absl::CivilMinute(2027, 1, 4, 9, 0), absl::UTCTimeZone())));
  EXPECT_THAT(Start(R"({"form":[{"name":"name","value":"Ada"}]})").body, HasSubstr("form.email is missing"));
  EXPECT_THAT(Start(R"({"form":[{"name":"email","value":"ada"}]})").body, HasSubstr("form.email is no e-mail address"));
  const Result started =
      Start(R"({"form":[{"name":"email","value":"ada@example.org"},{"name":"name","value":"Ada"}]})");
  EXPECT_EQ(started.status, 201) << started.body;
  const auto answer = started.As<wire::ConversationAnswer>().conversation.conversation;
  EXPECT_EQ(answer.offline, true);
  EXPECT_EQ(answer.state, wire::ConversationState::kQueued);
  // Who is there all the same has it, and answers.
  EXPECT_EQ(Head().agent->name, "Mara");
  EXPECT_EQ(world_.Say("agent", mara, id_, "Good morning").status, 201);
  EXPECT_FALSE(Site().reply_ms);
}

TEST_F(ReceptionTest, WithNobodyOnlineItIsAMessageThatWaits) {
  world_.PutSettings(std::string(R"({"nobody_online":"offline_form",)") + kOfflineForm + "}");
  EXPECT_EQ(Site().offline, true);
  EXPECT_FALSE(Site().opens_at);
  EXPECT_EQ(Start(R"({"form":[{"name":"email","value":"ada@example.org"}]})").status, 201);
  EXPECT_EQ(Head().state, wire::ConversationState::kQueued);
  Person mara = world_.AddAgent("Mara");
  const auto snapshot = world_.Snapshot(mara);
  ASSERT_EQ(snapshot.queue.size(), 1U);
  EXPECT_EQ(snapshot.queue[0].conversation.offline, true);
  EXPECT_EQ(world_.SetPresence(mara, "online").status, 200);
  EXPECT_EQ(Head().agent->name, "Mara");
  EXPECT_FALSE(Site().offline);
  EXPECT_FALSE(world_.Stored<WaitsRecord>(keys::Waits(kSite, "")))
      << "how long it waited says nothing of those who stay";
}

TEST_F(ReceptionTest, WithAFullQueueItIsAMessage) {
  world_.PutSettings(std::string(R"({"queue_limit":1,"overload":"offline_form",)") + kOfflineForm + "}");
  EXPECT_FALSE(Site().offline);
  EXPECT_EQ(Start("{}").status, 201);
  EXPECT_FALSE(Head().offline);
  EXPECT_EQ(Site().offline, true);
  EXPECT_THAT(Start("{}").body, HasSubstr("form.email is missing"));
  EXPECT_EQ(Start(R"({"form":[{"name":"email","value":"ada@example.org"}]})").status, 201);
  EXPECT_EQ(Head().offline, true);
  // Who would be given to somebody who has room is none of it.
  world_.PutSettings(std::string(R"({"queue_limit":0,"overload":"offline_form",)") + kOfflineForm + "}");
  const Person mara = world_.AddOnlineAgent("Mara", 3);
  EXPECT_EQ(world_.StateOf(mara).load, 2);
  EXPECT_FALSE(Site().offline);
  EXPECT_EQ(Start("{}").status, 201);
  EXPECT_FALSE(Head().offline);
  EXPECT_EQ(Site().offline, true);
  world_.PutSettings(R"({"queue_limit":0,"overload":"refuse"})");
  EXPECT_EQ(Start("{}").code(), "overloaded");
}

TEST_F(ReceptionTest, SaysHowLongTheFirstAnswerUsuallyTakes) {
  const Person mara = world_.AddOnlineAgent("Mara", 10);
  for (const int64_t seconds : {10, 300, 20}) {
    EXPECT_FALSE(Site().reply_ms) << "two are too few";
    EXPECT_EQ(Start("{}").status, 201);
    world_.clock.Advance(absl::Seconds(seconds));
    EXPECT_EQ(world_.Say("agent", mara, id_, "Hello").status, 201);
    EXPECT_EQ(world_.Say("agent", mara, id_, "Are you there?").status, 201);
  }
  EXPECT_EQ(Site().reply_ms, 20'000) << "the one in the middle";
  EXPECT_EQ(Start("{}").As<wire::ConversationAnswer>().reply_ms, 20'000);
  world_.clock.Advance(absl::Milliseconds(wire::kReplySampleAgeMsMax) - absl::Seconds(20));
  EXPECT_FALSE(Site().reply_ms) << "the first was too long ago";
}

TEST_F(ReceptionTest, RefusesFormsThatAreNone) {
  const auto put = [&](const std::string& form) {
    return world_.Put("/v1/admin/settings", world_.owner, R"({"form":)" + form + "}");
  };
  EXPECT_THAT(put(R"([{"name":"a b","label":"A"}])").body, HasSubstr("form.name"));
  EXPECT_THAT(put(R"([{"name":"a","label":""}])").body, HasSubstr("form.label"));
  EXPECT_THAT(put(R"([{"name":"a","label":"A","type":"colour"}])").body, HasSubstr("form.type"));
  EXPECT_THAT(put(R"([{"name":"a","label":"A","choices":["x"]}])").body, HasSubstr("form.choices"));
  EXPECT_THAT(put(R"([{"name":"a","label":"A"},{"name":"a","label":"B"}])").body, HasSubstr("form names one twice"));
  std::string fields;
  for (size_t i = 0; i < wire::kFormFieldsMax; ++i) {
    fields += (i == 0 ? "" : ",") + std::string(R"({"name":"f)") + std::to_string(i) + R"(","label":"F"})";
  }
  EXPECT_EQ(put("[" + fields + "]").status, 200);
  EXPECT_THAT(put("[" + fields + R"(,{"name":"g","label":"G"}])").body, HasSubstr("form has more than 20"));
}

}  // namespace
}  // namespace alcove::functions
