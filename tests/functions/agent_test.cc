#include <string>
#include <vector>

#include "functions/admin_records.h"
#include "functions/password.h"
#include "functions/seed.h"
#include "tests/functions/invariants.h"
#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

Result SignInAs(World& world, const std::string& email, const std::string& password) {
  return world.Call(Method::kPost, "/v1/agent/session", "", ToJson(wire::AgentSessionRequest{email, password}));
}

std::vector<SignIn> Seed(World& world, int agents) {
  Context context = world.MakeContext();
  auto sign_ins = SeedDemo(context, agents);
  EXPECT_TRUE(sign_ins.ok()) << sign_ins.status();
  return sign_ins.ok() ? *sign_ins : std::vector<SignIn>();
}

TEST(AgentSession, SignsInAndOut) {
  World world;
  const SignIn mara = Seed(world, 1).at(0);
  EXPECT_EQ(mara.email, "mara@demo.alcove.example");
  const auto session = SignInAs(world, "MARA@Demo.alcove.example", mara.password).As<wire::AgentSession>();
  EXPECT_TRUE(session.token.starts_with("at_"));
  EXPECT_EQ(session.agent.name, "Mara Kovač");
  EXPECT_EQ(session.agent.presence, wire::Presence::kOffline);
  EXPECT_EQ(session.agent.capacity, wire::kAgentCapacityDefault);
  EXPECT_EQ(world.Call(Method::kGet, "/v1/agent/snapshot", session.token).status, 200);
  // Signed in twice is two sessions: the other one lives on.
  const auto second = SignInAs(world, mara.email, mara.password).As<wire::AgentSession>();
  EXPECT_NE(second.token, session.token);
  EXPECT_EQ(world.Call(Method::kDelete, "/v1/agent/session", session.token).status, 200);
  EXPECT_EQ(world.Call(Method::kGet, "/v1/agent/snapshot", session.token).status, 401);
  EXPECT_EQ(world.Call(Method::kGet, "/v1/agent/snapshot", second.token).status, 200);
}

TEST(AgentSession, ATokenEndsWithTheShift) {
  World world;
  const SignIn mara = Seed(world, 1).at(0);
  const std::string token = SignInAs(world, mara.email, mara.password).As<wire::AgentSession>().token;
  world.clock.Advance(absl::Milliseconds(wire::kAgentSessionMs - 1));
  EXPECT_EQ(world.Call(Method::kGet, "/v1/agent/snapshot", token).status, 200);
  world.clock.Advance(absl::Milliseconds(1));
  EXPECT_EQ(world.Call(Method::kGet, "/v1/agent/snapshot", token).status, 401);
}

TEST(AgentSession, TheLastToEndTakesTheAgentOffline) {
  World world;
  const Person mara = world.AddOnlineAgent("Mara");
  Person jonas = world.AddAgent("Jonas");
  const Person customer = world.AddCustomer();
  const std::string kept = world.Start(customer);
  world.AddToken("at_phone", TokenKind::kAgent, "sit_demo", mara.id);
  world.Snapshot(jonas);
  const Result parked = world.Poll("agent", jonas);

  EXPECT_EQ(world.Call(Method::kDelete, "/v1/agent/session", "at_phone").status, 200);
  EXPECT_EQ(world.StateOf(mara).presence, wire::Presence::kOnline) << "signed in elsewhere still";
  world.ForgetWakes();
  EXPECT_EQ(world.Call(Method::kDelete, "/v1/agent/session", mara.token).status, 200);
  EXPECT_TRUE(world.Wakes(parked));
  const auto heard = world.Hear("agent", jonas);
  ASSERT_EQ(heard.signals.size(), 1U);
  EXPECT_EQ(heard.signals[0].agent->id, mara.id);
  EXPECT_EQ(heard.signals[0].agent->presence, wire::Presence::kOffline);
  EXPECT_EQ(heard.signals[0].agent->load, 1) << "what they have stays theirs";
  EXPECT_EQ(world.StateOf(mara).presence, wire::Presence::kOffline);
  world.Start(customer);
  EXPECT_EQ(world.Snapshot(jonas).queue.size(), 1U) << "who is gone is given nothing";
  CheckInvariants(world);
}

