// Several agents in one conversation: who may join, what they are told, and how it ends.
#include "functions/participants.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "functions/timers.h"
#include "functions/wire/collaboration.h"
#include "tests/functions/admin_world.h"
#include "tests/functions/invariants.h"

namespace alcove::functions {
namespace {

namespace keys = store::keys;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using wire::EventType;

class Participants : public testing::Test {
 protected:
  ~Participants() override { CheckInvariants(world_); }

  Result Join(const Person& agent, const Person* whom = nullptr) {
    wire::Participation participation;
    if (whom != nullptr) participation.agent = whom->id;
    return world_.Post(path_ + "/join", agent, ToJson(participation));
  }
  Result Leave(const Person& agent) { return world_.Post(path_ + "/leave", agent); }
  static std::vector<std::string> NamesOf(const wire::Conversation& conversation) {
    std::vector<std::string> names;
    for (const wire::Actor& agent : conversation.participants.value_or(std::vector<wire::Actor>())) {
      names.push_back(agent.name);
    }
    return names;
  }
  // Who takes part, as an agent is shown it.
  std::vector<std::string> Names() {
    return NamesOf(world_.Get(path_, mara_).As<wire::ConversationAnswer>().conversation.conversation);
  }
  std::vector<wire::Event> EventsOf(const std::string& side, const Person& who) {
    return world_.Get(World::PathOf(side, id_) + "/events", who).As<wire::EventPage>().events;
  }
  // The ids of a list of the agent's.
  std::vector<std::string> View(const Person& agent, const std::string& view) {
    std::vector<std::string> ids;
    const Result result = world_.Get("/v1/agent/conversations?view=" + view, agent);
    EXPECT_EQ(result.status, 200) << result.body;
    for (const auto& one : result.As<wire::ConversationList>().conversations) ids.push_back(one.id);
    return ids;
  }
  ConversationRecord Head() {
    return *world_.Stored<ConversationRecord>(keys::Conversation(kSite, wire::ConversationId(id_)));
  }
  void PutAgent(const Person& agent, const std::string& more) {
    const Result put =
        world_.Put("/v1/admin/agents/" + agent.id, world_.owner,
                   R"({"name":")" + agent.name + R"(","email":")" + agent.id + R"(@shop.example",)" + more + "}");
    ASSERT_EQ(put.status, 200) << put.body;
  }

