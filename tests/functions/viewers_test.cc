// Agents at one conversation: who looks at it, who writes, double replies, whispers.
#include "functions/viewers.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "functions/wire/collaboration.h"
#include "tests/functions/admin_world.h"
#include "tests/functions/invariants.h"
#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using wire::SignalType;

class Viewers : public testing::Test {
 protected:
  Viewers() {
    for (Person* const agent : {&mara_, &jonas_, &olga_}) world_.Snapshot(*agent);
  }
  ~Viewers() override { CheckInvariants(world_); }

  std::vector<wire::Viewer> Look(const Person& agent, const std::string& body = "") {
    const Result result = world_.Post(path_ + "/viewing", agent, body);
    EXPECT_EQ(result.status, 200) << result.body;
    return result.As<wire::ViewersAnswer>().viewers;
  }
  static wire::Viewer Of(const Person& agent, std::optional<bool> typing = {}) {
    return {{wire::ActorKind::kAgent, agent.id, agent.name}, typing};
  }
  // Those of a type that the agent hears.
  std::vector<wire::Signal> Hear(Person& agent, SignalType type) {
    std::vector<wire::Signal> signals = world_.Hear("agent", agent).signals;
    std::erase_if(signals, [&](const wire::Signal& signal) { return signal.type != type; });
    return signals;
  }
  Result Reply(const Person& agent, const std::string& body, std::string id = "") {
    if (id.empty()) id = world_.NewId<wire::MessageId>().text();
    return world_.Put(path_ + "/messages/" + id, agent, body);
  }

  AdminWorld world_;
  Person mara_ = world_.AddOnlineAgent("Mara");  // who has it
  Person customer_ = world_.AddCustomer();
  const std::string id_ = world_.Start(customer_);
  const std::string path_ = World::PathOf("agent", id_);
  Person jonas_ = world_.AddAgent("Jonas");
  Person olga_ = world_.owner;
};

TEST_F(Viewers, AreToldOfEachOther) {
  EXPECT_TRUE(Look(jonas_).empty());
  auto told = Hear(mara_, SignalType::kViewing);
  ASSERT_EQ(told.size(), 1U) << "who has it is told";
  EXPECT_EQ(told[0].conversation, id_);
  EXPECT_EQ(told[0].actor->name, "Jonas");
  EXPECT_EQ(told[0].for_ms, wire::kViewingTtlMs);
  const Result parked = world_.Poll("agent", jonas_);
  ASSERT_TRUE(parked.hangs());
  world_.ForgetWakes();
  EXPECT_THAT(Look(olga_), ElementsAre(Of(jonas_)));
  EXPECT_TRUE(world_.Wakes(parked));
  EXPECT_EQ(Hear(jonas_, SignalType::kViewing).size(), 1U);
  EXPECT_TRUE(Hear(olga_, SignalType::kViewing).empty()) << "of themselves nobody is told";

  Look(olga_, R"({"gone":true})");
  EXPECT_EQ(Hear(jonas_, SignalType::kViewing).front().for_ms, 0);
  EXPECT_THAT(Look(mara_), ElementsAre(Of(jonas_)));
}

TEST_F(Viewers, AreForgotten) {
  Look(jonas_);
  world_.clock.Advance(absl::Milliseconds(wire::kViewingTtlMs - 1));
  EXPECT_THAT(Look(olga_), ElementsAre(Of(jonas_)));
  world_.clock.Advance(absl::Milliseconds(1));
  EXPECT_THAT(Look(mara_), ElementsAre(Of(olga_)));
}

TEST_F(Viewers, AreForgottenWithTheLastSessionThatLooks) {
  Person phone = jonas_;
  phone.token = "at_phone";
  Person idle = jonas_;
  idle.token = "at_idle";
  for (const Person& person : {phone, idle}) world_.AddToken(person.token, TokenKind::kAgent, "sit_demo", jonas_.id);
  Look(jonas_);
  Look(phone);
  world_.Post(path_ + "/typing", jonas_);
  Hear(mara_, SignalType::kViewing);

  ASSERT_EQ(world_.Call(Method::kDelete, "/v1/agent/session", phone.token).status, 200);
  EXPECT_EQ(Hear(mara_, SignalType::kViewing).front().for_ms, wire::kViewingTtlMs);
  EXPECT_THAT(Look(mara_), ElementsAre(Of(jonas_, true))) << "where they write, they do";
  ASSERT_EQ(world_.Call(Method::kDelete, "/v1/agent/session", jonas_.token).status, 200);
  EXPECT_EQ(Hear(mara_, SignalType::kViewing).front().for_ms, 0);
  EXPECT_TRUE(Look(mara_).empty()) << "where they are signed in still, they do not look";
}

TEST_F(Viewers, GoWhenNoSessionLooks) {
  Person phone = jonas_;
  phone.token = "at_phone";
  world_.AddToken(phone.token, TokenKind::kAgent, "sit_demo", jonas_.id);
  Look(jonas_);
  Look(phone);
  Look(phone, R"({"gone":true})");
  EXPECT_EQ(Hear(mara_, SignalType::kViewing).front().for_ms, wire::kViewingTtlMs);
  EXPECT_THAT(Look(mara_), ElementsAre(Of(jonas_)));
  Look(jonas_, R"({"gone":true})");
  EXPECT_EQ(Hear(mara_, SignalType::kViewing).front().for_ms, 0);
  EXPECT_TRUE(Look(mara_).empty());
}