TEST(AgentSession, OneThatIsOverCountsForNothing) {
  World world;
  const Person mara = world.AddOnlineAgent("Mara");
  world.clock.Advance(absl::Milliseconds(wire::kAgentSessionMs - 1));
  world.AddToken("at_next", TokenKind::kAgent, "sit_demo", mara.id);
  world.AddToken("at_jonas", TokenKind::kAgent, "sit_demo", world.AddAgent("Jonas").id);
  world.clock.Advance(absl::Milliseconds(1));
  EXPECT_EQ(world.Call(Method::kDelete, "/v1/agent/session", "at_next").status, 200);
  EXPECT_EQ(world.StateOf(mara).presence, wire::Presence::kOffline);
}

TEST(AgentSession, AWrongPasswordAndAnUnknownAddressAreTheSameAnswer) {
  World world;
  const SignIn mara = Seed(world, 1).at(0);
  const Result wrong = SignInAs(world, mara.email, mara.password + "x");
  const Result unknown = SignInAs(world, "nobody@demo.alcove.example", mara.password);
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.code(), "token_invalid");
  EXPECT_EQ(wrong.body, unknown.body);
  EXPECT_EQ(SignInAs(world, "", "").body, wrong.body);
}

TEST(AgentSession, BadRequestsAreRefused) {
  World world;
  const auto at = [](size_t email, size_t password) {
    return ToJson(wire::AgentSessionRequest{std::string(email, 'e'), std::string(password, 'p')});
  };
  const struct {
    const char* name;
    std::string body;
    int status;
  } kCases[] = {{"nothing", "", 400},
                {"no password", R"({"email":"a"})", 400},
                {"a long address", at(wire::kEmailBytesMax + 1, 1), 422},
                {"a long password", at(1, wire::kPasswordBytesMax + 1), 422},
                {"both as long as they may be", at(wire::kEmailBytesMax, wire::kPasswordBytesMax), 401}};
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(world.Call(Method::kPost, "/v1/agent/session", "", c.body).status, c.status);
  }
}

TEST(Password, VerifiesItsOwnHashOnly) {
  World world;
  const std::string hash = HashPassword("correct horse", world.random);
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << hash;
  EXPECT_NE(HashPassword("correct horse", world.random), hash) << "salted";
  EXPECT_TRUE(VerifyPassword("correct horse", hash));
  EXPECT_FALSE(VerifyPassword("correct horsf", hash));
  EXPECT_FALSE(VerifyPassword("", hash));
  EXPECT_FALSE(VerifyPassword("correct horse", ""));
  EXPECT_FALSE(VerifyPassword("correct horse", "garbage"));
}

TEST(Seed, RepeatPrintsTheSameAndResetsNothing) {
  World world;
  const auto first = Seed(world, 3);
  const auto before = world.Everything();
  const auto again = Seed(world, 3);
  EXPECT_EQ(world.Everything(), before);
  // The first whose name is made up.
  const auto more = Seed(world, 13);
  ASSERT_EQ(more.size(), 13U);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(again.at(i).password, first.at(i).password);
    EXPECT_EQ(more.at(i).password, first.at(i).password);
    EXPECT_EQ(first[i].password.size(), 16U);
  }
  EXPECT_EQ(more[12].email, "agent0013@demo.alcove.example");
  EXPECT_EQ(SignInAs(world, more[12].email, more[12].password).status, 200);
  World other;
  other.random.Next();  // the worlds of a test are of one seed
  EXPECT_NE(Seed(other, 1).at(0).password, first[0].password) << "no password is known beforehand";
}

