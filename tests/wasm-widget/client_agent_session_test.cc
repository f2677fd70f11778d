#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "functions/wire/amend.h"
#include "functions/wire/collaboration.h"
#include "functions/wire/limits.h"
#include "tests/wasm-widget/client_fakes.h"
#include "wasm-widget/client/agent_session.h"

namespace alcove::client {
namespace {

constexpr std::string_view kSession = "/v1/agent/session";
constexpr std::string_view kSnapshot = "/v1/agent/snapshot";
constexpr std::string_view kPoll = "/v1/agent/poll";
const std::string kPath = "/v1/agent/conversations/" + kConversation;
const wire::Actor kJonas{wire::ActorKind::kAgent, "agt_01ARZ3NDEKTSV4RRFFQ69G5FAX", "Jonas"};

wire::AgentSummary Summary(const wire::Actor& actor, wire::Presence presence) {
  wire::AgentSummary summary;
  summary.id = actor.id;
  summary.name = actor.name;
  summary.presence = presence;
  return summary;
}
wire::ConversationWithEvents Waiting(const std::string& id, int64_t created_at) {
  wire::ConversationWithEvents talk = Talk(id, 1);
  talk.conversation.state = wire::ConversationState::kQueued;
  talk.conversation.agent.reset();
  talk.conversation.created_at = created_at;
  return talk;
}
wire::AgentSnapshot Snapshot(std::vector<wire::ConversationWithEvents> mine,
                             std::vector<wire::ConversationWithEvents> queue) {
  wire::AgentSnapshot snapshot;
  snapshot.agent = Summary(kMara, wire::Presence::kAway);
  snapshot.agents = {snapshot.agent, Summary(kJonas, wire::Presence::kOnline)};
  snapshot.conversations = std::move(mine);
  snapshot.queue = std::move(queue);
  snapshot.cursor = "c1";
  snapshot.poll.hold_ms = 25'000;
  return snapshot;
}
wire::Signal SummarySignal(wire::Conversation summary) {
  wire::Signal signal;
  signal.type = wire::SignalType::kConversation;
  signal.conversation = summary.id;
  signal.summary = std::move(summary);
  return signal;
}
std::string Ids(const AgentSession::List& list) {
  std::string ids;
  for (const wire::Conversation* conversation : list) ids += conversation->id.back();
  return ids;
}

class AgentSessionTest : public testing::Test {
 protected:
  HttpRequest Answer(std::string_view path, const HttpAnswer& answer) {
    const HttpRequest request = world_.Take(path);
    session_->OnResponse(request.id, answer);
    return request;
  }
  void SignInWith(const wire::AgentSnapshot& snapshot) {
    session_->Start();
    session_->SignIn("mara@example.org", "secret");
    Answer(kSession, Ok(wire::AgentSession{"at_1", snapshot.agent}));
    Answer(kSnapshot, Ok(snapshot));
    ASSERT_EQ(session_->sign_in(), SignInState::kSignedIn);
  }
  void Poll(std::vector<wire::Event> events, std::vector<wire::Signal> signals = {}) {
    Answer(kPoll, Ok(wire::PollAnswer{std::move(events), std::move(signals), "c2", false, {25'000, 0}}));
  }
  void Reload() {
    world_.transport.open.clear();
    session_ = std::make_unique<AgentSession>(world_.platform);
  }

  FakeWorld world_;
  std::unique_ptr<AgentSession> session_ = std::make_unique<AgentSession>(world_.platform);
};

TEST_F(AgentSessionTest, SignsInAndResumesAfterAReload) {
  session_->Start();
  EXPECT_EQ(session_->sign_in(), SignInState::kSignedOut);
  EXPECT_TRUE(world_.transport.open.empty());
  session_->SignIn("mara@example.org", "secret");
  EXPECT_EQ(session_->sign_in(), SignInState::kSigningIn);
  const HttpRequest request =
      Answer(kSession, Ok(wire::AgentSession{"at_1", Summary(kMara, wire::Presence::kOffline)}));
  EXPECT_EQ(request.body, R"({"email":"mara@example.org","password":"secret"})");
  EXPECT_EQ(request.token, "");
  EXPECT_EQ(Answer(kSnapshot, Ok(Snapshot({}, {}))).token, "at_1");
  EXPECT_EQ(session_->sign_in(), SignInState::kSignedIn);
  EXPECT_EQ(session_->me().name, "Mara");
  EXPECT_EQ(world_.Take(kPoll).path, "/v1/agent/poll?cursor=c1&wait=25");
  for (const auto& [key, value] : world_.storage.values) EXPECT_THAT(value, testing::Not(testing::HasSubstr("secret")));
  Reload();
  session_->Start();
  EXPECT_EQ(session_->sign_in(), SignInState::kSigningIn);
  EXPECT_EQ(world_.Take(kSnapshot).token, "at_1");
}

TEST_F(AgentSessionTest, ListsWhatABotHasAndTakesIt) {
  wire::AgentSnapshot snapshot = Snapshot({}, {Waiting(kOther, 5)});
  wire::ConversationWithEvents talk = Waiting(kConversation, 3);
  talk.conversation.state = wire::ConversationState::kBot;
  talk.conversation.bot = kAlva;
  snapshot.with_bot = {talk};
  SignInWith(snapshot);
  EXPECT_EQ(Ids(session_->WithBot()), "V");
  EXPECT_EQ(Ids(session_->Waiting()), "W");
  session_->Select(kConversation);
  session_->Claim();
  talk = Talk(kConversation, 2);
  Answer(kPath + "/claim", Ok(wire::ConversationAnswer{talk, {}, {}}));
  EXPECT_EQ(Ids(session_->WithBot()), "");
  EXPECT_EQ(Ids(session_->Mine()), "V");
}

TEST_F(AgentSessionTest, ABotThatJoinsAndLeavesMovesTheConversation) {
  SignInWith(Snapshot({}, {}));
  wire::Event joined = News(kConversation, 1, wire::EventType::kJoined);
  joined.actor = kAlva;
  Poll({joined, Message(kConversation, 2, kAlva, "Hello")});
  EXPECT_EQ(Ids(session_->WithBot()), "V");
  wire::Event left = News(kConversation, 3, wire::EventType::kLeft);
  left.actor = kAlva;
  Poll({left, News(kConversation, 4, wire::EventType::kQueued)});
  EXPECT_EQ(Ids(session_->WithBot()), "");
  EXPECT_EQ(Ids(session_->Waiting()), "V");
}

TEST_F(AgentSessionTest, SaysWhySigningInDidNotSucceed) {
  const struct {
    const char* name;
    HttpAnswer answer;
    SignInProblem problem;
  } kCases[] = {
      {"wrong", Problem(401, "token_invalid"), SignInProblem::kRefused},
      {"too long", Problem(422, "unprocessable"), SignInProblem::kRefused},
      {"second factor", Problem(401, "totp_required"), SignInProblem::kCodeAsked},
      {"often", Problem(429, "too_many_requests"), SignInProblem::kTooOften},
      {"down", Problem(503, "storage"), SignInProblem::kUnreachable},
      {"no network", NoNetwork(), SignInProblem::kUnreachable},
      {"a portal", Json(200, "<html>"), SignInProblem::kUnreachable},
  };
  for (const auto& test : kCases) {
    SCOPED_TRACE(test.name);
    session_->SignIn("mara@example.org", "secret");
    Answer(kSession, test.answer);
    EXPECT_EQ(session_->sign_in(), SignInState::kSignedOut);
    EXPECT_EQ(session_->sign_in_problem(), test.problem);
    // A person is there to try again.
    EXPECT_EQ(session_->NextDueAt(), kNever);
    EXPECT_TRUE(world_.storage.values.empty());
  }
}

TEST_F(AgentSessionTest, SignsInWithTheCodeOfASecondFactor) {
  session_->SignIn("mara@example.org", "secret");
  EXPECT_THAT(Answer(kSession, Problem(401, "totp_required")).body, testing::Not(testing::HasSubstr("totp")));
  EXPECT_EQ(session_->sign_in_problem(), SignInProblem::kCodeAsked);
  session_->SignIn("mara@example.org", "secret", "123456");
  EXPECT_EQ(Answer(kSession, Problem(401, "totp_required")).body,
            R"({"email":"mara@example.org","password":"secret","totp":"123456"})");
  EXPECT_EQ(session_->sign_in_problem(), SignInProblem::kCodeRefused);
  session_->SignIn("mara@example.org", "secret", "654321");
  Answer(kSession, Ok(wire::AgentSession{"at_1", Summary(kMara, wire::Presence::kOffline)}));
  EXPECT_EQ(session_->sign_in_problem(), SignInProblem::kNone);
  for (const auto& [key, value] : world_.storage.values) EXPECT_EQ(value, "at_1") << key;
}

TEST_F(AgentSessionTest, ASessionThatRanOutSaysSoAndKeepsTheOutboxForTheSameAgent) {
  SignInWith(Snapshot({Talk(kConversation, 1)}, {}));
  session_->Select(kConversation);
  session_->SendMessage("unsent");
  Answer(kPath + "/messages/", Problem(401, "token_invalid"));
  EXPECT_EQ(session_->sign_in(), SignInState::kSignedOut);
  EXPECT_EQ(session_->sign_in_problem(), SignInProblem::kEnded);
  EXPECT_EQ(session_->connection(), Connection::kIdle);
  EXPECT_TRUE(session_->Mine().empty());
  EXPECT_EQ(session_->NextDueAt(), kNever);
  world_.transport.open.clear();
  SignInWith(Snapshot({Talk(kConversation, 1)}, {}));
  EXPECT_TRUE(world_.Has(kPath + "/messages/"));
  session_->Select(kConversation);
  EXPECT_EQ(Screen(*session_), "text 1|unsent~");
}

TEST_F(AgentSessionTest, ASessionThatEndsLeavesThatOfAnotherTab) {
  SignInWith(Snapshot({Talk(kConversation, 1)}, {}));
  world_.storage.values["alcove.agent.token"] = "at_other";
  Answer(kPoll, Problem(401, "token_invalid"));
  EXPECT_EQ(session_->sign_in(), SignInState::kSignedOut);
  EXPECT_EQ(world_.storage.values["alcove.agent.token"], "at_other");
}

TEST_F(AgentSessionTest, SigningOutForgetsEverythingHereAndThere) {
  SignInWith(Snapshot({Talk(kConversation, 1)}, {}));
  session_->Select(kConversation);
  session_->SendMessage("unsent");
  world_.transport.open.clear();
  session_->SignOut();
  EXPECT_TRUE(world_.storage.values.empty());
  EXPECT_EQ(session_->sign_in(), SignInState::kSignedOut);
  EXPECT_EQ(session_->sign_in_problem(), SignInProblem::kNone);
  EXPECT_EQ(session_->selected(), "");
  const HttpRequest request = Answer(kSession, NoNetwork());
  EXPECT_EQ(request.method, HttpMethod::kDelete);
  EXPECT_EQ(request.token, "at_1");
  EXPECT_EQ(session_->NextDueAt(), kNever);
}

// The server would refuse what comes behind the end of the session, and the browser writes that into its console.
TEST_F(AgentSessionTest, SigningOutAbortsWhatIsUnderWayAndChangesNothing) {
  SignInWith(Snapshot({Talk(kConversation, 1)}, {}));
  session_->Select(kConversation);
  session_->Close();
  ASSERT_TRUE(world_.Has(kPath + "/viewing"));
  session_->SignOut();
  EXPECT_FALSE(world_.Has(kPath + "/viewing"));
  EXPECT_FALSE(world_.Has(kPoll));
  EXPECT_TRUE(world_.Has(kPath + "/close"));
  EXPECT_TRUE(world_.Has(kSession));
}

TEST_F(AgentSessionTest, ListsAreInTheOrderInWhichTheyAreWorkedOn) {
  auto older = Talk(kOther, 1);
  const std::string x = kConversation.substr(0, kConversation.size() - 1) + "X";
  const std::string y = kConversation.substr(0, kConversation.size() - 1) + "Y";
  SignInWith(Snapshot({older, Talk(kConversation, 3)}, {Waiting(y, 20), Waiting(x, 10)}));
  EXPECT_EQ(Ids(session_->Mine()), "VW");
  EXPECT_EQ(Ids(session_->Waiting()), "XY");
  EXPECT_EQ(session_->unread(), 0);
  // Another takes one of those that wait; it is mine no more than before.
  wire::Event assigned = News(x, 2, wire::EventType::kAssigned);
  assigned.agent = kJonas;
  Poll({assigned, Message(kOther, 2, kPriya, "again")});
  EXPECT_EQ(Ids(session_->Waiting()), "Y");
  EXPECT_EQ(Ids(session_->Mine()), "VW");
  EXPECT_EQ(session_->unread(), 1);
  Poll({News(kConversation, 4, wire::EventType::kClosed)});
  EXPECT_EQ(Ids(session_->Mine()), "W");
  EXPECT_EQ(Ids(session_->Closed()), "V");
}

TEST_F(AgentSessionTest, AConversationOnlyHeardOfIsAskedFor) {
  SignInWith(Snapshot({}, {}));
  Poll({Message(kConversation, 7, kPriya, "seven")});
  EXPECT_TRUE(session_->Waiting().empty());
  Answer(kPath, Ok(wire::ConversationAnswer{Talk(kConversation, 7)}));
  EXPECT_EQ(Ids(session_->Mine()), "V");
  session_->Select(kConversation);
  EXPECT_EQ(session_->conversation()->rows.size(), 7u);
  world_.Take(kPath + "/viewing");
  // With its summary in the same answer only its events are missing, until someone looks.
  Poll({Message(kOther, 7, kPriya, "seven")}, {SummarySignal(Talk(kOther, 7).conversation)});
  EXPECT_FALSE(world_.Has("/v1/agent/conversations/"));
  EXPECT_EQ(Ids(session_->Mine()), "WV");
  session_->Select(kOther);
  EXPECT_TRUE(session_->conversation()->loading);
  Answer("/v1/agent/conversations/" + kOther, Ok(wire::ConversationAnswer{Talk(kOther, 7)}));
  EXPECT_EQ(session_->conversation()->rows.size(), 7u);
}

TEST_F(AgentSessionTest, ClaimsOrSaysWhoWasFaster) {
  SignInWith(Snapshot({}, {Waiting(kConversation, 1), Waiting(kOther, 2)}));
  session_->Select(kConversation);
  session_->Claim();
  session_->Claim();
  EXPECT_TRUE(session_->claiming());
  Answer(kPath + "/claim", Ok(wire::ConversationAnswer{Talk(kConversation, 2)}));
  EXPECT_FALSE(session_->claiming());
  EXPECT_EQ(Ids(session_->Mine()), "V");
  session_->Select(kOther);
  session_->Claim();
  wire::Problem problem;
  problem.status = 409;
  problem.code = "already_claimed";
  problem.agent = kJonas;
  Answer("/v1/agent/conversations/" + kOther + "/claim", Json(409, functions::ToJson(problem)));
  ASSERT_NE(session_->claimed_by(), nullptr);
  EXPECT_EQ(session_->claimed_by()->name, "Jonas");
  session_->Select(kConversation);
  EXPECT_EQ(session_->claimed_by(), nullptr);
}

TEST_F(AgentSessionTest, WhatIsDoneIsAskedForAndShownWhenItIs) {
  SignInWith(Snapshot({Talk(kConversation, 1)}, {}));
  session_->Select(kConversation);
  const struct {
    const char* name;
    std::function<void()> act;
    std::string path, body;
  } kCases[] = {
      {"assign", [&] { session_->Assign({kJonas.id, {}, {}}); }, "/assign", R"({"agent":")" + kJonas.id + "\"}"},
      {"reopen", [&] { session_->Reopen(); }, "/reopen", "{}"},
      {"snooze", [&] { session_->Snooze(1'800'000'000'000); }, "/snooze", R"({"until":1800000000000,"seq":1})"},
      {"tag", [&] { session_->AddTag("vip"); }, "/tags", R"({"add":["vip"]})"},
      {"untag", [&] { session_->RemoveTag("vip"); }, "/tags", R"({"remove":["vip"]})"},
      {"an attribute", [&] { session_->SetAttribute("att_1", "Plus"); }, "/attributes/att_1", R"({"value":"Plus"})"},
      {"join", [&] { session_->Join(); }, "/join", "{}"},
      {"ask in", [&] { session_->AskIn(kJonas.id); }, "/join", R"({"agent":")" + kJonas.id + "\"}"},
      {"leave", [&] { session_->Leave(); }, "/leave", "{}"},
  };
  for (const auto& test : kCases) {
    SCOPED_TRACE(test.name);
    test.act();
    EXPECT_EQ(Answer(kPath + test.path, Problem(422, "unprocessable")).body, test.body);
    EXPECT_TRUE(session_->action_refused());
    session_->Select("");
    EXPECT_FALSE(session_->action_refused());
    session_->Select(kConversation);
    test.act();
    EXPECT_FALSE(session_->action_refused());
    wire::ConversationWithEvents answer = Talk(kConversation, 1);
    answer.conversation.tags = {{test.name}};
    Answer(kPath + test.path, Ok(wire::ConversationAnswer{answer}));
    EXPECT_EQ(session_->conversation()->summary->tags, answer.conversation.tags);
    EXPECT_FALSE(session_->action_refused());
  }
  session_->Select("");
  world_.transport.open.clear();
  session_->Reopen();
  EXPECT_FALSE(world_.Has(kPath)) << "none is selected";
}

TEST_F(AgentSessionTest, ARefusedCloseIsSaidAndLookedInto) {
  SignInWith(Snapshot({Talk(kConversation, 1)}, {}));
  session_->Select(kConversation);
  session_->Close();
  EXPECT_TRUE(session_->conversation()->closing);
  Answer(kPath + "/close", Problem(422, "unprocessable"));
  EXPECT_FALSE(session_->conversation()->closing);
  EXPECT_TRUE(session_->action_refused());
  Answer(kPath, Ok(wire::ConversationAnswer{Talk(kConversation, 1)}));
  EXPECT_TRUE(session_->action_refused()) << "it is said until something is done";
  session_->Close();
  EXPECT_FALSE(session_->action_refused());
  wire::ConversationWithEvents closed = Talk(kConversation, 1);
  closed.conversation.state = wire::ConversationState::kClosed;
  Answer(kPath + "/close", Ok(wire::ConversationAnswer{closed}));
  EXPECT_FALSE(session_->action_refused());
}

TEST_F(AgentSessionTest, TagsChangedWhileTheLineIsBusyAreAllChanged) {
  SignInWith(Snapshot({Talk(kConversation, 1)}, {}));
  session_->Select(kConversation);
  session_->AddTag("one");
  Answer(kPath + "/tags", NoNetwork());
  session_->AddTag("two");
  EXPECT_FALSE(world_.Has(kPath + "/tags")) << "in the order in which they were asked for";
  world_.Pass(*session_, kBackoffFirstMs);
  const std::string stored = Answer(kPath + "/tags", Ok(wire::ConversationAnswer{Talk(kConversation, 1)})).body;
  EXPECT_EQ(stored, R"({"add":["one"]})");
  EXPECT_EQ(world_.Take(kPath + "/tags").body, R"({"add":["two"]})");
}

TEST_F(AgentSessionTest, ColleaguesAskedInWhileTheLineIsBusyAreAllAsked) {
  SignInWith(Snapshot({Talk(kConversation, 1)}, {}));
  session_->Select(kConversation);
  session_->AskIn(kJonas.id);
  Answer(kPath + "/join", NoNetwork());
  session_->AskIn("agt_other");
  session_->Assign({kJonas.id, {}, {}});
  world_.Pass(*session_, kBackoffFirstMs);
  EXPECT_EQ(Answer(kPath + "/join", Ok(wire::ConversationAnswer{Talk(kConversation, 1)})).body,
            R"({"agent":")" + kJonas.id + "\"}");
  EXPECT_EQ(Answer(kPath + "/join", Ok(wire::ConversationAnswer{Talk(kConversation, 1)})).body,
            R"({"agent":"agt_other"})");
  EXPECT_TRUE(world_.Has(kPath + "/assign"));
}

TEST_F(AgentSessionTest, WhatIsJoinedIsAmongMineUntilItIsLeft) {
  wire::ConversationWithEvents anothers = Talk(kConversation, 1);
  anothers.conversation.agent = kJonas;
  SignInWith(Snapshot({}, {}));
  Poll({Message(kConversation, 1, kPriya, "text 1")}, {SummarySignal(anothers.conversation)});
  EXPECT_EQ(Ids(session_->Mine()), "");
  const auto event = [](int64_t seq, wire::EventType type, const wire::Actor& agent) {
    wire::Event news = News(kConversation, seq, type);
    news.agent = news.to = agent;
    return news;
  };
  const auto participants = [&] {
    session_->Select(kConversation);
    std::string names;
    const auto& all = session_->conversation()->summary->participants;
    for (const wire::Actor& agent : all.value_or(std::vector<wire::Actor>())) names += agent.name + " ";
    EXPECT_TRUE(!all || !all->empty()) << "as the server says it: nobody is none";
    return names;
  };
  const wire::Actor ana{wire::ActorKind::kAgent, "agt_ana", "Ana"};
  Poll({event(2, wire::EventType::kJoined, ana), event(3, wire::EventType::kJoined, kMara)});
  EXPECT_EQ(Ids(session_->Mine()), "V");
  EXPECT_TRUE(session_->TakesPart(*session_->Mine()[0]));
  EXPECT_EQ(participants(), "Ana Mara ");
  Poll({event(4, wire::EventType::kLeft, ana)});
  EXPECT_EQ(participants(), "Mara ");
  Poll({event(5, wire::EventType::kTransferred, kMara)});
  EXPECT_EQ(participants(), "") << "she has it";
  EXPECT_EQ(Ids(session_->Mine()), "V");
  Poll({event(6, wire::EventType::kTransferred, kJonas), event(7, wire::EventType::kJoined, kMara)});
  EXPECT_EQ(participants(), "Mara ");
  Poll({event(8, wire::EventType::kLeft, kMara)});
  EXPECT_EQ(Ids(session_->Mine()), "");
  Poll({event(9, wire::EventType::kJoined, kMara), event(10, wire::EventType::kClosed, kMara)});
  EXPECT_EQ(participants(), "") << "it is over";
}

// Once it is left no poll tells of it: what came since is asked for when somebody looks.
TEST_F(AgentSessionTest, WhatWasLeftIsReadToItsEndWhenItIsLookedAt) {
  SignInWith(Snapshot({Talk(kConversation, 2)}, {}));
  wire::Conversation closed = Talk(kConversation, 4).conversation;
  closed.state = wire::ConversationState::kClosed;
  session_->LoadClosed();
  Answer("/v1/agent/conversations?view=closed", Ok(wire::ConversationList{{closed}, false}));
  session_->Select(kConversation);
  wire::EventPage page;
  page.events = {Message(kConversation, 3, kPriya, "text 3"), Message(kConversation, 4, kMara, "text 4")};
  Answer(kPath + "/events?after=2", Ok(page));
  EXPECT_EQ(Screen(*session_), "text 1|text 2+|text 3|text 4+");
}

TEST_F(AgentSessionTest, WhatIsAskedForNowMakesVoidWhatWasNotHeard) {
  SignInWith(Snapshot({Talk(kConversation, 1)}, {}));
  session_->Select(kConversation);
  world_.Take(kPath + "/viewing");
  session_->Snooze(1'800'000'000'000);
  Answer(kPath + "/snooze", NoNetwork());
  session_->Assign({kJonas.id, {}, {}});
  Answer(kPath + "/assign", NoNetwork());
  session_->Assign({kMara.id, {}, {}});
  EXPECT_EQ(Answer(kPath + "/assign", Ok(wire::ConversationAnswer{Talk(kConversation, 1)})).body,
            R"({"agent":")" + kMara.id + "\"}");
  world_.Pass(*session_, kBackoffFirstMs);
  EXPECT_FALSE(world_.Has(kPath + "/"));
}

TEST_F(AgentSessionTest, ARefusalIsForgottenByTheNextActionAndLookedInto) {
  SignInWith(Snapshot({}, {Waiting(kConversation, 1)}));
  session_->Select(kConversation);
  world_.Take(kPath + "/viewing");
  session_->Claim();
  wire::Problem problem;
  problem.status = 409;
  problem.code = "already_claimed";
  problem.agent = kJonas;
  Answer(kPath + "/claim", Json(409, functions::ToJson(problem)));
  ASSERT_NE(session_->claimed_by(), nullptr);
  session_->Assign({kMara.id, {}, {}});
  EXPECT_EQ(session_->claimed_by(), nullptr);
  Answer(kPath + "/assign", Problem(409, "closed"));
  EXPECT_TRUE(session_->action_refused());
  wire::ConversationWithEvents closed = Talk(kConversation, 2);
  closed.conversation.state = wire::ConversationState::kClosed;
  Answer(kPath, Ok(wire::ConversationAnswer{closed}));
  EXPECT_EQ(session_->conversation()->summary->state, wire::ConversationState::kClosed);
  session_->Claim();
  EXPECT_FALSE(session_->action_refused());
  Answer(kPath + "/claim", Problem(409, "closed"));
  EXPECT_TRUE(session_->action_refused());
}

TEST_F(AgentSessionTest, ANoteWhereOneDoesNotReadIsFollowedByWhatCameBefore) {
  wire::ConversationWithEvents anothers = Talk(kConversation, 2);
  anothers.conversation.agent = kJonas;
  SignInWith(Snapshot({anothers}, {}));
  session_->Select(kConversation);
  session_->SendNote("look");
  wire::Event note = Message(kConversation, 4, kMara, "look");
  note.type = wire::EventType::kNote;
  const HttpRequest request = world_.Take(kPath + "/notes/");
  EXPECT_EQ(request.body, R"({"text":"look","mentions":[]})");
  note.id = request.path.substr(request.path.rfind('/') + 1);
  session_->OnResponse(request.id, Json(201, functions::ToJson(wire::EventAnswer{note})));
  wire::EventPage page;
  page.events = {Message(kConversation, 3, kPriya, "three"), note};
  Answer(kPath + "/events?after=2", Ok(page));
  EXPECT_EQ(Screen(*session_), "text 1|text 2+|three|(note)");
  EXPECT_TRUE(world_.storage.values.find("alcove.agent.outbox." + kMara.id + ".notes") == world_.storage.values.end());
}

TEST_F(AgentSessionTest, MentionsAreWordsOfTheirOwn) {
  SignInWith(Snapshot({Talk(kConversation, 1)}, {}));
  session_->Select(kConversation);
  const struct {
    const char* text;
    bool tells;
  } kCases[] = {{"@Jonas", true},     {"ask @jonas.", true},   {"(@Jonas)", true}, {"x@Jonas", false},
                {"@Jonas2", false},   {"@Jonas-Peter", false}, {"@Jonaš", false},  {"«@Jonas»", true},
                {"请@Jonas看", true}, {"Jonas", false},        {"@Jona", false},   {"@Mara", false}};
  int64_t seq = 1;
  for (const auto& test : kCases) {
    SCOPED_TRACE(test.text);
    session_->SendNote(test.text);
    const HttpRequest request = world_.Take(kPath + "/notes/");
    EXPECT_EQ(request.body.find(kJonas.id) != std::string::npos, test.tells);
    EXPECT_EQ(request.body.find(kMara.id), std::string::npos) << "nobody tells themselves";
    wire::Event note = Message(kConversation, ++seq, kMara, test.text);
    note.type = wire::EventType::kNote;
    note.id = request.path.substr(request.path.rfind('/') + 1);
    session_->OnResponse(request.id, Json(201, functions::ToJson(wire::EventAnswer{note})));
  }
}

TEST_F(AgentSessionTest, ANoteIsKeptUntilItIsThereAndTellsWhomItNames) {
  const std::string text = "@Jonas, ask them";
  SignInWith(Snapshot({Talk(kConversation, 1)}, {}));
  session_->Select(kConversation);
  session_->SendNote(" ");
  session_->SendNote(text);
  EXPECT_EQ(Screen(*session_), "text 1|(note)~");
  const HttpRequest request = Answer(kPath + "/notes/", NoNetwork());
  EXPECT_EQ(request.method, HttpMethod::kPut);
  EXPECT_EQ(request.body, R"({"text":")" + text + R"(","mentions":[")" + kJonas.id + "\"]}");
  Reload();
  session_->Start();
  Answer(kSnapshot, Ok(Snapshot({Talk(kConversation, 1)}, {})));
  session_->Select(kConversation);
  EXPECT_EQ(Screen(*session_), "text 1|(note)~");
  const HttpRequest again = world_.Take(kPath + "/notes/");
  EXPECT_EQ(again.path, request.path);
  EXPECT_EQ(again.body, request.body);
  wire::Event note = Message(kConversation, 2, kMara, text);
  note.type = wire::EventType::kNote;
  note.id = again.path.substr(again.path.rfind('/') + 1);
  session_->OnResponse(again.id, Json(201, functions::ToJson(wire::EventAnswer{note})));
  EXPECT_EQ(Screen(*session_), "text 1|(note)");
}

TEST_F(AgentSessionTest, AWhisperIsANoteThatSaysSo) {
  SignInWith(Snapshot({Talk(kConversation, 1)}, {}));
  session_->Select(kConversation);
  session_->SendNote("ask for the number", AgentSession::Note::kWhispered);
  EXPECT_TRUE(session_->conversation()->rows.back().whisper);
  EXPECT_EQ(Answer(kPath + "/notes/", NoNetwork()).body,
            R"({"text":"ask for the number","mentions":[],"whisper":true})");
  Reload();
  session_->Start();
  Answer(kSnapshot, Ok(Snapshot({Talk(kConversation, 1)}, {})));
  EXPECT_THAT(world_.Take(kPath + "/notes/").body, testing::HasSubstr(R"("whisper":true)"));
  wire::Event told = Message(kConversation, 2, kJonas, "and for the name");
  told.type = wire::EventType::kNote;
  told.whisper = true;
  Poll({told});
  session_->Select(kConversation);
  ASSERT_EQ(session_->conversation()->rows.size(), 3U);
  EXPECT_TRUE(session_->conversation()->rows[1].whisper);
}

// The colleague's words come first; the person decides whether theirs are still wanted.
TEST_F(AgentSessionTest, AReplyThatAColleagueOvertookIsSentOnlyWhenAskedAgain) {
  SignInWith(Snapshot({Talk(kConversation, 3)}, {}));
  session_->Select(kConversation);
  session_->SendMessage("on it");
  wire::Problem problem;
  problem.status = 409;
  problem.code = "overtaken";
  problem.agent = kJonas;
  EXPECT_EQ(Answer(kPath + "/messages/", Json(409, functions::ToJson(problem))).body, R"({"text":"on it","after":3})");
  EXPECT_EQ(session_->conversation()->rows.back().delivery, Delivery::kFailed);
  EXPECT_EQ(session_->conversation()->rows.back().failure, "overtaken");
  session_->RetryMessage(std::string(session_->conversation()->rows.back().id));
  EXPECT_EQ(world_.Take(kPath + "/messages/").body, R"({"text":"on it"})");
}

TEST_F(AgentSessionTest, AMacroIsRunOnceHoweverOftenItIsAsked) {
  wire::AgentSnapshot snapshot = Snapshot({Talk(kConversation, 1)}, {});
  snapshot.macros = {{"mac_1", {.name = "Refund", .folder = {}, .actions = {}}}};
  SignInWith(snapshot);
  ASSERT_EQ(session_->macros().size(), 1U);
  session_->Select(kConversation);
  session_->AddTag("vip");
  session_->RunMacro("mac_1");
  EXPECT_FALSE(world_.Has(kPath + "/macros/")) << "in the order in which they were asked for";
  Answer(kPath + "/tags", Ok(wire::ConversationAnswer{Talk(kConversation, 1)}));
  const HttpRequest first = Answer(kPath + "/macros/msg_", NoNetwork());
  EXPECT_EQ(first.method, HttpMethod::kPut);
  EXPECT_EQ(first.body, R"({"macro":"mac_1"})");
  world_.Pass(*session_, kBackoffFirstMs);
  const HttpRequest again = world_.Take(kPath + "/macros/");
  EXPECT_EQ(again.path, first.path);
  world_.transport.open.clear();
  session_->OnResponse(again.id, Ok(wire::MacroAnswer{kConversation, 4}));
  // What came of it is looked at, whoever has the conversation now.
  Answer(kPath, Ok(wire::ConversationAnswer{Talk(kConversation, 4)}));
  EXPECT_EQ(session_->conversation()->rows.size(), 4U);
  session_->RunMacro("mac_1");
  EXPECT_NE(Answer(kPath + "/macros/", Problem(422, "unprocessable")).path, first.path) << "another run";
  EXPECT_TRUE(session_->action_refused());
}

TEST_F(AgentSessionTest, SeveralAreDoneTogetherAndWhatWasRefusedIsSaid) {
  SignInWith(Snapshot({Talk(kConversation, 1), Talk(kOther, 1)}, {}));
  const AgentSession::Ids both = {kConversation, kOther};
  const std::string begin = R"({"conversations":[")" + kConversation + "\",\"" + kOther + R"("],"actions":[{"act":")";
  const struct {
    const char* name;
    std::function<void()> act;
    std::string action;
  } kCases[] = {
      {"close", [&] { session_->CloseAll(both, "spam"); }, R"(close","body":{"reason":"spam"}}]})"},
      {"close without a reason", [&] { session_->CloseAll(both, ""); }, R"(close","body":{}}]})"},
      {"reopen", [&] { session_->ReopenAll(both); }, R"(reopen","body":{}}]})"},
      {"assign", [&] { session_->AssignAll(both, {{}, "tea_1", {}}); }, R"(assign","body":{"team":"tea_1"}}]})"},
      {"snooze", [&] { session_->SnoozeAll(both, 7); }, R"(snooze","body":{"until":7}}]})"},
      {"tag", [&] { session_->TagAll(both, {{{"vip"}}, {}}); }, R"(tags","body":{"add":["vip"]}}]})"},
  };
  int64_t number = 0;
  for (const auto& test : kCases) {
    SCOPED_TRACE(test.name);
    test.act();
    EXPECT_TRUE(session_->acting_together());
    const HttpRequest first = Answer("/v1/agent/bulk", NoNetwork());
    EXPECT_EQ(first.body, begin + test.action);
    EXPECT_EQ(first.method, HttpMethod::kPost);
    EXPECT_EQ(session_->together().number, number) << "nothing was heard of it";
    world_.Pass(*session_, kBackoffFirstMs);
    wire::Conversation now = Talk(kConversation, 1).conversation;
    now.tags = {{test.name}};
    wire::BulkAnswer answer;
    answer.results = {{kConversation, 200, {}, {}, {}, now}, {kOther, 409, "already_claimed", "claim", kJonas}};
    EXPECT_EQ(Answer("/v1/agent/bulk", Ok(answer)).body, first.body);
    EXPECT_FALSE(session_->acting_together());
    const Together& together = session_->together();
    EXPECT_EQ(together.number, ++number);
    EXPECT_EQ(together.done, AgentSession::Ids{kConversation});
    ASSERT_EQ(together.refused.size(), 1U);
    EXPECT_EQ(together.refused[0].conversation, kOther);
    EXPECT_EQ(together.refused[0].customer, kPriya);
    EXPECT_EQ(together.refused[0].code, "already_claimed");
    EXPECT_EQ(together.refused[0].agent, kJonas);
    for (const wire::Conversation* shown : session_->Mine()) {
      if (shown->id != kConversation) continue;
      EXPECT_EQ(shown->tags, now.tags) << "as it is now";
    }
    // It is not as it was thought to be.
    Answer("/v1/agent/conversations/" + kOther, Ok(wire::ConversationAnswer{Talk(kOther, 1)}));
  }
}

