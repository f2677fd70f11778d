// A bot answers first: what it says, what its program says, and how people take over.
#include "functions/bot.h"

#include <gmock/gmock.h>

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "functions/defer.h"
#include "functions/domain/endings.h"
#include "functions/wire/bot.h"
#include "tests/functions/admin_world.h"
#include "tests/functions/due_calls.h"
#include "tests/functions/invariants.h"
#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

namespace keys = store::keys;

class BotTest : public testing::Test {
 protected:
  ~BotTest() override { CheckInvariants(world_); }

  void PutSettings(const std::string& more) {
    const Result put =
        world_.Put("/v1/admin/settings", world_.owner, R"({"bot":")" + AdminWorld::IdOf(bot_) + "\"" + more + "}");
    ASSERT_EQ(put.status, 200) << put.body;
  }
  void PutBot(const std::string& body) {
    const Result put = world_.Put(bot_, world_.owner, body);
    ASSERT_LT(put.status, 300) << put.body;
  }
  // A list of answers, which hands over with the second message that it does not know.
  void UseList() {
    PutBot(
        R"({"name":"Alva","greeting":"Hello, I am Alva.","answers":[{"phrases":["returns"],"text":"Within 30 days."}],)"
        R"("hand_over":["person"],"hand_over_text":"One moment.","fallback":"Say it otherwise?","hand_over_after":2})");
    PutSettings("");
  }
  void UseProgram(const std::string& more = "") {
    PutBot(R"({"name":"Alva","url":")" + std::string(kUrl) + R"(","timeout_ms":3000)" + more + "}");
    PutSettings("");
  }
  void ProgramSays(const std::string& body) { world_.web.Serve(kUrl, 200, body); }
  // While the answer is on its way, this happens.
  void ProgramSaysAfter(const std::string& body, std::function<void()> happening) {
    world_.web.Serve(kUrl, [=](const Fetch&) {
      happening();
      Fetched fetched;
      fetched.result = FetchResult::kAnswered;
      fetched.status = 200;
      fetched.body = body;
      return fetched;
    });
  }

  std::vector<wire::Event> EventsOf(const std::string& id) {
    return world_.Get(World::PathOf("agent", id) + "/events", world_.owner).As<wire::EventPage>().events;
  }
  // Each event as `kind type text-or-why`.
  std::vector<std::string> LogOf(const std::string& id) {
    std::vector<std::string> log;
    for (const wire::Event& event : EventsOf(id)) {
      std::string line(wire::NameOf(event.actor.kind));
      line += " " + std::string(wire::NameOf(event.type));
      if (event.text) line += " " + *event.text;
      if (event.type == wire::EventType::kLeft) line += ": " + event.why.value_or("");
      log.push_back(line);
    }
    return log;
  }
  std::string LastOf(const std::string& id) { return LogOf(id).back(); }
  ConversationRecord HeadOf(const std::string& id) {
    return *world_.Stored<ConversationRecord>(keys::Conversation(kSite, wire::ConversationId(id)));
  }
  std::string StateOfOne(const std::string& id) { return std::string(wire::NameOf(HeadOf(id).state)); }
  std::string TraceOf(const std::string& id) {
    return world_.Get("/v1/admin/conversations/" + id + "/explain", world_.owner).body;
  }
  void Says(const std::string& id, const std::string& text) {
    const Result said = world_.Say("customer", customer_, id, text);
    ASSERT_EQ(said.status, 201) << said.body;
  }

  static constexpr char kUrl[] = "https://bot.example/answer";
  AdminWorld world_;
  const std::string bot_ = world_.PathOf<wire::BotId>("bots");
  const Person customer_ = world_.AddCustomer();
};

// --- A list of answers ---------------------------------------------------------------

TEST_F(BotTest, GivesQuickRepliesWithItsGreetingAndItsAnswers) {
  PutBot(R"({"name":"Alva","greeting":"Hello","greeting_replies":["Returns","A person"],)"
         R"("answers":[{"phrases":["returns"],"text":"Which?","quick_replies":["A mug"]}]})");
  PutSettings("");
  const std::string id = world_.Start(customer_, "Returns");
  const auto events = EventsOf(id);
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(events[2].quick_replies, (std::vector<std::string>{"Returns", "A person"}));
  EXPECT_EQ(events[3].quick_replies, std::vector<std::string>{"A mug"});
  // What a bot says may be answered by its id, as anything else.
  EXPECT_EQ(world_
                .Put(World::PathOf("customer", id) + "/messages/" + world_.NewId<wire::MessageId>().text(), customer_,
                     R"({"text":"returns","reply_to":")" + *events[3].id + "\"}")
                .status,
            201);
}