TEST(Snapshot, IsWhatAConsoleBeginsWith) {
  World world;
  Seed(world, 0);
  world.Write([&](store::Transaction& txn) {
    CannedRecord canned;
    canned.text = "Hello!";
    Save(txn, store::keys::CannedReply(kSite, "hi/there"), canned);
  });
  Person mara = world.AddOnlineAgent("Mara", 1);
  const Person jonas = world.AddAgent("Jonas");
  const std::string assigned = world.Start(world.AddCustomer());
  const std::string waiting = world.Start(world.AddCustomer());
  const auto snapshot = world.Snapshot(mara);
  EXPECT_EQ(snapshot.agent.id, mara.id);
  EXPECT_EQ(snapshot.agent.load, 1);
  EXPECT_EQ(snapshot.agents.size(), 2U);
  EXPECT_TRUE(snapshot.site.online);
  ASSERT_EQ(snapshot.canned.size(), 1U);
  EXPECT_EQ(snapshot.canned[0].shortcut, "hi/there");
  ASSERT_EQ(snapshot.conversations.size(), 1U);
  EXPECT_EQ(snapshot.conversations[0].conversation.id, assigned);
  ASSERT_EQ(snapshot.queue.size(), 1U);
  EXPECT_EQ(snapshot.queue[0].conversation.id, waiting);
  EXPECT_EQ(snapshot.queue[0].conversation.position, 1);
  EXPECT_EQ(snapshot.queue[0].events.size(), 2U);
  EXPECT_TRUE(world.Poll("agent", mara).hangs());
}

TEST(Snapshot, HoldsSoManyBytesOfEvents) {
  World world;
  Person mara = world.AddOnlineAgent("Mara", 100);
  constexpr size_t kEventBytes = wire::kSnapshotBytesMax / 5;
  std::vector<std::string> ids;
  for (int i = 0; i < 9; ++i) {
    ids.push_back(world.Start(world.AddCustomer()));
    world.Enlarge(ids.back(), 2, kEventBytes);
  }
  const Result result = world.Get("/v1/agent/snapshot", mara);
  EXPECT_LT(result.body.size(), wire::kSnapshotBytesMax + kEventBytes);
  const auto shown = result.As<wire::AgentSnapshot>().conversations;
  ASSERT_EQ(shown.size(), ids.size());
  // Four have room for both of their events, the fifth for its newest; all say
  // how much there is to page.
  for (size_t i = 0; i < shown.size(); ++i) {
    EXPECT_EQ(shown[i].events.size(), i < 4 ? 2U : i == 4 ? 1U : 0U) << i;
    EXPECT_EQ(shown[i].conversation.last_seq, 2);
  }
  // One alone always shows its newest.
  const auto one = world.Get(World::PathOf("agent", ids.back()), mara).As<wire::ConversationAnswer>().conversation;
  ASSERT_FALSE(one.events.empty());
  EXPECT_EQ(one.events.back().seq, 2);
}

TEST(Presence, IsToldToColleaguesAtOnce) {
  World world;
  const Person mara = world.AddAgent("Mara");
  Person jonas = world.AddAgent("Jonas");
  world.Snapshot(jonas);
  const Result parked = world.Poll("agent", jonas);
  world.ForgetWakes();
  EXPECT_EQ(world.SetPresence(mara, "away").As<wire::AgentAnswer>().agent.presence, wire::Presence::kAway);
  EXPECT_TRUE(world.Wakes(parked));
  const auto heard = world.Hear("agent", jonas);
  ASSERT_EQ(heard.signals.size(), 1U);
  EXPECT_EQ(heard.signals[0].agent->id, mara.id);
  EXPECT_EQ(heard.signals[0].agent->presence, wire::Presence::kAway);
  world.SetPresence(mara, "away");
  EXPECT_TRUE(world.Poll("agent", jonas).hangs()) << "a repeat is no news";
}

TEST(Presence, OfLargeTeamsWakesNobodyAndIsToldLater) {
  World world;
  Person jonas = world.AddAgent("Jonas");
  Person mara = world.AddAgent("Mara");
  for (int64_t i = 2; i <= wire::kTeamLiveAgentsMax; ++i) world.AddAgent("Agent");
  world.Snapshot(jonas);
  const Result parked = world.Poll("agent", jonas);
  ASSERT_TRUE(parked.hangs());
  world.ForgetWakes();
  world.SetPresence(mara, "away");
  EXPECT_FALSE(world.Wakes(parked));
  EXPECT_TRUE(world.Poll("agent", jonas).hangs());
  world.Start(world.AddCustomer());
  bool told = false;
  for (const auto& signal : world.Hear("agent", jonas).signals) told = told || signal.agent.has_value();
  EXPECT_TRUE(told);
}

