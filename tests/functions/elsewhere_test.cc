// The strategy `external`: a program of the owner's says who gets a conversation, whatever it answers and whenever.
#include "functions/elsewhere.h"

#include <gmock/gmock.h>

#include <functional>
#include <string>
#include <vector>

#include "functions/explain.h"
#include "functions/wire/decision.h"
#include "tests/functions/admin_world.h"
#include "tests/functions/due_calls.h"
#include "tests/functions/invariants.h"
#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

namespace keys = store::keys;

class Elsewhere : public testing::Test {
 protected:
  Elsewhere() {
    world_.PutSettings(R"({"strategy":"external","external":{"url":")" + std::string(kUrl) + R"(","timeout_ms":800}})");
  }
  ~Elsewhere() override { CheckInvariants(world_); }

  void AnswersWith(const std::string& agent) { world_.web.Serve(kUrl, 200, R"({"agent":")" + agent + "\"}"); }
  // While the answer is on its way, this happens.
  void AnswersAfter(const std::string& agent, std::function<void()> happening) {
    world_.web.Serve(kUrl, [=](const Fetch&) {
      happening();
      Fetched fetched;
      fetched.result = FetchResult::kAnswered;
      fetched.status = 200;
      fetched.body = R"({"agent":")" + agent + "\"}";
      return fetched;
    });
  }
  // Who has it; "" where it waits.
  std::string AgentOf(const std::string& id) {
    const auto head = world_.Stored<ConversationRecord>(keys::Conversation(kSite, wire::ConversationId(id)));
    return head->state == wire::ConversationState::kOpen ? head->agent->id : "";
  }
  // Of its last assignment.
  std::string WhyOf(const std::string& id) {
    const auto events = world_.Get(World::PathOf("agent", id) + "/events", mara_).As<wire::EventPage>().events;
    std::string why;
    for (const wire::Event& event : events) {
      if (event.type == wire::EventType::kAssigned) why = *event.why;
    }
    return why;
  }
  std::string TraceOf(const std::string& id) {
    return world_.Get("/v1/admin/conversations/" + id + "/explain", world_.owner).body;
  }

  static constexpr char kUrl[] = "https://decides.example/who";
  AdminWorld world_;
  const Person mara_ = world_.AddOnlineAgent("Mara", 2);
  const Person jonas_ = world_.AddOnlineAgent("Jonas", 2);
  const Person customer_ = world_.AddCustomer();
};

TEST_F(Elsewhere, GivesItToWhomTheProgramNames) {
  AnswersWith(jonas_.id);
  const std::string id = world_.Start(customer_, "a secret question");
  EXPECT_EQ(AgentOf(id), "") << "nobody has been asked yet, and who starts does not wait for it";
  EXPECT_THAT(TraceOf(id), HasSubstr("waits: who gets it is decided elsewhere"));
  RunDueCalls(world_);
  EXPECT_EQ(AgentOf(id), jonas_.id);
  EXPECT_EQ(WhyOf(id), "chosen by the site's program");

  const auto asked = world_.web.TakeAsked();
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].timeout, absl::Milliseconds(800));
  EXPECT_THAT(asked[0].body, Not(HasSubstr("secret")));
  const auto question = ParseJson<wire::DecisionQuestion>(asked[0].body);
  ASSERT_TRUE(question.ok()) << question.status();
  EXPECT_EQ(question->conversation, id);
  EXPECT_EQ(question->customer, customer_.id);
  std::vector<std::string> candidates;
  for (const wire::DecisionCandidate& candidate : question->candidates) {
    candidates.push_back(candidate.name);
    EXPECT_EQ(candidate.capacity, 2);
  }
  EXPECT_THAT(candidates, testing::UnorderedElementsAre("Mara", "Jonas"));
}