TEST_F(BotTest, QuickRepliesAreBounded) {
  const auto put = [&](const std::string& greeting, const std::string& of_greeting, const std::string& of_answer) {
    return world_
        .Put(bot_, world_.owner,
             R"({"name":"Alva",)" + greeting + R"("greeting_replies":)" + of_greeting +
                 R"(,"answers":[{"phrases":["a"],"text":"b","quick_replies":)" + of_answer + "}]}")
        .status;
  };
  const std::string greets = R"("greeting":"Hello",)";
  std::string most;
  for (size_t i = 0; i < wire::kQuickRepliesMax; ++i) most += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\"";
  EXPECT_EQ(put(greets, "[" + most + "]", "[" + most + "]"), 201);
  EXPECT_EQ(put("", R"(["a"])", "[]"), 422) << "of no greeting";
  EXPECT_EQ(put(greets, "[" + most + R"(,"more"])", "[]"), 422);
  EXPECT_EQ(put(greets, "[]", "[" + most + R"(,"more"])"), 422);
  EXPECT_EQ(put(greets, "[]", R"([""])"), 422);
}

TEST_F(BotTest, AProgramGivesQuickReplies) {
  UseProgram();
  ProgramSays(R"({"text":"Which?","quick_replies":["A mug","A plate"]})");
  const std::string good = world_.Start(customer_, "returns");
  RunDueCalls(world_);
  EXPECT_EQ(EventsOf(good).back().quick_replies, (std::vector<std::string>{"A mug", "A plate"}));
  for (const char* said : {R"({"text":"Which?","quick_replies":[""]})", R"({"quick_replies":["a"],"close":true})"}) {
    ProgramSays(said);
    const std::string bad = world_.Start(customer_, "returns");
    RunDueCalls(world_);
    EXPECT_THAT(LogOf(bad), testing::Contains("bot left: its program gave quick replies that are none")) << said;
  }
}

TEST_F(BotTest, IsNotAskedAboutWhatWasTakenBack) {
  UseProgram();
  const std::string id = world_.Start(customer_, "first");
  const std::string message = *EventsOf(id).front().id;
  ASSERT_EQ(
      world_.Call(Method::kDelete, World::PathOf("customer", id) + "/messages/" + message, customer_.token).status,
      200);
  Says(id, "second");
  std::vector<std::string> asked;
  world_.web.Serve(kUrl, [&](const Fetch& fetch) {
    asked.push_back(ParseJson<wire::BotQuestion>(fetch.body)->message.text);
    Fetched fetched;
    fetched.result = FetchResult::kAnswered;
    fetched.status = 200;
    fetched.body = R"({"text":"I see"})";
    return fetched;
  });
  RunDueCalls(world_);  // finds that it is gone
  RunDueCalls(world_);
  EXPECT_THAT(asked, ElementsAre("second"));
  EXPECT_EQ(LastOf(id), "bot message I see");
  EXPECT_FALSE(HeadOf(id).bot->asking);
}

TEST_F(BotTest, GreetsAndAnswersInTheTransactionThatKeepsTheMessage) {
  UseList();
  const std::string id = world_.Start(customer_, "How do returns work?");
  EXPECT_THAT(LogOf(id), ElementsAre("customer message How do returns work?", "bot joined",
                                     "bot message Hello, I am Alva.", "bot message Within 30 days."));
  EXPECT_EQ(StateOfOne(id), "bot");
  const wire::Actor alva = {wire::ActorKind::kBot, AdminWorld::IdOf(bot_), "Alva"};
  for (const wire::Event& event : EventsOf(id)) {
    if (event.seq > 1) {
      EXPECT_EQ(event.actor, alva);
    }
  }
  // Both sides see that a bot has it.
  const auto session =
      world_
          .Call(Method::kPost, "/v1/customer/session", "", R"({"site":"sit_demo","token":")" + customer_.token + "\"}")
          .As<wire::CustomerSession>();
  ASSERT_EQ(session.conversations.size(), 1U);
  EXPECT_EQ(session.conversations[0].conversation.state, wire::ConversationState::kBot);
  EXPECT_EQ(session.conversations[0].conversation.bot, alva);
  EXPECT_EQ(session.conversations[0].conversation.unread, 2);
  Person mara = world_.AddAgent("Mara");
  const auto snapshot = world_.Snapshot(mara);
  ASSERT_EQ(snapshot.with_bot.size(), 1U);
  EXPECT_EQ(snapshot.with_bot[0].conversation.id, id);
  EXPECT_TRUE(snapshot.queue.empty());
  for (const char* const view : {"bot", "team"}) {
    const auto list =
        world_.Get("/v1/agent/conversations?view=" + std::string(view), mara).As<wire::ConversationList>();
    ASSERT_EQ(list.conversations.size(), 1U) << view;
    EXPECT_EQ(list.conversations[0].bot, alva);
  }
  EXPECT_TRUE(
      world_.Get("/v1/agent/conversations?view=waiting", mara).As<wire::ConversationList>().conversations.empty());
  // Agents hear of what is said as it is said.
  Says(id, "hm");
  const auto heard = world_.Hear("agent", mara);
  ASSERT_EQ(heard.events.size(), 2U);
  EXPECT_EQ(heard.events[1].text, "Say it otherwise?");
  EXPECT_THAT(TraceOf(id),
              AllOf(HasSubstr("is bot"), HasSubstr("taken by Alva, a bot"), HasSubstr("now  is with the bot Alva")));
}

