// Who is given what by teams, skills, rules and settings, and what happens when nobody does anything.
#include "functions/routing.h"

#include <string>
#include <vector>

#include "functions/explain.h"
#include "functions/lifecycle.h"
#include "functions/timers.h"
#include "tests/functions/due_calls.h"
#include "tests/functions/invariants.h"
#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

namespace keys = store::keys;

class Routing : public testing::Test {
 protected:
  ~Routing() override { CheckInvariants(world_); }

  std::string AddTeam(const std::function<void(TeamRecord&)>& change = {}) {
    const auto id = world_.NewId<wire::TeamId>();
    TeamRecord team;
    team.name = "A team";
    if (change) change(team);
    world_.Write([&](store::Transaction& txn) { Save(txn, keys::Team(kSite, id), team); });
    return id.text();
  }
  std::string AddSkill() {
    const auto id = world_.NewId<wire::SkillId>();
    SkillRecord skill;
    skill.name = "A skill";
    world_.Write([&](store::Transaction& txn) { Save(txn, keys::Skill(kSite, id), skill); });
    return id.text();
  }
  void AddRule(const std::string& name, const std::function<void(RuleRecord&)>& change) {
    RuleRecord rule;
    rule.name = name;
    change(rule);
    world_.Write([&](store::Transaction& txn) { Save(txn, keys::Rule(kSite, world_.NewId<wire::RuleId>()), rule); });
  }
  void Set(const std::function<void(SettingsRecord&)>& change) {
    world_.Write([&](store::Transaction& txn) {
      SettingsRecord settings = *LoadOrDefault<SettingsRecord>(txn, keys::Settings(kSite));
      change(settings);
      Save(txn, keys::Settings(kSite), settings);
      EXPECT_TRUE(ReindexAgents(txn, kSite).ok());
    });
  }
  Person AddMember(const std::string& name, const std::vector<std::string>& teams,
                   const std::vector<wire::SkillLevel>& skills = {}, int64_t capacity = 5) {
    const Person agent = world_.AddAgent(name, capacity);
    const wire::AgentId id(agent.id);
    world_.Write([&](store::Transaction& txn) {
      EXPECT_TRUE(UpdateAgent(txn, kSite, id, [&](AgentRecord& record) {
                    record.teams = teams;
                    record.skills = skills;
                  }).ok());
      for (const std::string& team : teams) txn.Put(keys::TeamMember(kSite, wire::TeamId(team), id), "1");
    });
    EXPECT_EQ(world_.SetPresence(agent, "online").status, 200);
    return agent;
  }
  std::string StartFor(const std::string& team, const std::string& page = "") {
    wire::NewConversation start;
    start.message = wire::FirstMessage{world_.NewId<wire::MessageId>().text(), "hello"};
    if (!team.empty()) start.team = team;
    if (!page.empty()) start.page = wire::Page{page, {}};
    const std::string id = world_.NewId<wire::ConversationId>().text();
    customers_.push_back(world_.AddCustomer());
    const Result result = world_.Put("/v1/customer/conversations/" + id, customers_.back(), ToJson(start));
    EXPECT_EQ(result.status, 201) << result.body;
    return id;
  }
  ConversationRecord HeadOf(const std::string& id) {
    return *world_.Stored<ConversationRecord>(keys::Conversation(kSite, wire::ConversationId(id)));
  }
  std::string AssigneeOf(const std::string& id) {
    const auto head = HeadOf(id);
    return head.agent ? head.agent->name : "";
  }
  std::vector<wire::Event> EventsOf(const std::string& id, const Person& agent) {
    return world_.Get(World::PathOf("agent", id) + "/events", agent).As<wire::EventPage>().events;
  }
  void Pass(absl::Duration time) {
    world_.clock.Advance(time);
    RunDueCalls(world_);
  }

  World world_;
  std::vector<Person> customers_;
};

TEST_F(Routing, ATeamsConversationsGoToItsMembersAlone) {
  const std::string sales = AddTeam();
  AddMember("Mara", {});
  const std::string waiting = StartFor(sales);
  EXPECT_EQ(AssigneeOf(waiting), "");
  const std::string other = StartFor("");
  EXPECT_EQ(AssigneeOf(other), "Mara") << "who waits for a team holds nobody up";
  AddMember("Jonas", {sales});
  EXPECT_EQ(AssigneeOf(waiting), "Jonas");
}