TEST_F(AgentSessionTest, SeveralThatAreRefusedAsOneAreAllRefused) {
  SignInWith(Snapshot({Talk(kConversation, 1), Talk(kOther, 1)}, {}));
  session_->CloseAll({kConversation, kOther}, "");
  Answer("/v1/agent/bulk", Problem(403, "role_required"));
  ASSERT_EQ(session_->together().refused.size(), 2U);
  EXPECT_TRUE(session_->together().done.empty());
  EXPECT_EQ(session_->together().refused[1].conversation, kOther);
  EXPECT_EQ(session_->together().refused[1].act, "close");
  EXPECT_EQ(session_->together().refused[1].code, "role_required");
  // What is asked for twice is done twice, in its order.
  session_->TagAll({kConversation}, {{{"a"}}, {}});
  session_->TagAll({kConversation}, {{{"b"}}, {}});
  EXPECT_THAT(Answer("/v1/agent/bulk", Problem(422, "unprocessable")).body, testing::HasSubstr("\"a\""));
  EXPECT_THAT(Answer("/v1/agent/bulk", NoNetwork()).body, testing::HasSubstr("\"b\""));
  world_.Pass(*session_, wire::kActionAgeMsMax + kBackoffFirstMs);
  while (world_.Has("/v1/agent/bulk")) Answer("/v1/agent/bulk", NoNetwork());
  EXPECT_FALSE(session_->acting_together()) << "nobody waits for ever";
  ASSERT_EQ(session_->together().refused.size(), 1U);
  EXPECT_EQ(session_->together().refused[0].code, "");
  session_->CloseAll({}, "");
  EXPECT_FALSE(world_.Has("/v1/agent/bulk")) << "none is chosen";
}