TEST_F(BotTest, GreetsWhoHasNotSaidAnythingYet) {
  UseList();
  const std::string id = world_.NewId<wire::ConversationId>().text();
  ASSERT_EQ(world_.Put(World::PathOf("customer", id), customer_).status, 201);
  EXPECT_THAT(LogOf(id), ElementsAre("bot joined", "bot message Hello, I am Alva."));
}

TEST_F(BotTest, ListsOfBotsArePagedFromTheNewest) {
  UseList();
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) {
    ids.push_back(world_.Start(customer_));
    world_.clock.Advance(absl::Seconds(1));
  }
  const auto page = [&](const std::string& more) {
    std::vector<std::string> found;
    const auto list = world_.Get("/v1/agent/conversations?view=bot&limit=2" + more, world_.owner);
    for (const auto& one : list.As<wire::ConversationList>().conversations) found.push_back(one.id);
    return found;
  };
  EXPECT_THAT(page(""), ElementsAre(ids[2], ids[1]));
  EXPECT_THAT(page("&before=" + ids[1]), ElementsAre(ids[0]));
}

TEST_F(BotTest, HandsOverWhatItDoesNotKnow) {
  UseList();
  const std::string id = world_.Start(customer_, "blue");
  EXPECT_EQ(LastOf(id), "bot message Say it otherwise?");
  Says(id, "returns, then");
  EXPECT_EQ(LastOf(id), "bot message Within 30 days.");
  Says(id, "blue");
  EXPECT_EQ(LastOf(id), "bot message Say it otherwise?") << "what it knew has ended the row";
  world_.clock.Advance(absl::Minutes(1));
  Says(id, "blue!");
  const auto log = LogOf(id);
  EXPECT_THAT(std::vector<std::string>(log.end() - 4, log.end()),
              ElementsAre("customer message blue!", "bot message One moment.", "bot left: did not know 2 answers",
                          "system queued"));
  const ConversationRecord head = HeadOf(id);
  EXPECT_EQ(head.state, wire::ConversationState::kQueued);
  EXPECT_FALSE(head.bot);
  EXPECT_EQ(head.waits_since, absl::ToUnixMillis(world_.clock.Now())) << "it waits as one that begins now";
  EXPECT_THAT(TraceOf(id), HasSubstr("handed over by Alva: did not know 2 answers"));
  // A customer is not told what the bot did not know.
  const std::string shown = world_.Get(World::PathOf("customer", id) + "/events", customer_).body;
  EXPECT_THAT(shown, AllOf(HasSubstr("\"type\":\"left\""), Not(HasSubstr("did not know"))));
  // The bot says nothing more.
  Says(id, "returns");
  EXPECT_EQ(LastOf(id), "customer message returns");
}

TEST_F(BotTest, HandsOverToWhomTheStrategyChooses) {
  UseList();
  const Person mara = world_.AddOnlineAgent("Mara");
  const std::string id = world_.Start(customer_);
  EXPECT_EQ(world_.StateOf(mara).load, 0);
  Says(id, "I want a PERSON");
  const auto log = LogOf(id);
  EXPECT_THAT(std::vector<std::string>(log.end() - 3, log.end()),
              ElementsAre("bot message One moment.", "bot left: asked for a person", "system assigned"));
  EXPECT_EQ(HeadOf(id).agent->id, mara.id);
  EXPECT_EQ(world_.StateOf(mara).load, 1);
  EXPECT_THAT(EventsOf(id).back().why.value_or(""), HasSubstr("least loaded"));
}

TEST_F(BotTest, ABeginningThatAsksForAPersonIsHandedOverAtOnceAndEverybodyIsToldSo) {
  UseList();
  const Person mara = world_.AddOnlineAgent("Mara", 1);
  Person jonas = world_.AddAgent("Jonas");
  world_.Snapshot(jonas);
  const std::string id = world_.Start(customer_, "a person please");
  EXPECT_THAT(LogOf(id), ElementsAre("customer message a person please", "bot joined", "bot message Hello, I am Alva.",
                                     "bot message One moment.", "bot left: asked for a person", "system assigned"));
  // Who had to take the bot for its owner is told whose it is.
  const auto heard = world_.Hear("agent", jonas);
  ASSERT_FALSE(heard.events.empty());
  EXPECT_EQ(heard.events.back().type, wire::EventType::kAssigned);
  ASSERT_FALSE(heard.signals.empty());
  EXPECT_TRUE(world_.Snapshot(jonas).with_bot.empty());
}