TEST_F(Routing, ATeamTakesAsManyAsItMay) {
  const std::string sales = AddTeam([](TeamRecord& team) { team.capacity = 1; });
  const Person mara = AddMember("Mara", {sales});
  const std::string first = StartFor(sales);
  const std::string second = StartFor(sales);
  EXPECT_EQ(AssigneeOf(first), "Mara");
  EXPECT_EQ(AssigneeOf(second), "");
  EXPECT_EQ(world_.Post(World::PathOf("agent", first) + "/close", mara).status, 200);
  EXPECT_EQ(AssigneeOf(second), "Mara");
}

TEST_F(Routing, RulesSayWhatANewOneNeeds) {
  const std::string money = AddTeam();
  const std::string billing = AddSkill();
  AddRule("Prices", [&](RuleRecord& rule) {
    wire::Condition page;
    page.field = wire::ConditionField::kPage;
    page.test = wire::ConditionTest::kContains;
    page.values = {"/prices"};
    rule.conditions = {page};
    rule.effect.team = money;
    rule.effect.skill = billing;
    rule.effect.skill_level = 2;
    rule.effect.tags = {"prices"};
  });
  const Person novice = AddMember("Novice", {money}, {{billing, 1}});
  const std::string id = StartFor("", "https://shop.example/prices");
  EXPECT_EQ(AssigneeOf(id), "");
  AddMember("Expert", {money}, {{billing, 3}});
  EXPECT_EQ(AssigneeOf(id), "Expert");
  EXPECT_EQ(HeadOf(id).tags, std::vector<std::string>{"prices"});
  EXPECT_EQ(AssigneeOf(StartFor("", "https://shop.example/")), "Novice");
  // Agents are told which rule and which numbers; customers are not.
  EXPECT_EQ(EventsOf(id, novice).back().why, "first in the queue; least loaded [load 0 of 5; by the rules: Prices]");
  const auto told = world_.Hear("customer", customers_.front()).events;
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(told.back().why, "first in the queue; least loaded");
}

TEST_F(Routing, TheMostUrgentIsFirstAndOfEqualsTheOldest) {
  AddRule("Urgent", [&](RuleRecord& rule) {
    wire::Condition page;
    page.field = wire::ConditionField::kPage;
    page.test = wire::ConditionTest::kContains;
    page.values = {"urgent"};
    rule.conditions = {page};
    rule.effect.priority = 9;
  });
  const std::string usual = StartFor("");
  const std::string urgent = StartFor("", "https://shop.example/urgent");
  world_.clock.Advance(absl::Hours(24 * 365));
  const std::string urgent_too = StartFor("", "https://shop.example/urgent");
  const Person mara = world_.AddAgent("Mara", 1);
  EXPECT_EQ(world_.SetPresence(mara, "online").status, 200);
  for (const std::string& next : {urgent, urgent_too, usual}) {
    EXPECT_EQ(AssigneeOf(next), "Mara");
    EXPECT_EQ(world_.Post(World::PathOf("agent", next) + "/close", mara).status, 200);
  }
}