  AdminWorld world_;
  Person mara_ = world_.AddOnlineAgent("Mara", 1);  // who has it
  Person customer_ = world_.AddCustomer();
  const std::string id_ = world_.Start(customer_);
  const std::string path_ = World::PathOf("agent", id_);
  Person jonas_ = world_.AddAgent("Jonas", 1);
  Person ana_ = world_.AddAgent("Ana", 1);
};

TEST_F(Participants, WhoJoinsIsToldOfItAndItStaysWhoseItIs) {
  world_.Snapshot(jonas_);
  const Result joined = Join(jonas_);
  ASSERT_EQ(joined.status, 200) << joined.body;
  const wire::Conversation shown = joined.As<wire::ConversationAnswer>().conversation.conversation;
  EXPECT_EQ(shown.agent->id, mara_.id);
  EXPECT_THAT(NamesOf(shown), ElementsAre("Jonas"));
  EXPECT_EQ(world_.StateOf(jonas_).load, 0) << "it is no load of theirs";
  EXPECT_EQ(world_.StateOf(mara_).load, 1);
  const auto heard = world_.Hear("agent", jonas_);
  ASSERT_EQ(heard.events.size(), 1U);
  EXPECT_EQ(heard.events[0].type, EventType::kJoined);
  EXPECT_EQ(heard.events[0].agent->name, "Jonas");
  EXPECT_EQ(heard.events[0].actor.id, jonas_.id);

  const Result parked = world_.Poll("agent", jonas_);
  ASSERT_TRUE(parked.hangs());
  world_.ForgetWakes();
  ASSERT_EQ(world_.Say("customer", customer_, id_, "thanks").status, 201);
  EXPECT_TRUE(world_.Wakes(parked));
  EXPECT_EQ(world_.Hear("agent", jonas_).events.front().text, "thanks");
  ASSERT_EQ(world_.Say("agent", jonas_, id_, "with pleasure").status, 201);
  EXPECT_EQ(EventsOf("customer", customer_).back().actor.name, "Jonas");

  EXPECT_THAT(View(jonas_, "joined"), ElementsAre(id_));
  EXPECT_THAT(View(jonas_, "mine"), IsEmpty());
  EXPECT_THAT(View(mara_, "mine"), ElementsAre(id_));
  EXPECT_THAT(View(mara_, "joined"), IsEmpty());
  const auto snapshot = world_.Snapshot(jonas_);
  ASSERT_EQ(snapshot.conversations.size(), 1U);
  EXPECT_EQ(snapshot.conversations[0].conversation.id, id_);

  const auto before = world_.Everything();
  EXPECT_EQ(Join(jonas_).status, 200);
  EXPECT_EQ(Join(mara_).status, 200) << "who has it is in it";
  EXPECT_EQ(world_.Everything(), before);
}

TEST_F(Participants, TheCustomerIsToldWhoCameAndWhoWent) {
  Join(jonas_);
  Leave(jonas_);
  const auto seen = EventsOf("customer", customer_);
  ASSERT_GE(seen.size(), 4U);
  EXPECT_EQ(seen[seen.size() - 2].type, EventType::kJoined);
  EXPECT_EQ(seen[seen.size() - 2].agent->name, "Jonas");
  EXPECT_EQ(seen.back().type, EventType::kLeft);
  EXPECT_EQ(seen.back().agent->name, "Jonas");
  Join(jonas_);
  const auto session = world_.Call(Method::kPost, "/v1/customer/session", "",
                                   R"({"site":"sit_demo","token":")" + customer_.token + "\"}");
  EXPECT_THAT(NamesOf(session.As<wire::CustomerSession>().conversations.front().conversation), ElementsAre("Jonas"));
}

TEST_F(Participants, WhoLeavesIsToldThatAndNothingMore) {
  Join(jonas_);
  world_.Snapshot(jonas_);
  ASSERT_EQ(Leave(jonas_).status, 200);
  EXPECT_THAT(Names(), IsEmpty());
  EXPECT_EQ(Head().participants, std::nullopt);
  const auto heard = world_.Hear("agent", jonas_);
  ASSERT_EQ(heard.events.size(), 1U);
  EXPECT_EQ(heard.events[0].type, EventType::kLeft);
  world_.Say("customer", customer_, id_, "hello?");
  EXPECT_THAT(world_.Hear("agent", jonas_).events, IsEmpty());
  EXPECT_THAT(View(jonas_, "joined"), IsEmpty());
  EXPECT_THAT(world_.Snapshot(jonas_).conversations, IsEmpty());
  const auto before = world_.Everything();
  EXPECT_EQ(Leave(jonas_).status, 200);
  EXPECT_EQ(world_.Everything(), before);
}

TEST_F(Participants, WhoHasItHandsItOverInstead) {
  const Result refused = Leave(mara_);
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.body, HasSubstr("hands it over"));
  EXPECT_EQ(Head().agent->id, mara_.id);
}