TEST_F(BotTest, NobodyIsOvertakenByWhatABotHandsOver) {
  const Person mara = world_.AddOnlineAgent("Mara", 1);
  world_.Start(world_.AddCustomer());
  const std::string first = world_.Start(customer_);
  ASSERT_EQ(StateOfOne(first), "queued");
  UseList();
  const std::string id = world_.Start(customer_);
  world_.clock.Advance(absl::Seconds(1));
  Says(id, "person");
  EXPECT_EQ(StateOfOne(id), "queued");
  EXPECT_EQ(EventsOf(id).back().position, 2);
}

TEST_F(BotTest, ARepeatIsAnsweredOnce) {
  UseList();
  const std::string id = world_.NewId<wire::ConversationId>().text();
  const std::string first = world_.NewId<wire::MessageId>().text();
  const Result started = world_.StartAs(customer_, id, first, "returns");
  const Result again = world_.StartAs(customer_, id, first, "returns");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, started.body);
  const std::string message = world_.NewId<wire::MessageId>().text();
  const Result said = world_.Say("customer", customer_, id, "person", message);
  const size_t events = EventsOf(id).size();
  EXPECT_EQ(world_.Say("customer", customer_, id, "person", message).body, said.body);
  EXPECT_EQ(EventsOf(id).size(), events);
  EXPECT_EQ(world_.Say("customer", customer_, id, "another", message).code(), "id_reused");
}

TEST_F(BotTest, TheButtonForAPersonIsSafeToPressTwice) {
  UseList();
  const std::string id = world_.Start(customer_);
  const std::string path = World::PathOf("customer", id) + "/hand_over";
  const Result asked = world_.Post(path, customer_);
  ASSERT_EQ(asked.status, 200) << asked.body;
  EXPECT_EQ(asked.As<wire::ConversationAnswer>().conversation.conversation.state, wire::ConversationState::kQueued);
  const auto log = LogOf(id);
  EXPECT_THAT(std::vector<std::string>(log.end() - 3, log.end()),
              ElementsAre("bot message One moment.", "bot left: asked for a person", "system queued"));
  EXPECT_EQ(world_.Post(path, customer_).status, 200);
  EXPECT_EQ(LogOf(id), log);
  ASSERT_EQ(world_.Post(World::PathOf("customer", id) + "/close", customer_).status, 200);
  EXPECT_EQ(world_.Post(path, customer_).status, 200) << "what is over stays so";
  EXPECT_EQ(StateOfOne(id), "closed");
}

// --- Who answers first ---------------------------------------------------------------

TEST_F(BotTest, ARuleNamesAnotherOrNone) {
  UseList();
  const std::string other = world_.PathOf<wire::BotId>("bots");
  ASSERT_EQ(world_.Put(other, world_.owner, R"({"name":"Brix"})").status, 201);
  const auto rule = [&](const std::string& bot, const std::string& page) {
    const Result put =
        world_.Put(world_.PathOf<wire::RuleId>("rules"), world_.owner,
                   R"({"name":"r","place":1,"conditions":[{"field":"page","test":"contains","values":[")" + page +
                       R"("]}],"effect":{"bot":")" + bot + "\"}}");
    ASSERT_EQ(put.status, 201) << put.body;
  };
  rule(AdminWorld::IdOf(other), "mugs");
  rule("none", "checkout");
  const auto on = [&](const std::string& page) {
    const std::string id = world_.NewId<wire::ConversationId>().text();
    EXPECT_EQ(
        world_.Put(World::PathOf("customer", id), customer_, R"({"page":{"url":"https://shop.example/)" + page + "\"}}")
            .status,
        201);
    const ConversationRecord head = HeadOf(id);
    return head.bot ? head.bot->bot.name : std::string(wire::NameOf(head.state));
  };
  EXPECT_EQ(on("mugs"), "Brix");
  EXPECT_EQ(on("checkout"), "queued");
  EXPECT_EQ(on("about"), "Alva");
}

TEST_F(BotTest, AnswersWhoseLanguageItSpeaks) {
  PutBot(R"({"name":"Alva","language":"de"})");
  PutSettings("");
  const struct {
    const char* locale;
    const char* state;
  } kCases[] = {{"de-AT", "bot"}, {"de", "bot"}, {"en", "queued"}, {"", "bot"}};
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.locale);
    const std::string locale = *c.locale == '\0' ? "" : R"(,"locale":")" + std::string(c.locale) + "\"";
    const auto session = world_.Call(Method::kPost, "/v1/customer/session", "", R"({"site":"sit_demo")" + locale + "}")
                             .As<wire::CustomerSession>();
    const std::string id = world_.NewId<wire::ConversationId>().text();
    EXPECT_EQ(world_.Call(Method::kPut, World::PathOf("customer", id), session.token, "{}").status, 201);
    EXPECT_EQ(StateOfOne(id), c.state);
  }
}