// No signal is needed: what is told makes of a summary what a snapshot would say.
TEST_F(AgentSessionTest, WhatIsNotLoadedIsSummedUpAsItIsAmended) {
  wire::ConversationWithEvents talk = Talk(kConversation, 3);
  talk.conversation.preview = wire::PreviewOf(talk.events.back());
  talk.conversation.form = std::vector{wire::Field{"order", "17"}};
  talk.conversation.page = "https://shop.example/";
  talk.conversation.rating = wire::Rating{1, "bad"};
  talk.events.clear();
  SignInWith(Snapshot({talk}, {}));
  ASSERT_EQ(Ids(session_->Mine()), "V");
  const auto shown = [&]() -> const wire::Conversation& { return *session_->Mine()[0]; };
  int64_t seq = 3;
  const auto tell = [&](wire::EventType type, int64_t target_seq, std::optional<std::string> text) {
    wire::Event change = News(kConversation, ++seq, type);
    change.target = "msg_of_it";
    change.target_seq = target_seq;
    change.text = std::move(text);
    Poll({change});
  };
  tell(wire::EventType::kEdited, 3, "it is blue");
  EXPECT_EQ(shown().preview->text, "it is blue");
  tell(wire::EventType::kDeleted, 2, std::nullopt);
  EXPECT_EQ(shown().preview->text, "it is blue") << "another was deleted";
  tell(wire::EventType::kDeleted, 3, std::nullopt);
  EXPECT_EQ(shown().preview->text, "");
  Poll({Message(kConversation, ++seq, kMara, "Hello")});
  const int64_t ours = seq;
  tell(wire::EventType::kErased, ours, std::nullopt);
  EXPECT_EQ(shown().preview->text, "");
  EXPECT_EQ(shown().page, "https://shop.example/") << "one message was erased";
  Poll({Message(kConversation, ++seq, kPriya, "secret")});
  wire::Event erased = News(kConversation, seq + 1, wire::EventType::kErased);
  erased.target = kPriya.id;
  erased.upto = seq;
  Poll({erased});
  EXPECT_EQ(shown().preview->text, "");
  EXPECT_EQ(shown().form, std::nullopt);
  EXPECT_EQ(shown().page, std::nullopt);
  EXPECT_EQ(shown().rating, (wire::Rating{1, std::nullopt}));
}