TEST_F(Participants, WhoIsInItOrSupervisesAsksOthersIn) {
  EXPECT_EQ(Join(jonas_, &ana_).code(), "role_required") << "he is not in it";
  ASSERT_EQ(Join(mara_, &jonas_).status, 200) << "she has it";
  EXPECT_EQ(EventsOf("agent", mara_).back().actor.id, mara_.id);
  EXPECT_EQ(EventsOf("agent", mara_).back().agent->id, jonas_.id);
  ASSERT_EQ(Join(jonas_, &ana_).status, 200) << "he takes part";
  EXPECT_THAT(Names(), ElementsAre("Jonas", "Ana"));
  const Person lena = world_.AddAgent("Lena");
  ASSERT_EQ(Join(world_.AddWithRole("Sven", wire::Role::kSupervisor), &lena).status, 200);
  EXPECT_THAT(Names(), ElementsAre("Jonas", "Ana", "Lena"));

  const Person reader = world_.AddWithRole("Rita", wire::Role::kReadOnly);
  EXPECT_EQ(Join(reader).code(), "role_required");
  EXPECT_THAT(Join(mara_, &reader).body, HasSubstr("may only read"));
  EXPECT_EQ(world_.Post(path_ + "/join", mara_, R"({"agent":"jonas"})").status, 422);
  EXPECT_EQ(world_.Post(path_ + "/join", mara_, R"({"agent":")" + world_.NewId<wire::AgentId>().text() + "\"}").status,
            422);
  EXPECT_EQ(world_.Post(path_ + "/join", mara_, R"({"agent":5})").status, 400);
}

TEST_F(Participants, WhoIsGivenItTakesPartNoLonger) {
  Join(jonas_);
  Join(ana_);
  ASSERT_EQ(world_.Post(path_ + "/assign", mara_, R"({"agent":")" + jonas_.id + "\"}").status, 200);
  EXPECT_EQ(Head().agent->id, jonas_.id);
  EXPECT_THAT(Names(), ElementsAre("Ana"));
  EXPECT_THAT(View(jonas_, "joined"), IsEmpty());
  EXPECT_THAT(View(jonas_, "mine"), ElementsAre(id_));
  EXPECT_EQ(EventsOf("agent", mara_).back().type, EventType::kTransferred) << "which tells all of it";
  EXPECT_THAT(world_.Snapshot(mara_).conversations, IsEmpty()) << "who handed it over is out of it";
}

TEST_F(Participants, ACloseEndsItForAll) {
  Join(jonas_);
  Join(ana_);
  world_.Snapshot(ana_);
  ASSERT_EQ(world_.Post(World::PathOf("customer", id_) + "/close", customer_).status, 200);
  EXPECT_EQ(Head().participants, std::nullopt);
  const auto heard = world_.Hear("agent", ana_).events;
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(heard[0].type, EventType::kClosed);
  EXPECT_EQ(Join(jonas_).code(), "closed");
  EXPECT_EQ(Leave(jonas_).status, 200) << "he is out of it";
  world_.Post(path_ + "/reopen", jonas_);
  EXPECT_THAT(Names(), IsEmpty()) << "it begins anew";
}

// The rules by which it goes to somebody else stay as they are: to take part is no claim.
TEST_F(Participants, WhereItsAgentIsGoneTheyStayAndItWaits) {
  world_.Write([&](store::Transaction& txn) {
    SettingsRecord settings;
    settings.away = wire::AwayPolicy::kReassign;
    Save(txn, keys::Settings(kSite), settings);
  });
  Join(jonas_);
  world_.SetPresence(mara_, "away");
  Context context = world_.MakeContext();
  world_.Write([&](store::Transaction& txn) { EXPECT_TRUE(Reassign(txn, {kSite.text(), mara_.id}, context).ok()); });
  EXPECT_EQ(Head().state, wire::ConversationState::kQueued);
  EXPECT_THAT(Names(), ElementsAre("Jonas"));
  EXPECT_EQ(Join(ana_).status, 200) << "also of what waits";
  // Who has room and fits gets it, as any other would.
  world_.SetPresence(ana_, "online");
  EXPECT_EQ(Head().agent->id, ana_.id);
  EXPECT_THAT(Names(), ElementsAre("Jonas"));
  EXPECT_EQ(world_.StateOf(ana_).load, 1);
}