TEST(Presence, OfLargeTeamsIsToldWhenAnIdlePollEnds) {
  World world;
  Person jonas = world.AddAgent("Jonas");
  Person mara = world.AddAgent("Mara");
  for (int64_t i = 2; i <= wire::kTeamLiveAgentsMax; ++i) world.AddAgent("Agent");
  world.Snapshot(jonas);
  world.SetPresence(mara, "away");
  ASSERT_TRUE(world.Poll("agent", jonas).hangs());
  const auto late = world.Poll("agent", jonas, "25", Wake::kDeadline).As<wire::PollAnswer>();
  ASSERT_EQ(late.signals.size(), 1U) << "its cursor acknowledges what it was never told";
  EXPECT_EQ(late.signals[0].agent->id, mara.id);
  jonas.cursor = late.cursor;
  EXPECT_TRUE(world.Hear("agent", jonas).signals.empty()) << "told once";
}

TEST(Presence, IsToldToCustomersWhenTheirPollEndsAndNoMoreThanThat) {
  World world;
  const Person mara = world.AddAgent("Mara");
  Person customer = world.AddCustomer();
  const Result parked = world.Poll("customer", customer);
  ASSERT_TRUE(parked.hangs());
  world.ForgetWakes();
  world.SetPresence(mara, "away");
  EXPECT_FALSE(world.Wakes(parked));
  EXPECT_TRUE(world.Poll("customer", customer).hangs());
  const auto late = world.Poll("customer", customer, "25", Wake::kDeadline).As<wire::PollAnswer>();
  ASSERT_EQ(late.signals.size(), 1U);
  EXPECT_EQ(*late.signals[0].agent, (wire::AgentSummary{mara.id, "", wire::Presence::kAway, 0, 0}));
  customer.cursor = late.cursor;
  EXPECT_TRUE(world.Hear("customer", customer).signals.empty()) << "told once";
}

TEST(Presence, UnknownStatesAreRefused) {
  World world;
  const Person mara = world.AddAgent("Mara");
  EXPECT_EQ(world.SetPresence(mara, "busy").status, 422);
  EXPECT_EQ(world.SetPresence(mara, "").status, 422);
  EXPECT_EQ(world.Put("/v1/agent/presence", mara).status, 400);
  EXPECT_EQ(world.Put("/v1/agent/presence", mara, R"({"state":2})").status, 400);
}

TEST(Typing, GoesToTheOtherSideOnly) {
  World world;
  Person mara = world.AddOnlineAgent("Mara");
  Person customer = world.AddCustomer();
  const std::string id = world.Start(customer);
  world.Snapshot(mara);
  world.Hear("customer", customer);

  world.Post(World::PathOf("agent", id) + "/typing", mara, R"({"text":"secret"})");
  const Result to_customer = world.Poll("customer", customer, "0");
  EXPECT_EQ(to_customer.body.find("secret"), std::string::npos) << "an agent's draft is nobody's business";
  EXPECT_EQ(to_customer.As<wire::PollAnswer>().signals.at(0).for_ms, wire::kTypingTtlMs);
  EXPECT_TRUE(world.Poll("agent", mara).hangs());

  world.Post(World::PathOf("customer", id) + "/typing", customer);
  EXPECT_FALSE(world.Hear("agent", mara).signals.at(0).text) << "typing without a draft";
  world.Post(World::PathOf("customer", id) + "/typing", customer, R"({"text":""})");
  EXPECT_EQ(world.Hear("agent", mara).signals.at(0).for_ms, 0);
  const std::string draft = std::string(wire::kDraftTextBytesMax - 1, 'a') + "жж";
  world.Post(World::PathOf("customer", id) + "/typing", customer, ToJson(wire::Typing{draft}));
  EXPECT_EQ(world.Hear("agent", mara).signals.at(0).text, draft.substr(0, wire::kDraftTextBytesMax - 1));
}

TEST(Typing, IsForgottenAfterAWhileAndInClosedConversations) {
  World world;
  Person mara = world.AddOnlineAgent("Mara");
  Person customer = world.AddCustomer();
  const std::string id = world.Start(customer);
  world.Snapshot(mara);
  world.Post(World::PathOf("customer", id) + "/typing", customer);
  world.clock.Advance(absl::Milliseconds(wire::kTypingTtlMs));
  EXPECT_TRUE(world.Poll("agent", mara).hangs());
  world.Post(World::PathOf("customer", id) + "/close", customer);
  world.Hear("agent", mara);
  EXPECT_EQ(world.Post(World::PathOf("customer", id) + "/typing", customer).status, 200);
  EXPECT_TRUE(world.Poll("agent", mara).hangs());
}