TEST_F(Viewers, SeeTheDraftOfTheCustomer) {
  Look(jonas_);
  world_.Post(World::PathOf("customer", id_) + "/typing", customer_, R"({"text":"my dra"})");
  for (Person* const agent : {&mara_, &jonas_}) {
    const auto told = Hear(*agent, SignalType::kTyping);
    ASSERT_EQ(told.size(), 1U) << agent->name;
    EXPECT_EQ(told[0].text, "my dra");
  }
  EXPECT_TRUE(Hear(olga_, SignalType::kTyping).empty());
  world_.Say("customer", customer_, id_, "my draft");
  for (Person* const agent : {&mara_, &jonas_}) EXPECT_EQ(Hear(*agent, SignalType::kTyping).front().for_ms, 0);
}

TEST_F(Viewers, WhoWritesIsToldWhoWritesToo) {
  EXPECT_TRUE(world_.Post(path_ + "/typing", mara_).As<wire::ViewersAnswer>().viewers.empty());
  EXPECT_THAT(world_.Post(path_ + "/typing", jonas_).As<wire::ViewersAnswer>().viewers, ElementsAre(Of(mara_, true)));
  const auto told = Hear(mara_, SignalType::kTyping);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].actor->id, jonas_.id);
  // The customer is told that somebody types, and of nobody who looks.
  Look(olga_);
  EXPECT_EQ(world_.Hear("customer", customer_).signals.size(), 3U) << "the conversation, and the two";
  world_.Post(path_ + "/typing", mara_, R"({"text":""})");
  EXPECT_THAT(Look(jonas_), ElementsAre(Of(olga_)));
  world_.Post(path_ + "/typing", mara_);
  ASSERT_EQ(Reply(mara_, R"({"text":"here"})").status, 201);
  EXPECT_THAT(Look(jonas_), ElementsAre(Of(olga_))) << "who has sent it types no longer";
}

TEST_F(Viewers, ADoubleReplyIsRefusedUnlessItIsMeant) {
  const int64_t seen = world_.Get(path_, jonas_).As<wire::ConversationAnswer>().conversation.conversation.last_seq;
  const std::string after = R"(,"after":)" + std::to_string(seen) + "}";
  ASSERT_EQ(Reply(mara_, R"({"text":"Mine")" + after).status, 201);
  EXPECT_EQ(Reply(mara_, R"({"text":"And more")" + after).status, 201) << "one's own are known";
  world_.Say("customer", customer_, id_, "thanks");
  const std::string id = world_.NewId<wire::MessageId>().text();
  const Result refused = Reply(jonas_, R"({"text":"Mine too")" + after, id);
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.code(), "overtaken");
  EXPECT_EQ(refused.As<wire::Problem>().agent->id, mara_.id);
  // Without it it is meant, and may be repeated as it was begun.
  const Result sent = Reply(jonas_, R"({"text":"Mine too"})", id);
  EXPECT_EQ(sent.status, 201);
  EXPECT_EQ(Reply(jonas_, R"({"text":"Mine too")" + after, id).body, sent.body);
  // What the customer writes overtakes nobody.
  const int64_t last = sent.As<wire::EventAnswer>().event.seq;
  world_.Say("customer", customer_, id_, "and?");
  EXPECT_EQ(Reply(mara_, R"({"text":"well","after":)" + std::to_string(last) + "}").status, 201);
  EXPECT_EQ(Reply(mara_, R"({"text":"well","after":"x"})").status, 400);
}

TEST_F(Viewers, ASupervisorWhispersToWhoHasIt) {
  const auto whisper = [&](const Person& who, std::string id = "") {
    if (id.empty()) id = world_.NewId<wire::MessageId>().text();
    return world_.Put(path_ + "/notes/" + id, who, R"({"text":"offer a refund","whisper":true})");
  };
  EXPECT_EQ(whisper(jonas_).code(), "role_required");
  const std::string id = world_.NewId<wire::MessageId>().text();
  const Result sent = whisper(olga_, id);
  ASSERT_EQ(sent.status, 201) << sent.body;
  EXPECT_EQ(whisper(olga_, id).body, sent.body);
  EXPECT_EQ(world_.Put(path_ + "/notes/" + id, olga_, R"({"text":"offer a refund"})").code(), "id_reused");
  const auto event = sent.As<wire::EventAnswer>().event;
  EXPECT_EQ(event.whisper, true);
  EXPECT_THAT(*event.mentions, ElementsAre(mara_.id));
  const auto heard = world_.Hear("agent", mara_).events;
  ASSERT_FALSE(heard.empty());
  EXPECT_EQ(heard.back().text, "offer a refund");
  EXPECT_THAT(world_.Get(World::PathOf("customer", id_) + "/events", customer_).body,
              testing::Not(HasSubstr("refund")));
  // To nobody there is no whispering, nor to oneself.
  ASSERT_EQ(world_.Post(path_ + "/assign", olga_, R"({"agent":")" + olga_.id + "\"}").status, 200) << "taken over";
  EXPECT_EQ(whisper(olga_).status, 422);
  world_.Post(path_ + "/close", olga_);
  EXPECT_EQ(whisper(world_.AddWithRole("Admin", wire::Role::kAdmin)).status, 422);
}

}  // namespace
}  // namespace alcove::functions