TEST_F(BotTest, WhatADeletedBotHadGoesToAPerson) {
  UseList();
  const std::string id = world_.Start(customer_);
  const std::string asking = world_.Start(customer_);
  ASSERT_EQ(world_.Call(Method::kDelete, bot_, world_.owner.token).status, 422) << "the settings name it";
  ASSERT_EQ(world_.Put("/v1/admin/settings", world_.owner, "{}").status, 200);
  ASSERT_EQ(world_.Call(Method::kDelete, bot_, world_.owner.token).status, 200);
  Says(id, "returns");
  const auto log = LogOf(id);
  EXPECT_THAT(std::vector<std::string>(log.end() - 2, log.end()),
              ElementsAre("bot left: is no longer there", "system queued"));
  EXPECT_EQ(world_.Post(World::PathOf("customer", asking) + "/hand_over", customer_).status, 200);
  EXPECT_EQ(StateOfOne(asking), "queued");
}

// --- People ---------------------------------------------------------------------------

TEST_F(BotTest, AnAgentTakesIt) {
  UseList();
  const Person mara = world_.AddAgent("Mara");
  const Person jonas = world_.AddAgent("Jonas");
  const auto path = [&](const std::string& id) { return World::PathOf("agent", id); };
  const struct {
    const char* name;
    std::function<Result(const std::string&)> take;
    std::string by;
  } kCases[] = {
      {"claim", [&](const std::string& id) { return world_.Post(path(id) + "/claim", mara); }, mara.id},
      {"assign",
       [&](const std::string& id) {
         return world_.Post(path(id) + "/assign", mara, R"({"agent":")" + jonas.id + "\"}");
       },
       jonas.id},
      {"write", [&](const std::string& id) { return world_.Say("agent", mara, id, "I am here"); }, mara.id},
      {"snooze",
       [&](const std::string& id) {
         const int64_t until = absl::ToUnixMillis(world_.clock.Now()) + 1000;
         return world_.Post(path(id) + "/snooze", mara, R"({"until":)" + std::to_string(until) + "}");
       },
       mara.id},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    const std::string id = world_.Start(customer_);
    const Result taken = c.take(id);
    EXPECT_LT(taken.status, 300) << taken.body;
    EXPECT_EQ(HeadOf(id).agent->id, c.by);
    EXPECT_FALSE(HeadOf(id).bot);
    const size_t events = EventsOf(id).size();
    Says(id, "returns");
    EXPECT_EQ(EventsOf(id).size(), events + 1) << "the bot is still at it";
    CheckInvariants(world_);
  }
  const std::string id = world_.Start(customer_);
  EXPECT_EQ(world_.Post(path(id) + "/close", mara).status, 200);
  EXPECT_EQ(HeadOf(id).ending, Ending::kServed);
}

TEST_F(BotTest, AnAgentHandsItToATeam) {
  UseList();
  const std::string team = world_.PathOf<wire::TeamId>("teams");
  ASSERT_EQ(world_.Put(team, world_.owner, R"({"name":"Sales"})").status, 201);
  const Person mara = world_.AddAgent("Mara");
  const std::string id = world_.NewId<wire::ConversationId>().text();
  const std::string named = R"({"team":")" + AdminWorld::IdOf(team) + "\"}";
  ASSERT_EQ(world_.Put(World::PathOf("customer", id), customer_, named).status, 201);
  ASSERT_EQ(StateOfOne(id), "bot");
  ASSERT_EQ(world_.Post(World::PathOf("agent", id) + "/assign", mara, named).status, 200);
  EXPECT_EQ(StateOfOne(id), "queued");
  EXPECT_EQ(HeadOf(id).team, AdminWorld::IdOf(team));
}