TEST_F(Elsewhere, WhateverIsNoGoodAnswerFallsBackAndSaysSo) {
  const std::string away = world_.AddAgent("Away").id;
  const Person full = world_.AddOnlineAgent("Full", 0);
  const struct {
    std::function<void()> serve;
    const char* why;
  } kCases[] = {
      {[&] { world_.web.Fail(kUrl, FetchResult::kTimedOut); }, "no answer: timed_out"},
      {[&] { world_.web.Fail(kUrl, FetchResult::kUnreachable); }, "no answer: unreachable"},
      {[&] { world_.web.Fail(kUrl, FetchResult::kForbidden); }, "no answer: forbidden"},
      {[&] { world_.web.Serve(kUrl, 500, "{}"); }, "answered 500"},
      {[&] { world_.web.Serve(kUrl, 302, "{}"); }, "answered 302"},
      {[&] { world_.web.Serve(kUrl, 200, "<html>"); }, "its answer is none"},
      {[&] { world_.web.Serve(kUrl, 200, R"({"agent":5})"); }, "its answer is none"},
      {[&] { world_.web.Serve(kUrl, 200, R"({"agent":null})"); }, "named nobody"},
      {[&] { AnswersWith("mara"); }, "named what is no agent"},
      {[&] { AnswersWith(world_.NewId<wire::AgentId>().text()); }, "named an agent who is not there"},
      {[&] { AnswersWith(away); }, "who is away"},
      {[&] { AnswersWith(full.id); }, "who has no room"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.why);
    c.serve();
    const std::string id = world_.Start(customer_);
    RunDueCalls(world_);
    EXPECT_NE(AgentOf(id), "");
    EXPECT_THAT(WhyOf(id),
                AllOf(testing::StartsWith("least loaded [load "), HasSubstr("the site's program: "), HasSubstr(c.why)));
    EXPECT_THAT(TraceOf(id), HasSubstr(c.why));
    world_.Post(World::PathOf("agent", id) + "/close", mara_);
  }
  // A customer is told of none of it.
  const std::string last = world_.Start(customer_);
  RunDueCalls(world_);
  EXPECT_THAT(world_.Get(World::PathOf("customer", last) + "/events", customer_).body, Not(HasSubstr("program")));
}

TEST_F(Elsewhere, LooksAnewWhenTheAnswerComes) {
  // Whoever is named goes away meanwhile.
  AnswersAfter(jonas_.id, [&] { world_.SetPresence(jonas_, "away"); });
  const std::string first = world_.Start(customer_);
  RunDueCalls(world_);
  EXPECT_EQ(AgentOf(first), mara_.id);
  EXPECT_THAT(WhyOf(first), HasSubstr("who is away"));
  world_.SetPresence(jonas_, "online");
  world_.web.TakeAsked();

  // Somebody claims it meanwhile.
  std::string id;
  AnswersAfter(jonas_.id, [&] { EXPECT_EQ(world_.Post(World::PathOf("agent", id) + "/claim", mara_).status, 200); });
  id = world_.Start(customer_);
  RunDueCalls(world_);
  EXPECT_EQ(AgentOf(id), mara_.id);
  EXPECT_EQ(WhyOf(id), "claimed");

  // It is closed meanwhile.
  AnswersAfter(jonas_.id, [&] { world_.Post(World::PathOf("customer", id) + "/close", customer_); });
  id = world_.Start(customer_);
  RunDueCalls(world_);
  EXPECT_EQ(AgentOf(id), "");
  EXPECT_EQ(world_.StateOf(jonas_).load, 0);

  // Another strategy is chosen meanwhile: that one decides.
  AnswersAfter(jonas_.id, [&] { world_.PutSettings(R"({"strategy":"manual"})"); });
  id = world_.Start(customer_);
  RunDueCalls(world_);
  EXPECT_EQ(AgentOf(id), "");
  world_.PutSettings("{}");
  EXPECT_NE(AgentOf(id), "");
}