TEST_F(Routing, WhoDoesNotAnswerInTimeLosesItToTheNextForGood) {
  Set([](SettingsRecord& settings) { settings.accept_timeout_ms = 20'000; });
  const Person mara = AddMember("Mara", {});
  const std::string id = StartFor("");
  ASSERT_EQ(AssigneeOf(id), "Mara");
  Pass(absl::Seconds(19));
  EXPECT_EQ(AssigneeOf(id), "Mara");
  Pass(absl::Seconds(1));
  EXPECT_EQ(AssigneeOf(id), "") << "there is nobody else, and she has let it pass";
  const Person jonas = AddMember("Jonas", {});
  EXPECT_EQ(AssigneeOf(id), "Jonas");
  EXPECT_EQ(world_.Say("agent", jonas, id, "Hello").status, 201);
  Pass(absl::Minutes(1));
  EXPECT_EQ(AssigneeOf(id), "Jonas") << "he has answered";
  std::vector<wire::EventType> types;
  for (const wire::Event& event : EventsOf(id, mara)) types.push_back(event.type);
  using enum wire::EventType;
  EXPECT_EQ(types, (std::vector{kMessage, kAssigned, kUnassigned, kQueued, kAssigned, kMessage}));
}

TEST_F(Routing, ToReadItIsToAcceptIt) {
  Set([](SettingsRecord& settings) { settings.accept_timeout_ms = 20'000; });
  const Person mara = AddMember("Mara", {});
  const std::string id = StartFor("");
  EXPECT_EQ(world_.Post(World::PathOf("agent", id) + "/read", mara, R"({"seq":1})").status, 200);
  Pass(absl::Minutes(1));
  EXPECT_EQ(AssigneeOf(id), "Mara");
}

// Another had read all of it before.
TEST_F(Routing, ToReadWhatWasReadIsToAcceptIt) {
  Set([](SettingsRecord& settings) { settings.accept_timeout_ms = 20'000; });
  const Person mara = AddMember("Mara", {});
  const std::string id = StartFor("");
  const Person jonas = world_.AddAgent("Jonas");
  const std::string all = R"({"seq":)" + std::to_string(HeadOf(id).last_seq) + "}";
  EXPECT_EQ(world_.Post(World::PathOf("agent", id) + "/read", jonas, all).status, 200);
  EXPECT_EQ(world_.Post(World::PathOf("agent", id) + "/read", mara, all).status, 200);
  Pass(absl::Minutes(1));
  EXPECT_EQ(AssigneeOf(id), "Mara");
}

TEST_F(Routing, WhatWaitsTooLongForATeamGoesToAnother) {
  const std::string second = AddTeam();
  const std::string first = AddTeam([&](TeamRecord& team) { team.overflow = wire::Overflow{second, 60'000}; });
  const Person mara = AddMember("Mara", {second});
  const std::string id = StartFor(first);
  Pass(absl::Seconds(59));
  EXPECT_EQ(AssigneeOf(id), "");
  Pass(absl::Seconds(1));
  EXPECT_EQ(AssigneeOf(id), "Mara");
  const auto events = EventsOf(id, mara);
  ASSERT_GE(events.size(), 3U);
  EXPECT_EQ(events[1].team, first);
  EXPECT_EQ(events[2].team, second);
}

TEST_F(Routing, TheConversationsOfWhoIsGoneGoToOthersWhereTheSiteWantsThat) {
  for (const bool wanted : {false, true}) {
    if (wanted) Set([](SettingsRecord& settings) { settings.away = wire::AwayPolicy::kReassign; });
    const Person mara = AddMember("Mara", {}, {}, 1);
    const std::string id = StartFor("");
    ASSERT_EQ(AssigneeOf(id), "Mara");
    Pass(absl::Minutes(3));
    RunDueCalls(world_);
    EXPECT_EQ(AssigneeOf(id), wanted ? "" : "Mara");
    if (wanted) {
      AddMember("Jonas", {});
      EXPECT_EQ(AssigneeOf(id), "Jonas");
    }
  }
}

TEST_F(Routing, ACustomerWhoIsSilentIsWarnedAndThenItIsClosed) {
  Set([](SettingsRecord& settings) {
    settings.warn_after_ms = 60'000;
    settings.close_after_ms = 120'000;
  });
  const Person mara = AddMember("Mara", {});
  const std::string id = StartFor("");
  Pass(absl::Seconds(121));
  EXPECT_EQ(HeadOf(id).state, wire::ConversationState::kOpen) << "it is the agent's turn";
  world_.Say("agent", mara, id, "Which order is it?");
  Pass(absl::Seconds(60));
  EXPECT_EQ(EventsOf(id, mara).back().actor.kind, wire::ActorKind::kSystem);
  world_.Say("customer", customers_.back(), id, "NW17");
  Pass(absl::Seconds(60));
  EXPECT_EQ(HeadOf(id).state, wire::ConversationState::kOpen) << "they have answered";
  world_.Say("agent", mara, id, "It is on its way.");
  Pass(absl::Seconds(60));
  Pass(absl::Seconds(60));
  EXPECT_EQ(HeadOf(id).state, wire::ConversationState::kClosed);
  EXPECT_EQ(HeadOf(id).ending, Ending::kServed);
  EXPECT_EQ(EventsOf(id, mara).back().reason, "no reply");
}

TEST_F(Routing, ToWriteReopensWithinTheSitesWindow) {
  const Person mara = AddMember("Mara", {}, {}, 1);
  const std::string id = StartFor("");
  const auto close = [&] { return world_.Post(World::PathOf("agent", id) + "/close", mara).status; };
  EXPECT_EQ(close(), 200);
  EXPECT_EQ(world_.Say("customer", customers_.back(), id, "One more thing").code(), "closed");
  Set([](SettingsRecord& settings) {
    settings.reopening = wire::Reopening::kSame;
    settings.reopen_window_ms = 1000;
  });
  EXPECT_EQ(world_.Say("customer", customers_.back(), id, "One more thing").status, 201);
  EXPECT_EQ(AssigneeOf(id), "Mara");
  EXPECT_EQ(close(), 200);
  const std::string other = StartFor("");
  EXPECT_EQ(AssigneeOf(other), "Mara");
  EXPECT_EQ(world_.Say("customer", customers_.front(), id, "And another").status, 201);
  EXPECT_EQ(HeadOf(id).state, wire::ConversationState::kQueued) << "she has no room";
  EXPECT_EQ(close(), 200);
  world_.clock.Advance(absl::Milliseconds(1001));
  EXPECT_EQ(world_.Say("customer", customers_.front(), id, "Too late").code(), "closed");
}

TEST_F(Routing, AnAgentClosesAsTheSiteAsksForIt) {
  const Person mara = AddMember("Mara", {});
  const std::string id = StartFor("");
  Set([](SettingsRecord& settings) {
    settings.close_reasons = {"solved", "spam"};
    settings.close_reason_required = true;
    settings.tag_required = true;
  });
  const std::string path = World::PathOf("agent", id);
  EXPECT_EQ(world_.Post(path + "/close", mara).status, 422);
  EXPECT_EQ(world_.Post(path + "/close", mara, R"({"reason":"bored"})").status, 422);
  EXPECT_EQ(world_.Post(path + "/close", mara, R"({"reason":"solved"})").status, 422);
  EXPECT_EQ(world_.Post(path + "/tags", mara, R"({"add":["a"]})").status, 200);
  EXPECT_EQ(world_.Post(path + "/close", mara, R"({"reason":"solved"})").status, 200);
  const std::string other = StartFor("");
  EXPECT_EQ(world_.Post(World::PathOf("customer", other) + "/close", customers_.back()).status, 200);
}

TEST_F(Routing, ATeamIsHandedAConversationToo) {
  const std::string care = AddTeam();
  const Person mara = AddMember("Mara", {});
  const Person jonas = AddMember("Jonas", {care});
  world_.SetPresence(jonas, "away");
  const std::string id = StartFor("");
  const std::string body = R"({"comment":"please","team":")" + care + "\"}";
  EXPECT_EQ(world_.Post(World::PathOf("agent", id) + "/assign", mara, body).status, 200);
  EXPECT_EQ(HeadOf(id).state, wire::ConversationState::kQueued);
  EXPECT_EQ(world_.Post(World::PathOf("agent", id) + "/assign", mara, body).status, 200) << "a repeat";
  const auto told = [&](wire::EventType type) {
    std::string comments;
    const std::string path = World::PathOf("agent", id) + "/events?after=0";
    for (const wire::Event& event : world_.Get(path, jonas).As<wire::EventPage>().events) {
      if (event.type == type && event.comment) comments += *event.comment;
    }
    return comments;
  };
  EXPECT_EQ(told(wire::EventType::kUnassigned), "please");
  EXPECT_EQ(told(wire::EventType::kQueued), "") << "once";
  // From where nobody had it, which another event tells.
  const std::string body_of_none = R"({"comment":"yours after all","team":")" + AddTeam() + "\"}";
  EXPECT_EQ(world_.Post(World::PathOf("agent", id) + "/assign", mara, body_of_none).status, 200);
  EXPECT_EQ(told(wire::EventType::kQueued), "yours after all");
  EXPECT_EQ(world_.Post(World::PathOf("agent", id) + "/assign", mara, body).status, 200);
  world_.SetPresence(jonas, "online");
  EXPECT_EQ(AssigneeOf(id), "Jonas");
  for (const wire::Event& event : world_.Hear("customer", customers_.back()).events) EXPECT_FALSE(event.comment);
  EXPECT_EQ(world_.Post(World::PathOf("agent", id) + "/assign", mara, R"({"team":"tea_nobody"})").status, 422);
}

TEST_F(Routing, TheSitesStrategyCounts) {
  const Person mara = AddMember("Mara", {});
  Set([](SettingsRecord& settings) { settings.strategy = wire::Strategy::kManual; });
  const std::string id = StartFor("");
  EXPECT_EQ(AssigneeOf(id), "");
  EXPECT_EQ(world_.Post(World::PathOf("agent", id) + "/claim", mara).status, 200);
  Set([](SettingsRecord& settings) { settings.strategy = wire::Strategy::kRoundRobin; });
  const Person jonas = AddMember("Jonas", {});
  world_.clock.Advance(absl::Seconds(1));
  std::vector<std::string> whose;
  for (int i = 0; i < 4; ++i) {
    whose.push_back(AssigneeOf(StartFor("")));
    world_.clock.Advance(absl::Seconds(1));
  }
  EXPECT_EQ(whose, (std::vector<std::string>{"Jonas", "Mara", "Jonas", "Mara"}));
}

TEST_F(Routing, WhoWaitsIsToldHowLongByHowLongOthersDid) {
  const Person mara = world_.AddAgent("Mara", 1);
  for (int i = 0; i < 3; ++i) {
    const std::string id = StartFor("");
    world_.clock.Advance(absl::Seconds(30));
    EXPECT_EQ(world_.Post(World::PathOf("agent", id) + "/claim", mara).status, 200);
    EXPECT_EQ(world_.Post(World::PathOf("agent", id) + "/close", mara).status, 200);
  }
  const std::string first = StartFor("");
  StartFor("");
  Person second = customers_.back();
  world_.Hear("customer", second);
  EXPECT_EQ(world_.Post(World::PathOf("agent", first) + "/claim", mara).status, 200);
  std::optional<wire::Signal> place;
  for (const wire::Signal& signal : world_.Hear("customer", second).signals) {
    if (signal.type == wire::SignalType::kQueue) place = signal;
  }
  ASSERT_TRUE(place.has_value());
  EXPECT_EQ(place->position, 1);
  EXPECT_EQ(place->wait_ms, 30'000);
}

TEST_F(Routing, IsExplainedLineByLine) {
  Set([](SettingsRecord& settings) { settings.accept_timeout_ms = 20'000; });
  const std::string sales = AddTeam();
  AddRule("Everything to sales", [&](RuleRecord& rule) { rule.effect.team = sales; });
  const Person mara = AddMember("Mara", {sales});
  const std::string id = StartFor("");
  Pass(absl::Seconds(20));
  const auto lines =
      world_.store->Read([&](store::Reader& reader) { return Explain(reader, kSite, wire::ConversationId(id)); });
  ASSERT_TRUE(lines.ok()) << lines.status();
  using testing::EndsWith;
  EXPECT_THAT(*lines, testing::ElementsAre(
                          "is queued", "needs priority 0, team " + sales + ", not " + mara.id,
                          "by the rule Everything to sales",
                          EndsWith("assigned to Mara: least loaded [load 0 of 5; by the rules: Everything to sales]"),
                          EndsWith("taken from Mara: was not answered in time"),
                          EndsWith("queued at place 1 of " + sales), "now  waits: nobody who has room fits"));
  EXPECT_TRUE(absl::IsNotFound(
      world_.store
          ->Read([&](store::Reader& reader) { return Explain(reader, kSite, world_.NewId<wire::ConversationId>()); })
          .status()));
}

TEST_F(Routing, AsManyWaitAsTheSiteAllows) {
  Set([](SettingsRecord& settings) { settings.queue_limit = 1; });
  StartFor("");
  const Result refused = world_.StartAs(world_.AddCustomer(), world_.NewId<wire::ConversationId>().text(),
                                        world_.NewId<wire::MessageId>().text(), "hello");
  EXPECT_EQ(refused.code(), "overloaded");
}

}  // namespace
}  // namespace alcove::functions