TEST_F(BotTest, WhatItSaysIsNobodysFirstAnswer) {
  UseList();
  const Person mara = world_.AddOnlineAgent("Mara");
  const std::string id = world_.Start(customer_, "returns");
  EXPECT_FALSE(world_.Stored<WaitsRecord>(keys::Replies(kSite)));
  EXPECT_FALSE(HeadOf(id).answered);
  world_.clock.Advance(absl::Minutes(10));
  Says(id, "person");
  world_.clock.Advance(absl::Seconds(20));
  EXPECT_EQ(world_.Say("agent", mara, id, "I am here").status, 201);
  const auto replies = world_.Stored<WaitsRecord>(keys::Replies(kSite));
  ASSERT_TRUE(replies);
  ASSERT_EQ(replies->samples.size(), 1U);
  EXPECT_EQ(replies->samples[0].waited_ms, 20'000) << "who talks to a bot does not wait for a person";
}

TEST_F(BotTest, OutsideOfTheHoursItAnswersAndLeavesAMessage) {
  const std::string hours = world_.PathOf<wire::HoursId>("hours");
  ASSERT_EQ(world_.Put(hours, world_.owner, R"({"name":"Never","time_zone":"UTC"})").status, 201);
  UseList();
  PutSettings(
      R"(,"outside_hours":"offline_form","offline_form":[{"name":"mail","label":"Mail","required":true}],"hours":")" +
      AdminWorld::IdOf(hours) + "\"");
  const std::string id = world_.NewId<wire::ConversationId>().text();
  const std::string path = World::PathOf("customer", id);
  EXPECT_EQ(world_.Put(path, customer_).status, 422) << "what such a message asks for is asked for";
  ASSERT_EQ(world_.Put(path, customer_, R"({"form":[{"name":"mail","value":"a@b.example"}]})").status, 201);
  EXPECT_EQ(StateOfOne(id), "bot");
  EXPECT_FALSE(HeadOf(id).offline);
  Says(id, "returns");
  EXPECT_EQ(LastOf(id), "bot message Within 30 days.");
  Says(id, "person");
  EXPECT_EQ(StateOfOne(id), "queued");
  EXPECT_TRUE(HeadOf(id).offline.value_or(false));
}

TEST_F(BotTest, AFullQueueKeepsNobodyWithTheBot) {
  for (const std::string overload : {"refuse", "offline_form"}) {
    SCOPED_TRACE(overload);
    UseList();
    const std::string id = world_.Start(customer_);
    PutSettings(R"(,"queue_limit":0,"overload":")" + overload + "\"");
    Says(id, "person");
    EXPECT_EQ(StateOfOne(id), "queued");
    EXPECT_EQ(HeadOf(id).offline.value_or(false), overload == "offline_form");
  }
}

TEST_F(BotTest, ClosesForWhoIsSilentAndIsCountedForIt) {
  UseList();
  PutSettings(R"(,"warn_after_ms":1000,"close_after_ms":2000)");
  const std::string id = world_.Start(customer_, "returns");
  world_.clock.Advance(absl::Seconds(1));
  RunDueCalls(world_);
  EXPECT_THAT(LastOf(id), HasSubstr("bot message We have not heard from you"));
  Says(id, "returns");
  world_.clock.Advance(absl::Seconds(1));
  RunDueCalls(world_);
  EXPECT_EQ(StateOfOne(id), "bot") << "the timer begins anew";
  world_.clock.Advance(absl::Seconds(1));
  RunDueCalls(world_);
  EXPECT_EQ(LastOf(id), "bot closed");
  EXPECT_EQ(StateOfOne(id), "closed");
  const auto counts = world_.Stored<EndingsRecord>(keys::Ending(kSite, DayOf(HeadOf(id).closed_at)));
  ASSERT_TRUE(counts);
  EXPECT_EQ(counts->by_bot, 1);
  EXPECT_EQ(counts->served, 1);
}

TEST_F(BotTest, HasWhatItHadWhenItIsReopenedByWriting) {
  UseList();
  PutSettings(R"(,"reopening":"same")");
  const std::string id = world_.Start(customer_, "returns");
  ASSERT_EQ(world_.Post(World::PathOf("customer", id) + "/close", customer_).status, 200);
  Says(id, "and returns of mugs?");
  const auto log = LogOf(id);
  EXPECT_THAT(std::vector<std::string>(log.end() - 4, log.end()),
              ElementsAre("customer reopened", "bot joined", "customer message and returns of mugs?",
                          "bot message Within 30 days."));
  EXPECT_EQ(StateOfOne(id), "bot");
  // Whom a person has helped gets a person.
  Says(id, "person");
  const Person mara = world_.AddAgent("Mara");
  ASSERT_EQ(world_.Say("agent", mara, id, "Yes?").status, 201);
  ASSERT_EQ(world_.Post(World::PathOf("customer", id) + "/close", customer_).status, 200);
  Says(id, "returns");
  EXPECT_EQ(StateOfOne(id), "queued");
}

// --- A program ---------------------------------------------------------------------------