TEST_F(Participants, TheyAreToldWhatIsTypedAndRead) {
  Join(jonas_);
  world_.Snapshot(jonas_);
  world_.Snapshot(ana_);
  world_.Post(World::PathOf("customer", id_) + "/typing", customer_, R"({"text":"my dra"})");
  world_.Post(World::PathOf("customer", id_) + "/read", customer_, R"({"seq":2})");
  const auto signals = world_.Hear("agent", jonas_).signals;
  ASSERT_EQ(signals.size(), 2U);
  EXPECT_EQ(signals[0].text, "my dra");
  EXPECT_EQ(signals[1].type, wire::SignalType::kRead);
  EXPECT_EQ(signals[1].seq, 2);
  EXPECT_THAT(world_.Hear("agent", ana_).signals, IsEmpty());
}

TEST_F(Participants, NoMoreTakePartThanMay) {
  for (size_t i = 0; i < wire::kParticipantsMax; ++i) {
    ASSERT_EQ(Join(world_.AddAgent("Agent " + std::to_string(i))).status, 200);
  }
  const Result refused = Join(jonas_);
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.body, HasSubstr("at most 10"));
}

TEST_F(Participants, NobodyTakesPartInMoreThanTheyMay) {
  const auto join = [&] {
    const std::string id = world_.Start(world_.AddCustomer());
    return world_.Post(World::PathOf("agent", id) + "/join", jonas_).status;
  };
  for (size_t i = 0; i < wire::kJoinedConversationsMax; ++i) ASSERT_EQ(join(), 200);
  EXPECT_EQ(join(), 422);
  EXPECT_EQ(world_.Snapshot(jonas_).conversations.size(), wire::kJoinedConversationsMax);
}

TEST_F(Participants, WhoIsNoAgentAnyMoreIsOutOfIt) {
  for (const Person* agent : {&jonas_, &ana_}) Join(*agent);
  const Person lena = world_.AddAgent("Lena");
  Join(lena);
  PutAgent(jonas_, R"("disabled":true)");
  EXPECT_THAT(Names(), ElementsAre("Ana", "Lena"));
  EXPECT_EQ(EventsOf("customer", customer_).back().type, EventType::kLeft);
  PutAgent(ana_, R"("role":"read_only")");
  EXPECT_THAT(Names(), ElementsAre("Lena"));
  EXPECT_EQ(world_.Call(Method::kDelete, "/v1/admin/agents/" + lena.id, world_.owner.token).status, 200);
  EXPECT_THAT(Names(), IsEmpty());
}

// Of each state that a conversation is in, both.
TEST_F(Participants, MayBeOfEachStateButAnEnd) {
  const auto in = [&](const std::string& what) {
    SCOPED_TRACE(what);
    EXPECT_EQ(Join(jonas_).status, 200);
    EXPECT_THAT(Names(), ElementsAre("Jonas"));
    EXPECT_EQ(Leave(jonas_).status, 200);
    EXPECT_THAT(Names(), IsEmpty());
  };
  const auto asked_at = [&] { return Head().asked_at; };
  in("open");
  world_.Say("agent", mara_, id_, "which one?");
  const auto asked = asked_at();
  world_.clock.Advance(absl::Seconds(1));
  in("waiting on the customer");
  EXPECT_EQ(asked_at(), asked) << "for as long as before";
  const int64_t until = absl::ToUnixMillis(world_.clock.Now()) + 60'000;
  ASSERT_EQ(world_.Post(path_ + "/snooze", mara_, R"({"until":)" + std::to_string(until) + "}").status, 200);
  in("snoozed");
  EXPECT_EQ(Head().snoozed_until, until);
  ASSERT_EQ(world_.Put(world_.PathOf<wire::TeamId>("teams"), world_.owner, R"({"name":"T"})").status, 201);
  const auto teams = world_.Get("/v1/admin/teams", world_.owner).body;
  const std::string team = teams.substr(teams.find("tea_"), 30);
  ASSERT_EQ(world_.Post(path_ + "/assign", mara_, R"({"team":")" + team + "\"}").status, 200);
  EXPECT_EQ(Head().state, wire::ConversationState::kQueued);
  in("queued");
  world_.Post(path_ + "/close", mara_);
  EXPECT_EQ(Join(jonas_).code(), "closed");
}

}  // namespace
}  // namespace alcove::functions