TEST(Typing, OfWhoWaitsIsSeenByAll) {
  World world;
  Person mara = world.AddAgent("Mara");
  Person customer = world.AddCustomer();
  const std::string id = world.Start(customer);
  world.Snapshot(mara);
  world.Post(World::PathOf("customer", id) + "/typing", customer, R"({"text":"hello?"})");
  EXPECT_EQ(world.Hear("agent", mara).signals.at(0).text, "hello?");
}

TEST(Read, MovesForwardOnlyAndTellsTheOtherSide) {
  World world;
  Person mara = world.AddOnlineAgent("Mara");
  Person customer = world.AddCustomer();
  const std::string id = world.Start(customer);
  for (int i = 0; i < 4; ++i) world.Say(i % 2 == 0 ? "agent" : "customer", i % 2 == 0 ? mara : customer, id, "m");
  world.Snapshot(mara);
  world.Hear("customer", customer);
  const auto read = [&](const char* side, const Person& who, const std::string& seq) {
    return world.Post(World::PathOf(side, id) + "/read", who, R"({"seq":)" + seq + "}").status;
  };
  EXPECT_EQ(read("agent", mara, "3"), 200);
  const auto told = world.Hear("customer", customer).signals.at(0);
  EXPECT_EQ(told.type, wire::SignalType::kRead);
  EXPECT_EQ(told.by, wire::ActorKind::kAgent);
  EXPECT_EQ(told.seq, 3);
  EXPECT_TRUE(world.Poll("agent", mara).hangs()) << "who read knows it";
  const auto before = world.Everything();
  EXPECT_EQ(read("agent", mara, "2"), 200);
  EXPECT_EQ(read("agent", mara, "3"), 200);
  EXPECT_EQ(world.Everything(), before);
  EXPECT_TRUE(world.Poll("customer", customer).hangs());
  EXPECT_EQ(read("agent", mara, "7"), 422);
  EXPECT_EQ(read("agent", mara, "-1"), 422);
  EXPECT_EQ(read("agent", mara, "1.5"), 400);
  EXPECT_EQ(read("customer", customer, "6"), 200);
  EXPECT_EQ(world.Hear("agent", mara).signals.at(0).by, wire::ActorKind::kCustomer);
  EXPECT_EQ(world.Snapshot(mara).conversations.at(0).conversation.unread, 2);
}

TEST(Close, EndsItForBothSidesAndMayBeRepeated) {
  World world;
  Person mara = world.AddOnlineAgent("Mara");
  Person customer = world.AddCustomer();
  const std::string id = world.Start(customer);
  world.Snapshot(mara);
  const Result closed = world.Post(World::PathOf("customer", id) + "/close", customer, R"({"reason":"thanks"})");
  const auto answer = closed.As<wire::ConversationAnswer>().conversation;
  EXPECT_EQ(answer.conversation.state, wire::ConversationState::kClosed);
  EXPECT_EQ(answer.events.back().type, wire::EventType::kClosed);
  EXPECT_EQ(answer.events.back().by, wire::ActorKind::kCustomer);
  EXPECT_EQ(answer.events.back().reason, "thanks");
  EXPECT_EQ(world.Hear("agent", mara).events.back(), answer.events.back());
  const auto before = world.Everything();
  EXPECT_EQ(world.Post(World::PathOf("customer", id) + "/close", customer).body, closed.body);
  EXPECT_EQ(world.Post(World::PathOf("agent", id) + "/close", mara).status, 200);
  EXPECT_EQ(world.Everything(), before);
}

TEST(Close, AReasonIsOnlySoLong) {
  World world;
  const Person customer = world.AddCustomer();
  const std::string id = world.Start(customer);
  const auto close = [&](size_t bytes) {
    return world
        .Post(World::PathOf("customer", id) + "/close", customer,
              ToJson(wire::CloseConversation{std::string(bytes, 'r')}))
        .status;
  };
  EXPECT_EQ(close(wire::kReasonBytesMax + 1), 422);
  EXPECT_EQ(close(wire::kReasonBytesMax), 200);
}

}  // namespace
}  // namespace alcove::functions