TEST_F(BotTest, AProgramIsAskedAboutEachMessageInTurn) {
  UseProgram(R"(,"greeting":"Hello.")");
  ProgramSays(R"({"text":"Within 30 days."})");
  const std::string id = world_.NewId<wire::ConversationId>().text();
  const std::string message = world_.NewId<wire::MessageId>().text();
  world_.StartAs(customer_, id, message, "returns?");
  EXPECT_EQ(LastOf(id), "bot message Hello.") << "who starts does not wait for it";
  EXPECT_FALSE(HeadOf(id).asked_at) << "it is the customer who waits";
  EXPECT_THAT(TraceOf(id), HasSubstr("now  waits for the program of the bot Alva"));
  Says(id, "of mugs");
  RunDueCalls(world_);
  EXPECT_EQ(LastOf(id), "bot message Within 30 days.");
  RunDueCalls(world_);
  RunDueCalls(world_);
  EXPECT_EQ(EventsOf(id).size(), 6U);
  EXPECT_TRUE(HeadOf(id).asked_at);

  const auto asked = world_.web.TakeAsked();
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(asked[0].timeout, absl::Milliseconds(3000));
  EXPECT_EQ(asked[0].answer_bytes_max, wire::kBotAnswerBytesMax);
  const auto first = ParseJson<wire::BotQuestion>(asked[0].body);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->conversation, id);
  EXPECT_EQ(first->bot, AdminWorld::IdOf(bot_));
  EXPECT_EQ(first->customer.id, customer_.id);
  EXPECT_EQ(first->message.id, message);
  EXPECT_EQ(first->message.seq, 1);
  EXPECT_EQ(first->message.text, "returns?");
  EXPECT_EQ(ParseJson<wire::BotQuestion>(asked[1].body)->message.text, "of mugs");
}

TEST_F(BotTest, AProgramIsToldTheAttributes) {
  UseProgram();
  ProgramSays(R"({"text":"Yes."})");
  for (const std::string of : {"customer", "conversation"}) {
    ASSERT_EQ(world_
                  .Put(world_.PathOf<wire::AttributeId>("attributes"), world_.owner,
                       R"({"name":"plan","label":"Plan","type":"text","of":")" + of + "\"}")
                  .status,
              201);
  }
  const auto session = world_
                           .Call(Method::kPost, "/v1/customer/session", "",
                                 R"({"site":"sit_demo","locale":"de","attributes":[{"name":"plan","value":"paid"}]})")
                           .As<wire::CustomerSession>();
  const std::string id = world_.NewId<wire::ConversationId>().text();
  ASSERT_EQ(world_
                .Call(Method::kPut, World::PathOf("customer", id), session.token,
                      R"({"page":{"url":"https://shop.example/mugs"},"attributes":[{"name":"plan","value":"new"}],)"
                      R"("message":{"id":")" +
                          world_.NewId<wire::MessageId>().text() + R"(","text":"a"}})")
                .status,
            201);
  RunDueCalls(world_);
  const auto asked = world_.web.TakeAsked();
  ASSERT_EQ(asked.size(), 1U);
  const auto question = ParseJson<wire::BotQuestion>(asked[0].body);
  EXPECT_EQ(question->language, "de");
  EXPECT_EQ(question->page, "https://shop.example/mugs");
  EXPECT_EQ(question->attributes, (std::vector<wire::Attribute>{{"plan", "new"}}));
  EXPECT_EQ(question->customer_attributes, (std::vector<wire::Attribute>{{"plan", "paid"}}));
}

TEST_F(BotTest, AProgramHandsOverAndCloses) {
  UseProgram();
  ProgramSays(R"({"text":"A person will know.","hand_over":true})");
  const std::string handed = world_.Start(customer_);
  RunDueCalls(world_);
  const auto log = LogOf(handed);
  EXPECT_THAT(std::vector<std::string>(log.end() - 3, log.end()),
              ElementsAre("bot message A person will know.", "bot left: its program hands over", "system queued"));
  ProgramSays(R"({"close":true})");
  const std::string closed = world_.Start(customer_);
  RunDueCalls(world_);
  EXPECT_EQ(LastOf(closed), "bot closed");
  EXPECT_EQ(HeadOf(closed).ended->by, wire::ActorKind::kBot);
  EXPECT_EQ(HeadOf(closed).ending, Ending::kServed);
}

TEST_F(BotTest, WhateverIsNoGoodAnswerIsHandedOverAndSaysWhy) {
  UseProgram();
  const std::string longest(wire::kMessageTextBytesMax, 'x');
  const struct {
    std::function<void()> serve;
    const char* why;
  } kCases[] = {
      {[&] { world_.web.Fail(kUrl, FetchResult::kTimedOut); }, "its program did not answer: timed_out"},
      {[&] { world_.web.Fail(kUrl, FetchResult::kUnreachable); }, "its program did not answer: unreachable"},
      {[&] { world_.web.Fail(kUrl, FetchResult::kForbidden); }, "its program did not answer: forbidden"},
      {[&] { world_.web.Fail(kUrl, FetchResult::kTooLarge); }, "its program did not answer: too_large"},
      {[&] { world_.web.Serve(kUrl, 500, "{}"); }, "its program answered 500"},
      {[&] { world_.web.Serve(kUrl, 302, "{}"); }, "its program answered 302"},
      {[&] { ProgramSays("<html>"); }, "the answer of its program is none"},
      {[&] { ProgramSays(R"({"text":5})"); }, "the answer of its program is none"},
      {[&] { ProgramSays("{}"); }, "its program said nothing"},
      {[&] { ProgramSays(R"({"close":false})"); }, "its program said nothing"},
      {[&] { ProgramSays(R"({"text":" "})"); }, "its program said what is no message"},
      {[&] { ProgramSays(R"({"text":"a\u0000b"})"); }, "its program said what is no message"},
      {[&] { ProgramSays(R"({"text":")" + longest + "x\"}"); }, "its program said what is no message"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.why);
    c.serve();
    const std::string id = world_.Start(customer_);
    RunDueCalls(world_);
    EXPECT_EQ(StateOfOne(id), "queued");
    const auto log = LogOf(id);
    EXPECT_EQ(log[log.size() - 2], "bot left: " + std::string(c.why));
    EXPECT_THAT(world_.Get(World::PathOf("customer", id) + "/events", customer_).body, Not(HasSubstr("program")));
    ASSERT_EQ(world_.Post(World::PathOf("customer", id) + "/close", customer_).status, 200);
  }
  ProgramSays(R"({"text":")" + longest + "\"}");
  const std::string id = world_.Start(customer_);
  RunDueCalls(world_);
  EXPECT_EQ(EventsOf(id).back().text, longest);
}