TEST_F(Elsewhere, WhileItIsAskedAboutOthersAreHandedOutAndNobodyIsGivenIt) {
  const std::string team = world_.PathOf<wire::TeamId>("teams");
  ASSERT_EQ(world_.Put(team, world_.owner, R"({"name":"Sales","strategy":"least_loaded"})").status, 201);
  const Person ana = world_.AddOnlineAgent("Ana", 2);
  ASSERT_EQ(
      world_
          .Put("/v1/admin/agents/" + ana.id, world_.owner,
               R"({"name":"Ana","email":"ana@shop.example","capacity":2,"teams":[")" + AdminWorld::IdOf(team) + "\"]}")
          .status,
      200);
  std::string other;
  AnswersAfter(jonas_.id, [&] {
    other = world_.NewId<wire::ConversationId>().text();
    world_.Put(World::PathOf("customer", other), customer_, R"({"team":")" + AdminWorld::IdOf(team) + "\"}");
    EXPECT_EQ(AgentOf(other), ana.id);
    world_.AddOnlineAgent("New");
  });
  const std::string id = world_.Start(customer_);
  world_.web.TakeAsked();
  RunDueCalls(world_);
  EXPECT_EQ(AgentOf(id), jonas_.id);
  EXPECT_EQ(world_.web.TakeAsked().size(), 1U) << "it is asked about once";
}

TEST_F(Elsewhere, AsksOnlyOnceSomebodyCouldTakeIt) {
  world_.SetPresence(mara_, "away");
  world_.SetPresence(jonas_, "away");
  AnswersWith(jonas_.id);
  const std::string first = world_.Start(customer_);
  const std::string second = world_.Start(customer_);
  const std::string third = world_.Start(customer_);
  RunDueCalls(world_);
  EXPECT_TRUE(world_.web.TakeAsked().empty());
  world_.SetPresence(jonas_, "online");
  RunDueCalls(world_);
  EXPECT_EQ(AgentOf(first), jonas_.id);
  EXPECT_EQ(AgentOf(second), "") << "there was one who could take one";
  EXPECT_EQ(world_.web.TakeAsked().size(), 1U);
  RunDueCalls(world_);
  EXPECT_EQ(AgentOf(second), jonas_.id);
  RunDueCalls(world_);
  EXPECT_EQ(AgentOf(third), "") << "he has as many as he can take";
}

TEST_F(Elsewhere, NamesNoMoreCandidatesThanIsUseful) {
  AnswersWith(jonas_.id);
  for (size_t i = 2; i <= wire::kDecisionCandidatesMax; ++i) world_.AddOnlineAgent("Agent");
  world_.Start(customer_);
  RunDueCalls(world_);
  const auto asked = world_.web.TakeAsked();
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(ParseJson<wire::DecisionQuestion>(asked[0].body)->candidates.size(), wire::kDecisionCandidatesMax);
  EXPECT_EQ(asked[0].answer_bytes_max, wire::kDecisionBytesMax);
}

TEST_F(Elsewhere, WhoLetItPassIsNotTakenThoughTheyAreNamed) {
  world_.PutSettings(R"({"strategy":"external","accept_timeout_ms":1000,"external":{"url":")" + std::string(kUrl) +
                     R"(","timeout_ms":800}})");
  AnswersWith(jonas_.id);
  const std::string id = world_.Start(customer_);
  RunDueCalls(world_);
  ASSERT_EQ(AgentOf(id), jonas_.id);
  world_.clock.Advance(absl::Milliseconds(1000));
  RunDueCalls(world_);
  RunDueCalls(world_);
  EXPECT_EQ(AgentOf(id), mara_.id);
  EXPECT_THAT(WhyOf(id), HasSubstr("who does not fit"));
}

TEST_F(Elsewhere, AFullQueueDoesNotKeepOutWhomSomebodyCouldTake) {
  world_.PutSettings(R"({"strategy":"external","queue_limit":0,"external":{"url":")" + std::string(kUrl) +
                     R"(","timeout_ms":800}})");
  AnswersWith(jonas_.id);
  const std::string id = world_.Start(customer_);
  RunDueCalls(world_);
  EXPECT_EQ(AgentOf(id), jonas_.id);
  world_.SetPresence(mara_, "away");
  world_.SetPresence(jonas_, "away");
  EXPECT_EQ(world_
                .StartAs(customer_, world_.NewId<wire::ConversationId>().text(), world_.NewId<wire::MessageId>().text(),
                         "hello")
                .code(),
            "overloaded");
}

}  // namespace
}  // namespace alcove::functions