// What is tagged in what a colleague has comes by no poll.
TEST_F(AgentSessionTest, WhatWasDoneWithTheSelectedOneIsReadToItsEnd) {
  SignInWith(Snapshot({Talk(kConversation, 1)}, {}));
  session_->Select(kConversation);
  session_->TagAll({kConversation}, {{{"vip"}}, {}});
  wire::BulkAnswer answer;
  answer.results = {{kConversation, 200, {}, {}, {}, Talk(kConversation, 2).conversation}};
  Answer("/v1/agent/bulk", Ok(answer));
  EXPECT_TRUE(world_.Has(kPath + "/events?after=1"));
}

TEST_F(AgentSessionTest, AClosedOneTellsItsReason) {
  SignInWith(Snapshot({Talk(kConversation, 1)}, {}));
  session_->Select(kConversation);
  session_->Close("solved");
  EXPECT_EQ(Answer(kPath + "/close", Ok(wire::ConversationAnswer{Talk(kConversation, 1)})).body,
            R"({"reason":"solved"})");
}

TEST_F(AgentSessionTest, ColleaguesAreToldWhatIsLookedAtAndNoLonger) {
  const std::string other = "/v1/agent/conversations/" + kOther;
  SignInWith(Snapshot({Talk(kConversation, 1), Talk(kOther, 1)}, {}));
  EXPECT_FALSE(world_.Has(kPath + "/viewing"));
  session_->Select(kConversation);
  EXPECT_EQ(Answer(kPath + "/viewing", Ok(wire::ViewersAnswer{})).body, "{}");
  world_.Pass(*session_, 29'000);
  EXPECT_FALSE(world_.Has(kPath + "/viewing"));
  world_.Pass(*session_, 2'000);
  EXPECT_EQ(Answer(kPath + "/viewing", Ok(wire::ViewersAnswer{})).body, "{}") << "before it is forgotten";
  session_->Select(kOther);
  EXPECT_EQ(Answer(kPath + "/viewing", Ok(wire::ViewersAnswer{})).body, R"({"gone":true})");
  EXPECT_EQ(Answer(other + "/viewing", Ok(wire::ViewersAnswer{})).body, "{}");
  world_.Pass(*session_, 31'000);
  EXPECT_FALSE(world_.Has(kPath + "/viewing")) << "only what is looked at";
  Answer(other + "/viewing", Ok(wire::ViewersAnswer{}));
  session_->SetVisible(false);
  EXPECT_EQ(Answer(other + "/viewing", NoNetwork()).body, R"({"gone":true})");
  world_.Pass(*session_, 60'000);
  EXPECT_FALSE(world_.Has(other + "/viewing")) << "they find it out without";
  session_->SetVisible(true);
  // Told after all that one looks no longer: it may have come there late.
  const HttpRequest looks = world_.Take(other + "/viewing");
  session_->Select("");
  Answer(other + "/viewing", Ok(wire::ViewersAnswer{}));
  session_->OnResponse(looks.id, Ok(wire::ViewersAnswer{}));
  EXPECT_EQ(world_.Take(other + "/viewing").body, R"({"gone":true})");
}

TEST_F(AgentSessionTest, ShowsWhoElseLooksAndWritesUntilTheyDoNot) {
  SignInWith(Snapshot({Talk(kConversation, 1)}, {}));
  const wire::Actor ada{wire::ActorKind::kAgent, "agt_01ARZ3NDEKTSV4RRFFQ69G5FAZ", "Ada"};
  // "Ada Jonas*": Jonas writes.
  const auto seen = [&] {
    std::string all;
    for (const Viewer& viewer : session_->viewers()) {
      all += (all.empty() ? "" : " ") + viewer.agent.name + (viewer.writes_until != 0 ? "*" : "");
    }
    return all;
  };
  const auto told = [&](wire::SignalType type, const wire::Actor& actor, int64_t for_ms) {
    wire::Signal signal;
    signal.type = type;
    signal.conversation = kConversation;
    signal.actor = actor;
    signal.for_ms = for_ms;
    Poll({}, {signal});
  };
  told(wire::SignalType::kViewing, ada, wire::kViewingTtlMs);
  EXPECT_EQ(seen(), "") << "of what is not looked at";
  session_->Select(kConversation);
  Answer(kPath + "/viewing", Ok(wire::ViewersAnswer{{{ada, {}}, {kJonas, true}}}));
  EXPECT_EQ(seen(), "Ada Jonas*");
  world_.Pass(*session_, wire::kTypingTtlMs);
  EXPECT_EQ(seen(), "Ada Jonas") << "who stops without a word";
  told(wire::SignalType::kTyping, ada, wire::kTypingTtlMs);
  EXPECT_EQ(seen(), "Ada* Jonas");
  told(wire::SignalType::kTyping, ada, 0);
  EXPECT_EQ(seen(), "Ada Jonas");
  told(wire::SignalType::kTyping, kMara, wire::kTypingTtlMs);
  EXPECT_EQ(seen(), "Ada Jonas") << "oneself, elsewhere";
  told(wire::SignalType::kTyping, kPriya, wire::kTypingTtlMs);
  EXPECT_EQ(seen(), "Ada Jonas") << "the customer is no colleague";
  EXPECT_NE(session_->conversation()->typing, nullptr);
  told(wire::SignalType::kViewing, kJonas, 0);
  EXPECT_EQ(seen(), "Ada");
  session_->SetTyping("on");
  Answer(kPath + "/typing", Ok(wire::ViewersAnswer{{{kJonas, true}}}));
  EXPECT_EQ(seen(), "Jonas*") << "each key asks";
  world_.Pass(*session_, wire::kViewingTtlMs);
  EXPECT_EQ(seen(), "") << "who goes without a word";
  told(wire::SignalType::kViewing, kJonas, wire::kViewingTtlMs);
  session_->Select("");
  EXPECT_EQ(seen(), "");
}

// What an administrator changes is asked for once it is told of, until it is heard.
TEST_F(AgentSessionTest, WhatAdministrationChangedIsAskedFor) {
  SignInWith(Snapshot({Talk(kConversation, 1)}, {}));
  wire::Signal signal;
  signal.type = wire::SignalType::kConfiguration;
  Poll({}, {signal});
  const HttpRequest request = Answer("/v1/agent/configuration", NoNetwork());
  EXPECT_EQ(request.method, HttpMethod::kGet);
  EXPECT_EQ(request.token, "at_1");
  world_.Pass(*session_, kBackoffFirstMs);
  wire::AgentConfiguration configuration = Snapshot({}, {});
  configuration.agent.name = "Mara K.";
  configuration.agents = {configuration.agent, Summary(kJonas, wire::Presence::kOnline)};
  configuration.canned = {{"hi", "Hello", {}, {}}};
  configuration.teams = {{"tea_1", "Billing"}};
  configuration.tags = {{"tag_1", {.name = "spam", .colour = "#000000"}}};
  configuration.closing = wire::Closing{{"solved"}, true, {}};
  const uint64_t revision = session_->revision();
  Answer("/v1/agent/configuration", Ok(configuration));
  EXPECT_GT(session_->revision(), revision);
  EXPECT_EQ(session_->me().name, "Mara K.");
  EXPECT_EQ(session_->canned(), configuration.canned);
  EXPECT_EQ(session_->agents().size(), 2U);
  EXPECT_EQ(session_->teams(), configuration.teams);
  EXPECT_EQ(session_->tags(), configuration.tags);
  EXPECT_EQ(session_->closing(), configuration.closing);
  EXPECT_EQ(session_->Mine().size(), 1U) << "conversations stay";
}

TEST_F(AgentSessionTest, PresenceIsShownAtOnceAndToldUntilItIsHeard) {
  SignInWith(Snapshot({}, {}));
  EXPECT_EQ(session_->me().presence, wire::Presence::kAway);
  session_->SetPresence(wire::Presence::kOnline);
  EXPECT_EQ(session_->me().presence, wire::Presence::kOnline);
  Answer("/v1/agent/presence", NoNetwork());
  // What the server believes meanwhile does not flicker through.
  wire::Signal presence;
  presence.type = wire::SignalType::kPresence;
  presence.agent = Summary(kMara, wire::Presence::kAway);
  presence.agent->load = 3;
  Poll({}, {presence});
  EXPECT_EQ(session_->me().presence, wire::Presence::kOnline);
  EXPECT_EQ(session_->me().load, 3);
  world_.Pass(*session_, kBackoffFirstMs);
  EXPECT_EQ(Answer("/v1/agent/presence", Json(200, "{}")).body, R"({"state":"online"})");
  presence.agent = Summary(kJonas, wire::Presence::kOffline);
  Poll({}, {presence});
  EXPECT_EQ(session_->agents()[1].presence, wire::Presence::kOffline);
}

TEST_F(AgentSessionTest, APresenceThatIsRefusedIsTakenBackAndSaidSo) {
  SignInWith(Snapshot({}, {}));
  session_->SetPresence(wire::Presence::kOnline);
  Answer("/v1/agent/presence", Json(200, "{}"));
  session_->SetPresence(wire::Presence::kOffline);
  Answer("/v1/agent/presence", Problem(403, "role_required"));
  EXPECT_EQ(session_->me().presence, wire::Presence::kOnline);
  EXPECT_TRUE(session_->presence_refused());
  session_->SetPresence(wire::Presence::kAway);
  EXPECT_FALSE(session_->presence_refused());
  Answer("/v1/agent/presence", Problem(403, "role_required"));
  EXPECT_TRUE(session_->presence_refused());
  // The server's own word is newer.
  wire::Signal presence;
  presence.type = wire::SignalType::kPresence;
  presence.agent = Summary(kMara, wire::Presence::kOffline);
  Poll({}, {presence});
  EXPECT_FALSE(session_->presence_refused());
  EXPECT_EQ(session_->me().presence, wire::Presence::kOffline);
}

TEST_F(AgentSessionTest, ADayOfClosedConversationsIsBounded) {
  const auto closed = [](size_t number) {
    const std::string digits = std::to_string(1000 + number);
    wire::Conversation conversation = Talk(kConversation.substr(0, kConversation.size() - 4) + digits, 2).conversation;
    conversation.state = wire::ConversationState::kClosed;
    conversation.updated_at = static_cast<int64_t>(number);
    return conversation;
  };
  SignInWith(Snapshot({Talk(kConversation, 1)}, {Waiting(kOther, 1)}));
  const std::string first = closed(0).id;
  const std::string second = closed(1).id;
  Poll({}, {SummarySignal(closed(0))});
  session_->Select(first);
  for (size_t i = 1; i <= wire::kBygoneConversationsMax; ++i) Poll({}, {SummarySignal(closed(i))});
  // At the bound all are there; the one that is looked at stays beside.
  EXPECT_EQ(session_->Closed().size(), wire::kBygoneConversationsMax + 1);
  wire::Conversation anothers = Talk(second, 2).conversation;
  anothers.id.back() = 'Z';
  anothers.agent = kJonas;
  Poll({}, {SummarySignal(anothers)});
  EXPECT_EQ(session_->Closed().size(), wire::kBygoneConversationsMax);
  EXPECT_EQ(session_->Closed().back()->id, first);
  for (const wire::Conversation* row : session_->Closed()) EXPECT_NE(row->id, second);
  EXPECT_EQ(session_->Mine().size(), 1u);
  EXPECT_EQ(session_->Waiting().size(), 1u);
  // What was asked for page by page comes on top, until the list is opened anew.
  session_->LoadClosed();
  Answer("/v1/agent/conversations?view=closed", Ok(wire::ConversationList{{closed(1)}, true}));
  Poll({}, {});
  EXPECT_EQ(session_->Closed().size(), wire::kBygoneConversationsMax + 1);
  session_->LoadClosed();
  EXPECT_EQ(session_->Closed().size(), wire::kBygoneConversationsMax);
}

TEST_F(AgentSessionTest, ClosedOnesComeInPages) {
  SignInWith(Snapshot({}, {}));
  auto closed = [](const std::string& id, int64_t at) {
    wire::Conversation conversation = Talk(id, 2).conversation;
    conversation.state = wire::ConversationState::kClosed;
    conversation.updated_at = at;
    return conversation;
  };
  session_->LoadClosed();
  EXPECT_TRUE(session_->closed_loading());
  Answer("/v1/agent/conversations?view=closed", Ok(wire::ConversationList{{closed(kConversation, 20)}, true}));
  EXPECT_FALSE(session_->closed_loading());
  EXPECT_TRUE(session_->closed_has_more());
  session_->LoadMoreClosed();
  const HttpRequest more =
      Answer("/v1/agent/conversations?view=closed", Ok(wire::ConversationList{{closed(kOther, 10)}, false}));
  EXPECT_THAT(more.path, testing::HasSubstr("before=" + kConversation));
  EXPECT_FALSE(session_->closed_has_more());
  EXPECT_EQ(Ids(session_->Closed()), "VW");
  session_->Select(kOther);
  EXPECT_TRUE(session_->conversation()->loading);
  EXPECT_TRUE(world_.Has("/v1/agent/conversations/" + kOther));
}

TEST_F(AgentSessionTest, ThoseOfColleaguesAreListedAndFollowedWhileLookedAt) {
  const auto of = [](const std::string& id, const wire::Actor& agent) {
    wire::ConversationWithEvents talk = Talk(id, 2);
    talk.conversation.agent = agent;
    return talk;
  };
  const std::string list = "/v1/agent/conversations?view=team";
  SignInWith(Snapshot({Talk(kConversation, 1)}, {}));
  EXPECT_TRUE(session_->Team().empty());
  session_->LoadTeam();
  EXPECT_TRUE(session_->team_loading());
  wire::Conversation waits = of("cnv_01ARZ3NDEKTSV4RRFFQ69G5FAZ", kJonas).conversation;
  waits.state = wire::ConversationState::kQueued;
  waits.agent.reset();
  Answer(list, Ok(wire::ConversationList{{Talk(kConversation, 1).conversation, waits}, true}));
  EXPECT_TRUE(session_->Team().empty()) << "mine, and what waits, are in lists of their own";
  ASSERT_TRUE(session_->team_has_more());
  session_->LoadMoreTeam();
  EXPECT_THAT(Answer(list, Ok(wire::ConversationList{{of(kOther, kJonas).conversation}, false})).path,
              testing::HasSubstr("before=" + waits.id));
  EXPECT_EQ(Ids(session_->Team()), "W");

  const std::string other = "/v1/agent/conversations/" + kOther;
  session_->Select(kOther);
  Answer(other, Ok(wire::ConversationAnswer{of(kOther, kJonas)}));
  Answer(other + "/viewing", Ok(wire::ViewersAnswer{}));
  wire::ConversationWithEvents later = of(kOther, kJonas);
  later.conversation.last_seq = 3;
  later.events.push_back(Message(kOther, 3, kPriya, "three"));
  Answer(other, Ok(wire::ConversationAnswer{later}));
  EXPECT_EQ(Screen(*session_), "text 1|text 2+|three") << "as often as that one looks is told";
  wire::Signal stopped;
  stopped.type = wire::SignalType::kTyping;
  stopped.conversation = kOther;
  stopped.actor = kPriya;
  stopped.for_ms = 0;
  Poll({}, {stopped});
  EXPECT_TRUE(world_.Has(other)) << "and when somebody may have sent what they wrote";
  world_.transport.open.clear();
  session_->Select(kConversation);
  Answer(kPath + "/viewing", Ok(wire::ViewersAnswer{}));
  EXPECT_FALSE(world_.Has(kPath)) << "of mine the poll tells";

  // Anew: what is no longer there is gone when the answer is here.
  session_->LoadTeam();
  EXPECT_EQ(Ids(session_->Team()), "W");
  Answer(list, Ok(wire::ConversationList{{}, false}));
  EXPECT_TRUE(session_->Team().empty());
}

TEST_F(AgentSessionTest, AnAgentReadsOnlyWhatIsTheirsAndTypesUnseen) {
  SignInWith(Snapshot({Talk(kConversation, 1)}, {Waiting(kOther, 1)}));
  session_->Select(kOther);
  session_->MarkRead();
  EXPECT_FALSE(world_.Has("/v1/agent/conversations/" + kOther + "/read"));
  session_->Select(kConversation);
  session_->MarkRead();
  EXPECT_TRUE(world_.Has(kPath + "/read"));
  session_->SetTyping("not yours to see");
  EXPECT_EQ(world_.Take(kPath + "/typing").body, "{}");
  session_->SetTyping("");
  EXPECT_EQ(world_.Take(kPath + "/typing").body, R"({"text":""})");
}

TEST_F(AgentSessionTest, SeesWhatTheCustomerTypes) {
  SignInWith(Snapshot({Talk(kConversation, 1)}, {}));
  session_->Select(kConversation);
  wire::Signal typing;
  typing.type = wire::SignalType::kTyping;
  typing.conversation = kConversation;
  typing.actor = kPriya;
  typing.for_ms = 6'000;
  typing.text = "and can you also";
  Poll({}, {typing});
  EXPECT_EQ(session_->conversation()->draft, "and can you also");
  // A colleague who types is not the other side.
  typing.actor = kJonas;
  typing.text.reset();
  Poll({}, {typing});
  EXPECT_EQ(session_->conversation()->typing->name, "Priya");
}

TEST_F(AgentSessionTest, AColleaguesMessageIsOfOurSideAndNotMine) {
  wire::ConversationWithEvents talk = Talk(kConversation, 1);
  talk.events.push_back(Message(kConversation, 2, kJonas, "from Jonas"));
  talk.events.push_back(Message(kConversation, 3, kMara, "from me"));
  talk.conversation.last_seq = 3;
  SignInWith(Snapshot({talk}, {}));
  session_->Select(kConversation);
  const auto rows = session_->conversation()->rows;
  EXPECT_FALSE(rows[0].our_side);
  EXPECT_TRUE(rows[1].our_side && !rows[1].mine);
  EXPECT_EQ(rows[1].delivery, Delivery::kNone);
  EXPECT_TRUE(rows[2].mine);
  EXPECT_EQ(rows[2].delivery, Delivery::kSent);
}

}  // namespace
}  // namespace alcove::client