TEST_F(BotTest, WhatAPersonDoesMeanwhileCounts) {
  UseProgram(R"(,"hand_over":["person"])");
  const Person mara = world_.AddAgent("Mara");
  std::string id;
  const struct {
    const char* name;
    std::function<void()> does;
    const char* state;
  } kCases[] = {
      {"an agent claims it", [&] { world_.Post(World::PathOf("agent", id) + "/claim", mara); }, "open"},
      {"an agent writes", [&] { world_.Say("agent", mara, id, "I am here"); }, "open"},
      {"the customer closes it", [&] { world_.Post(World::PathOf("customer", id) + "/close", customer_); }, "closed"},
      {"the customer presses the button", [&] { world_.Post(World::PathOf("customer", id) + "/hand_over", customer_); },
       "queued"},
      {"the customer asks for a person", [&] { Says(id, "a person"); }, "queued"},
      {"its owner makes it a list of answers", [&] { PutBot(R"({"name":"Alva"})"); }, "queued"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    UseProgram(R"(,"hand_over":["person"])");
    ProgramSaysAfter(R"({"text":"too late","close":true})", c.does);
    id = world_.Start(customer_);
    RunDueCalls(world_);
    EXPECT_EQ(StateOfOne(id), c.state);
    for (const std::string& line : LogOf(id)) EXPECT_THAT(line, Not(HasSubstr("too late")));
    CheckInvariants(world_);
    world_.Post(World::PathOf("customer", id) + "/close", customer_);
  }
}

TEST_F(BotTest, ADeletedProgramHandsOverWhatItWasAsked) {
  UseProgram();
  const std::string id = world_.Start(customer_);
  ASSERT_EQ(world_.Put("/v1/admin/settings", world_.owner, "{}").status, 200);
  ASSERT_EQ(world_.Call(Method::kDelete, bot_, world_.owner.token).status, 200);
  RunDueCalls(world_);
  const auto log = LogOf(id);
  EXPECT_THAT(std::vector<std::string>(log.end() - 2, log.end()),
              ElementsAre("bot left: is no longer there", "system queued"));
  EXPECT_TRUE(world_.web.TakeAsked().empty());
}

TEST_F(BotTest, ACallThatWasGivenUpDoesNotLeaveTheCustomerWaiting) {
  UseProgram();
  const std::string id = world_.Start(customer_);
  Context context = world_.MakeContext();
  world_.Write(
      [&](store::Transaction& txn) { EXPECT_TRUE(Cancel(txn, kAskBot.name, kSite.text() + ":" + id, context).ok()); });
  Says(id, "hello?");
  const auto log = LogOf(id);
  EXPECT_THAT(std::vector<std::string>(log.end() - 2, log.end()),
              ElementsAre("bot left: its program could not be asked", "system queued"));
}

TEST_F(BotTest, AQuestionThatIsAskedAgainIsAnsweredOnce) {
  UseProgram();
  ProgramSays(R"({"text":"Yes."})");
  const std::string id = world_.Start(customer_);
  Context context = world_.MakeContext();
  const TimerArguments question = {kSite.text(), id, HeadOf(id).bot->asking.value_or(0)};
  RunDueCalls(world_);
  const auto events = EventsOf(id).size();
  // A node that had begun to ask before comes back with its answer.
  world_.Write([&](store::Transaction& txn) {
    const auto again = AskBot(txn, question, {}, context);
    ASSERT_TRUE(again.ok());
    EXPECT_TRUE(std::holds_alternative<Afterwards>(*again));
  });
  EXPECT_EQ(EventsOf(id).size(), events);
}

}  // namespace
}  // namespace alcove::functions
