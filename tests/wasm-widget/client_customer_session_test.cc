#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "functions/wire/limits.h"
#include "tests/wasm-widget/client_fakes.h"
#include "wasm-widget/client/customer_session.h"

namespace alcove::client {
namespace {

constexpr std::string_view kSession = "/v1/customer/session";
constexpr std::string_view kPoll = "/v1/customer/poll";
const std::string kPath = "/v1/customer/conversations/" + kConversation;

wire::CustomerSession Snapshot(std::vector<wire::ConversationWithEvents> talks) {
  wire::CustomerSession session;
  session.token = "ct_1";
  session.customer = {kPriya.id, kPriya.name};
  session.site.id = "sit_demo";
  session.conversations = std::move(talks);
  session.cursor = "c1";
  session.poll.hold_ms = 25'000;
  return session;
}
wire::PollAnswer Told(std::vector<wire::Event> events, std::vector<wire::Signal> signals = {}) {
  return {std::move(events), std::move(signals), "c2", false, {25'000, 0}};
}
template <class T>
T Read(const HttpRequest& request) {
  auto parsed = functions::ParseJson<T>(request.body);
  EXPECT_TRUE(parsed.ok()) << parsed.status() << request.body;
  return parsed.ok() ? *std::move(parsed) : T{};
}
std::string Last(const std::string& path) { return path.substr(path.rfind('/') + 1); }

class CustomerSessionTest : public testing::Test {
 protected:
  void Start() { session_->Start("sit_demo", wire::Page{"https://shop.example/", std::nullopt}, "en"); }
  void Connect(std::vector<wire::ConversationWithEvents> talks) {
    Start();
    Answer(kSession, Ok(Snapshot(std::move(talks))));
    ASSERT_TRUE(session_->ready());
  }
  HttpRequest Answer(std::string_view path, const HttpAnswer& answer) {
    const HttpRequest request = world_.Take(path);
    session_->OnResponse(request.id, answer);
    return request;
  }
  void Poll(std::vector<wire::Event> events, std::vector<wire::Signal> signals = {}) {
    Answer(kPoll, Ok(Told(std::move(events), std::move(signals))));
  }
  // The server stores the message that is under way.
  std::string Store(const std::string& conversation, int64_t seq) {
    const HttpRequest request = world_.Take("/v1/customer/conversations/" + conversation + "/messages/");
    const std::string id = Last(request.path);
    stored_ = Message(conversation, seq, kPriya, Read<wire::NewMessage>(request).text, id);
    session_->OnResponse(request.id, Ok(wire::EventAnswer{stored_}));
    return id;
  }
  void Reload() {
    world_.transport.open.clear();
    session_ = std::make_unique<CustomerSession>(world_.platform);
  }

  FakeWorld world_;
  std::unique_ptr<CustomerSession> session_ = std::make_unique<CustomerSession>(world_.platform);
  wire::Event stored_;
};

TEST_F(CustomerSessionTest, DoesNothingBeforeItIsStarted) {
  session_->Tick();
  session_->SetVisible(false);
  session_->SetVisible(true);
  session_->OnNetworkBack();
  session_->SendMessage("x");
  EXPECT_TRUE(world_.transport.open.empty());
  EXPECT_TRUE(world_.storage.values.empty());
  EXPECT_EQ(session_->NextDueAt(), kNever);
  EXPECT_EQ(session_->connection(), Connection::kIdle);
}

TEST_F(CustomerSessionTest, MakesASessionKeepsItsTokenAndPolls) {
  Start();
  EXPECT_EQ(session_->connection(), Connection::kConnecting);
  const HttpRequest request = Answer(kSession, Ok(Snapshot({Talk(kConversation, 3)})));
  const auto body = Read<wire::CustomerSessionRequest>(request);
  EXPECT_EQ(body.site, "sit_demo");
  EXPECT_EQ(body.token, std::nullopt);
  EXPECT_EQ(body.page->url, "https://shop.example/");
  EXPECT_EQ(request.token, "");
  EXPECT_EQ(session_->connection(), Connection::kOnline);
  EXPECT_EQ(world_.storage.values["alcove.token.sit_demo"], "ct_1");
  const HttpRequest poll = world_.Take(kPoll);
  EXPECT_EQ(poll.path, "/v1/customer/poll?cursor=c1&wait=25");
  EXPECT_EQ(poll.token, "ct_1");
  EXPECT_EQ(poll.timeout_ms, 35'000);
  session_->Select(kConversation);
  EXPECT_EQ(Screen(*session_), "text 1+|text 2|text 3+");
}

TEST_F(CustomerSessionTest, ResumesWithTheTokenThatWasKept) {
  Connect({});
  Reload();
  Start();
  EXPECT_EQ(Read<wire::CustomerSessionRequest>(world_.Take(kSession)).token, "ct_1");
}

TEST_F(CustomerSessionTest, AMessageGoesFromSendingToSentToSeen) {
  Connect({Talk(kConversation, 2)});
  session_->Select(kConversation);
  session_->SendMessage("hello");
  EXPECT_EQ(Screen(*session_), "text 1+|text 2|hello~");
  Store(kConversation, 3);
  EXPECT_EQ(Screen(*session_), "text 1+|text 2|hello+");
  Poll({stored_});
  EXPECT_EQ(Screen(*session_), "text 1+|text 2|hello+");
  wire::Signal read;
  read.type = wire::SignalType::kRead;
  read.conversation = kConversation;
  read.by = wire::ActorKind::kAgent;
  read.seq = 3;
  Poll({}, {read});
  EXPECT_EQ(Screen(*session_), "text 1++|text 2|hello++");
}

TEST_F(CustomerSessionTest, AMessageWhoseAnswerWasLostIsSentAgainAndShownOnce) {
  Connect({Talk(kConversation, 2)});
  session_->Select(kConversation);
  session_->SendMessage("hello");
  const HttpRequest first = Answer(kPath + "/messages/", NoNetwork());
  EXPECT_EQ(Screen(*session_), "text 1+|text 2|hello~");
  world_.Pass(*session_, kBackoffFirstMs);
  const HttpRequest second = world_.Take(kPath + "/messages/");
  EXPECT_EQ(first.path, second.path);
  EXPECT_EQ(first.body, second.body);
  EXPECT_NE(first.id, second.id);
  // The poll brings it before the second answer does.
  const wire::Event event = Message(kConversation, 3, kPriya, "hello", Last(first.path));
  Poll({event});
  EXPECT_EQ(Screen(*session_), "text 1+|text 2|hello+");
  session_->OnResponse(second.id, Ok(wire::EventAnswer{event}));
  EXPECT_EQ(Screen(*session_), "text 1+|text 2|hello+");
  EXPECT_EQ(world_.storage.values.count("alcove.outbox.sit_demo"), 0u);
}

TEST_F(CustomerSessionTest, OneMessageOfAConversationIsUnderWayAtATime) {
  Connect({Talk(kConversation, 2), Talk(kOther, 2)});
  session_->Select(kConversation);
  session_->SendMessage("one");
  session_->SendMessage("two");
  session_->Select(kOther);
  session_->SendMessage("elsewhere");
  EXPECT_TRUE(world_.Has("/v1/customer/conversations/" + kOther + "/messages/"));
  const HttpRequest first = Answer(kPath + "/messages/", NoNetwork());
  // The second waits for the first, not for its turn only.
  EXPECT_FALSE(world_.Has(kPath + "/messages/"));
  world_.Pass(*session_, kBackoffFirstMs);
  EXPECT_EQ(Store(kConversation, 3), Last(first.path));
  const HttpRequest second = world_.Take(kPath + "/messages/");
  EXPECT_NE(second.path, first.path);
  session_->Select(kConversation);
  EXPECT_EQ(Screen(*session_), "text 1+|text 2|one+|two~");
}

TEST_F(CustomerSessionTest, AnAcknowledgedMessageWaitsForTheEventsBeforeIt) {
  Connect({Talk(kConversation, 2)});
  session_->Select(kConversation);
  session_->SendMessage("mine");
  const std::string id = Store(kConversation, 4);
  EXPECT_EQ(Screen(*session_), "text 1+|text 2|mine+");
  EXPECT_EQ(world_.storage.values.count("alcove.outbox.sit_demo"), 0u);
  Poll({Message(kConversation, 3, kMara, "theirs"), Message(kConversation, 4, kPriya, "mine", id)});
  EXPECT_EQ(Screen(*session_), "text 1+|text 2|theirs|mine+");
}

TEST_F(CustomerSessionTest, AGapIsFilledBeforeAnythingBehindItIsShown) {
  Connect({Talk(kConversation, 2)});
  session_->Select(kConversation);
  Poll({Message(kConversation, 5, kMara, "five")});
  EXPECT_EQ(Screen(*session_), "text 1+|text 2");
  EXPECT_TRUE(world_.Has(kPath + "/events?after=2"));
  Poll({Message(kConversation, 6, kMara, "six")});
  wire::EventPage page;
  page.events = {Message(kConversation, 3, kMara, "three"), Message(kConversation, 4, kMara, "four")};
  page.more = true;
  Answer(kPath + "/events?after=2", Ok(page));
  EXPECT_EQ(Screen(*session_), "text 1+|text 2|three|four");
  page.events = {Message(kConversation, 5, kMara, "five"), Message(kConversation, 6, kMara, "six")};
  page.more = false;
  Answer(kPath + "/events?after=4", Ok(page));
  EXPECT_EQ(Screen(*session_), "text 1+|text 2|three|four|five|six");
  EXPECT_FALSE(world_.Has(kPath + "/events"));
}

TEST_F(CustomerSessionTest, AGapThatCannotBeFilledEndsInASnapshot) {
  Connect({Talk(kConversation, 2)});
  Poll({Message(kConversation, 5, kMara, "five")});
  for (int i = 0; i < 3; ++i) Answer(kPath + "/events?after=2", Ok(wire::EventPage{}));
  EXPECT_FALSE(world_.Has(kPath + "/events"));
  Answer(kSession, Ok(Snapshot({Talk(kConversation, 5)})));
  session_->Select(kConversation);
  EXPECT_EQ(Screen(*session_), "text 1+|text 2|text 3+|text 4|text 5+");
}

TEST_F(CustomerSessionTest, RepeatsAndUnknownEventsChangeNothingOnScreen) {
  Connect({Talk(kConversation, 3)});
  session_->Select(kConversation);
  Poll({Message(kConversation, 2, kMara, "again"), Message(kConversation, 3, kPriya, "again"),
        News(kConversation, 4, wire::EventType::kUnknown), News(kConversation, 5, wire::EventType::kHidden),
        Message(kConversation, 6, kMara, "six")});
  EXPECT_EQ(Screen(*session_), "text 1+|text 2|text 3+|six");
}

TEST_F(CustomerSessionTest, AConversationStartsWithItsMessageInOneWriteRepeatedUnchanged) {
  Connect({});
  session_->StartConversation("first", wire::Page{"https://shop.example/mug", "Mug"});
  EXPECT_EQ(Screen(*session_), "first~");
  EXPECT_EQ(session_->conversation()->summary->state, wire::ConversationState::kUnknown);
  session_->SendMessage("second");
  const HttpRequest start = Answer("/v1/customer/conversations/cnv_", NoNetwork());
  const auto body = Read<wire::NewConversation>(start);
  EXPECT_EQ(body.message->text, "first");
  EXPECT_EQ(body.page->title, "Mug");
  world_.Pass(*session_, kBackoffFirstMs);
  const HttpRequest again = world_.Take("/v1/customer/conversations/cnv_");
  EXPECT_EQ(again.path, start.path);
  EXPECT_EQ(again.body, start.body);
  const std::string id = Last(start.path);
  wire::ConversationWithEvents talk;
  talk.conversation.id = id;
  talk.conversation.state = wire::ConversationState::kQueued;
  talk.conversation.position = 2;
  talk.conversation.last_seq = 2;
  talk.events = {Message(id, 1, kPriya, "first", body.message->id), News(id, 2, wire::EventType::kQueued)};
  session_->OnResponse(again.id, Ok(wire::ConversationAnswer{talk}));
  EXPECT_EQ(Screen(*session_), "first+|(queued)|second~");
  EXPECT_EQ(session_->conversation()->summary->position, 2);
  Store(id, 3);
  EXPECT_EQ(Screen(*session_), "first+|(queued)|second+");
}

TEST_F(CustomerSessionTest, AReloadKeepsTheOutboxAndTheConversationThatWasToBegin) {
  Connect({Talk(kConversation, 2)});
  session_->Select(kConversation);
  session_->SendMessage("to the old one");
  session_->StartConversation("a new one", std::nullopt);
  const std::string fresh(session_->selected());
  const std::string path = world_.Take(kPath + "/messages/").path;
  Reload();
  Start();
  session_->Select(fresh);
  EXPECT_EQ(Screen(*session_), "a new one~");
  // Nothing is sent before the session is there.
  EXPECT_EQ(world_.transport.open.size(), 1u);
  Answer(kSession, Ok(Snapshot({Talk(kConversation, 2)})));
  EXPECT_EQ(world_.Take(kPath + "/messages/").path, path);
  EXPECT_TRUE(world_.Has("/v1/customer/conversations/" + fresh));
  EXPECT_EQ(Screen(*session_), "a new one~");
  session_->Select(kConversation);
  EXPECT_EQ(Screen(*session_), "text 1+|text 2|to the old one~");
}

TEST_F(CustomerSessionTest, ARestoredStoreLeavesTheOutboxAlone) {
  Connect({Talk(kConversation, 4)});
  session_->Select(kConversation);
  session_->SendMessage("unsent");
  const std::string id = Last(Answer(kPath + "/messages/", NoNetwork()).path);
  Answer(kPoll, Problem(410, "resync"));
  wire::ConversationWithEvents restored = Talk(kConversation, 2);
  restored.events[1].text = "rewritten";
  Answer(kSession, Ok(Snapshot({restored})));
  EXPECT_EQ(Screen(*session_), "text 1+|rewritten|unsent~");
  EXPECT_EQ(Store(kConversation, 3), id);
  EXPECT_EQ(Screen(*session_), "text 1+|rewritten|unsent+");
}

TEST_F(CustomerSessionTest, ARefusedTokenMakesANewSessionAndKeepsTheOutbox) {
  Connect({Talk(kConversation, 2)});
  session_->Select(kConversation);
  session_->SendMessage("x");
  Answer(kPath + "/messages/", Problem(401, "token_invalid"));
  EXPECT_FALSE(world_.Has(kPoll));
  EXPECT_FALSE(world_.Has(kPath));
  const HttpRequest request = world_.Take(kSession);
  EXPECT_EQ(Read<wire::CustomerSessionRequest>(request).token, std::nullopt);
  auto fresh = Snapshot({Talk(kConversation, 2)});
  fresh.token = "ct_2";
  session_->OnResponse(request.id, Ok(fresh));
  const HttpRequest again = world_.Take(kPath + "/messages/");
  EXPECT_EQ(again.token, "ct_2");
  EXPECT_EQ(world_.storage.values["alcove.token.sit_demo"], "ct_2");
}

TEST_F(CustomerSessionTest, ALateRefusalOfAnOldTokenDoesNotEndTheNewOne) {
  Connect({Talk(kConversation, 2)});
  session_->Select(kConversation);
  session_->SendMessage("x");
  const HttpRequest old = world_.Take(kPath + "/messages/");
  Answer(kPoll, Problem(401, "token_invalid"));
  auto fresh = Snapshot({Talk(kConversation, 2)});
  fresh.token = "ct_2";
  Answer(kSession, Ok(fresh));
  session_->OnResponse(old.id, Problem(401, "token_invalid"));
  EXPECT_FALSE(world_.Has(kSession));
  EXPECT_EQ(world_.Take(kPath + "/messages/").token, "ct_2");
}

TEST_F(CustomerSessionTest, WhatHappensToAMessageByItsAnswer) {
  HttpAnswer busy = Problem(429, "too_many_requests");
  busy.retry_after_s = 7;
  HttpAnswer portal = Json(200, "<html>");
  portal.content_type = "text/html";
  const struct {
    const char* name;
    HttpAnswer answer;
    const char* screen;
    const char* failure;
    int64_t not_before_ms;
    int64_t by_ms;
  } kCases[] = {
      {"network error", NoNetwork(), "x~", "", 0, 500},
      {"time-out", TimedOut(), "x~", "", 0, 500},
      {"500", Problem(500, "internal"), "x~", "", 0, 500},
      {"502 of a proxy", Json(502, "<html>"), "x~", "", 0, 500},
      {"a portal", portal, "x~", "", 0, 500},
      {"cut JSON", Json(201, R"({"event":{"conversation":"cn)"), "x~", "", 0, 500},
      {"another JSON", Json(201, R"({})"), "x~", "", 0, 500},
      {"429 with Retry-After", busy, "x~", "", 7'000, 14'000},
      {"409 closed", Problem(409, "closed"), "x!", "closed", 0, 0},
      {"409 id_reused", Problem(409, "id_reused"), "x!", "id_reused", 0, 0},
      {"404", Problem(404, "not_found"), "x!", "not_found", 0, 0},
      {"403", Problem(403, "blocked"), "x!", "blocked", 0, 0},
      {"422", Problem(422, "unprocessable"), "x!", "unprocessable", 0, 0},
      {"413 of a proxy", Json(413, "<html>"), "x!", "bad_request", 0, 0},
  };
  for (const auto& test : kCases) {
    SCOPED_TRACE(test.name);
    world_.storage.values.clear();
    Reload();
    Connect({Talk(kConversation, 0)});
    session_->Select(kConversation);
    session_->SendMessage("x");
    Answer(kPath + "/messages/", test.answer);
    EXPECT_EQ(Screen(*session_), test.screen);
    EXPECT_EQ(session_->conversation()->rows[0].failure, test.failure);
    if (test.by_ms == 0) {
      world_.Pass(*session_, 3'600'000);
      EXPECT_FALSE(world_.Has(kPath + "/messages/"));
    } else {
      world_.Pass(*session_, std::max<int64_t>(test.not_before_ms - 1, 0));
      if (test.not_before_ms > 0) {
        EXPECT_FALSE(world_.Has(kPath + "/messages/"));
      }
      world_.Pass(*session_, test.by_ms - test.not_before_ms + 1);
      EXPECT_TRUE(world_.Has(kPath + "/messages/"));
    }
  }
}

TEST_F(CustomerSessionTest, AFailedMessageIsSentAgainWhenAskedAndTheNextOnesPassIt) {
  Connect({Talk(kConversation, 0)});
  session_->Select(kConversation);
  session_->SendMessage("bad");
  session_->SendMessage("good");
  Answer(kPath + "/messages/", Problem(422, "unprocessable"));
  Store(kConversation, 1);
  EXPECT_EQ(Screen(*session_), "good+|bad!");
  // It stays failed over a reload.
  Reload();
  Connect({});
  Answer(kPoll, Ok(Told({stored_})));
  session_->Select(kConversation);
  EXPECT_EQ(Screen(*session_), "good+|bad!");
  session_->RetryMessage(session_->conversation()->rows[1].id);
  EXPECT_EQ(Screen(*session_), "good+|bad~");
  Store(kConversation, 2);
  EXPECT_EQ(Screen(*session_), "good+|bad+");
}

TEST_F(CustomerSessionTest, ADiscardedMessageIsGone) {
  Connect({Talk(kConversation, 0)});
  session_->Select(kConversation);
  session_->SendMessage("bad");
  const std::string id(session_->conversation()->rows[0].id);
  session_->DiscardMessage(id);  // Not while it is under way.
  EXPECT_EQ(Screen(*session_), "bad~");
  Answer(kPath + "/messages/", Problem(422, "unprocessable"));
  session_->DiscardMessage(id);
  EXPECT_EQ(Screen(*session_), "");
  EXPECT_EQ(world_.storage.values.count("alcove.outbox.sit_demo"), 0u);
}

TEST_F(CustomerSessionTest, AConversationThatCouldNotBeginIsRetriedBeforeItsMessages) {
  Connect({});
  session_->StartConversation("one", std::nullopt);
  session_->SendMessage("two");
  const std::string path = Answer("/v1/customer/conversations/", Problem(422, "unprocessable")).path;
  EXPECT_EQ(Screen(*session_), "one!|two!");
  session_->RetryMessage(session_->conversation()->rows[1].id);
  EXPECT_EQ(Screen(*session_), "one~|two~");
  EXPECT_EQ(world_.Take("/v1/customer/conversations/").path, path);
  EXPECT_FALSE(world_.Has("/v1/customer/conversations/"));
}

TEST_F(CustomerSessionTest, AConversationThatNeverBeganIsGoneWithItsLastMessage) {
  Connect({});
  session_->StartConversation("one", std::nullopt);
  Answer("/v1/customer/conversations/", Problem(422, "unprocessable"));
  session_->DiscardMessage(session_->conversation()->rows[0].id);
  EXPECT_TRUE(session_->conversations().empty());
  EXPECT_EQ(session_->selected(), "");
}

TEST_F(CustomerSessionTest, AMessageFailsAfterADay) {
  Connect({Talk(kConversation, 0)});
  session_->Select(kConversation);
  session_->SendMessage("x");
  for (int i = 0; i < 10; ++i) {
    Answer(kPath + "/messages/", NoNetwork());
    world_.Pass(*session_, wire::kBackoffMsMax);
  }
  const HttpRequest last = world_.Take(kPath + "/messages/");
  world_.clock.now += wire::kOutboxAgeMsMax;
  session_->OnResponse(last.id, NoNetwork());
  world_.Pass(*session_, wire::kBackoffMsMax);
  EXPECT_EQ(Screen(*session_), "x!");
  EXPECT_EQ(session_->conversation()->rows[0].failure, "too_old");
}

TEST_F(CustomerSessionTest, WhatWaitsGoesAtOnceWhenTheNetworkIsBack) {
  Connect({Talk(kConversation, 0)});
  session_->Select(kConversation);
  session_->SendMessage("x");
  for (int i = 0; i < 8; ++i) {
    Answer(kPath + "/messages/", NoNetwork());
    if (i < 7) world_.Pass(*session_, wire::kBackoffMsMax);
  }
  if (!world_.Has(kPath + "/messages/")) session_->OnNetworkBack();
  EXPECT_TRUE(world_.Has(kPath + "/messages/"));
  EXPECT_EQ(world_.Take(kPoll).path, "/v1/customer/poll?cursor=c1&wait=0");
}

TEST_F(CustomerSessionTest, BeingShownAsksAtOnceAndDropsTheHeldPoll) {
  Connect({});
  const int64_t held = world_.transport.open.front().id;
  session_->SetVisible(false);
  session_->SetVisible(true);
  EXPECT_EQ(world_.transport.aborts, 1);
  EXPECT_EQ(world_.Take(kPoll).path, "/v1/customer/poll?cursor=c1&wait=0");
  // An answer that comes all the same is not taken.
  const uint64_t revision = session_->revision();
  session_->OnResponse(held, Ok(Told({Message(kConversation, 1, kMara, "x")})));
  EXPECT_EQ(session_->revision(), revision);
}

TEST_F(CustomerSessionTest, AnotherTabTakesTheLineAndWritingTakesItBack) {
  Connect({Talk(kConversation, 0)});
  session_->Select(kConversation);
  Answer(kPoll, Problem(409, "superseded"));
  EXPECT_EQ(session_->connection(), Connection::kSuperseded);
  EXPECT_FALSE(world_.Has(kPoll));
  EXPECT_EQ(session_->NextDueAt(), kNever);
  session_->SendMessage("here");
  EXPECT_EQ(session_->connection(), Connection::kOnline);
  EXPECT_TRUE(world_.Has(kPoll));
}

TEST_F(CustomerSessionTest, BlockedSaysWhyAndSendsNothing) {
  Start();
  Answer(kSession, Problem(403, "origin_denied"));
  EXPECT_EQ(session_->connection(), Connection::kBlocked);
  EXPECT_EQ(session_->blocked_code(), "origin_denied");
  EXPECT_TRUE(world_.transport.open.empty());
  EXPECT_EQ(session_->NextDueAt(), kNever);
  session_->Resume();
  EXPECT_TRUE(world_.Has(kSession));
}

TEST_F(CustomerSessionTest, ShowsThePlaceInTheQueueAndTheAgentWhoComes) {
  Connect({});
  auto talk = Talk(kConversation, 1);
  talk.conversation.state = wire::ConversationState::kQueued;
  talk.conversation.agent.reset();
  talk.conversation.position = 3;
  Answer(kPoll, Problem(410, "resync"));
  Answer(kSession, Ok(Snapshot({talk})));
  session_->Select(kConversation);
  EXPECT_EQ(session_->conversation()->summary->position, 3);
  wire::Signal queue;
  queue.type = wire::SignalType::kQueue;
  queue.conversation = kConversation;
  queue.position = 2;
  Poll({}, {queue});
  EXPECT_EQ(session_->conversation()->summary->position, 2);
  Poll({News(kConversation, 2, wire::EventType::kAssigned)});
  EXPECT_EQ(session_->conversation()->summary->position, std::nullopt);
  EXPECT_EQ(session_->conversation()->summary->agent->name, "Mara");
  Poll({News(kConversation, 3, wire::EventType::kClosed)});
  EXPECT_EQ(session_->conversation()->summary->state, wire::ConversationState::kClosed);
  EXPECT_EQ(Screen(*session_), "text 1+|(assigned)|(closed)");
}

TEST_F(CustomerSessionTest, TypingIsShownUntilItEndsOrAMessageComes) {
  Connect({Talk(kConversation, 2)});
  session_->Select(kConversation);
  wire::Signal typing;
  typing.type = wire::SignalType::kTyping;
  typing.conversation = kConversation;
  typing.actor = kMara;
  typing.for_ms = wire::kTypingTtlMs;
  Poll({}, {typing});
  ASSERT_NE(session_->conversation()->typing, nullptr);
  EXPECT_EQ(session_->conversation()->typing->name, "Mara");
  world_.Pass(*session_, wire::kTypingTtlMs - 1);
  EXPECT_NE(session_->conversation()->typing, nullptr);
  const uint64_t revision = session_->revision();
  world_.Pass(*session_, 1);
  EXPECT_EQ(session_->conversation()->typing, nullptr);
  EXPECT_NE(session_->revision(), revision);
  Poll({}, {typing});
  Poll({Message(kConversation, 3, kMara, "here")});
  EXPECT_EQ(session_->conversation()->typing, nullptr);
  Poll({}, {typing});
  typing.for_ms = 0;
  Poll({}, {typing});
  EXPECT_EQ(session_->conversation()->typing, nullptr);
}

TEST_F(CustomerSessionTest, TellsWhatIsTypedSeldomAndThatItStoppedAtOnce) {
  Connect({Talk(kConversation, 2)});
  session_->Select(kConversation);
  const auto told = [&] { return Read<wire::Typing>(Answer(kPath + "/typing", Json(200, "{}"))).text; };
  session_->SetTyping("h");
  EXPECT_EQ(told(), "h");
  session_->SetTyping("he");
  session_->SetTyping("hel");
  EXPECT_FALSE(world_.Has(kPath + "/typing"));
  world_.Pass(*session_, kTypingGapMs);
  EXPECT_EQ(told(), "hel");
  session_->SetTyping("");
  EXPECT_EQ(told(), "");
  // Nothing is left to tell.
  session_->SetTyping("");
  world_.Pass(*session_, kTypingGapMs);
  EXPECT_FALSE(world_.Has(kPath + "/typing"));
  // A message says itself that the typing is over.
  session_->SetTyping("hello");
  told();
  session_->SendMessage("hello");
  session_->SetTyping("");
  EXPECT_FALSE(world_.Has(kPath + "/typing"));
}

TEST_F(CustomerSessionTest, ReadsOnceWhatIsNewAndOnlyWhileItIsSeen) {
  auto talk = Talk(kConversation, 2);
  talk.conversation.unread = 1;
  Connect({talk});
  EXPECT_EQ(session_->unread(), 1);
  session_->Select(kConversation);
  session_->SetVisible(false);
  session_->MarkRead();
  EXPECT_FALSE(world_.Has(kPath + "/read"));
  session_->SetVisible(true);
  session_->MarkRead();
  session_->MarkRead();
  EXPECT_EQ(session_->unread(), 0);
  const HttpRequest read = Answer(kPath + "/read", NoNetwork());
  EXPECT_EQ(Read<wire::ReadUpTo>(read).seq, 2);
  EXPECT_FALSE(world_.Has(kPath + "/read"));
  Poll({Message(kConversation, 3, kMara, "more")});
  EXPECT_EQ(session_->unread(), 1);
  session_->MarkRead();
  world_.Pass(*session_, kBackoffFirstMs);
  // One request for both.
  EXPECT_EQ(Read<wire::ReadUpTo>(Answer(kPath + "/read", Json(200, "{}"))).seq, 3);
  EXPECT_FALSE(world_.Has(kPath + "/read"));
  // A summary from before the server heard of it does not bring it back.
  wire::Signal summary;
  summary.type = wire::SignalType::kConversation;
  summary.summary = Talk(kConversation, 3).conversation;
  summary.summary->unread = 2;
  Poll({}, {summary});
  EXPECT_EQ(session_->unread(), 0);
}

TEST_F(CustomerSessionTest, LoadsEarlierEventsInPages) {
  Connect({Talk(kConversation, 60, 51)});
  session_->Select(kConversation);
  EXPECT_TRUE(session_->conversation()->has_earlier);
  session_->LoadEarlier();
  session_->LoadEarlier();
  EXPECT_TRUE(session_->conversation()->loading_earlier);
  wire::EventPage page;
  page.events = Talk(kConversation, 50).events;
  Answer(kPath + "/events?before=51", Ok(page));
  EXPECT_EQ(session_->conversation()->rows.size(), 60u);
  EXPECT_EQ(session_->conversation()->rows[0].text, "text 1");
  EXPECT_FALSE(session_->conversation()->has_earlier);
  EXPECT_FALSE(session_->conversation()->loading_earlier);
  EXPECT_FALSE(world_.Has(kPath + "/events"));
  // A snapshot that continues them keeps them.
  Answer(kPoll, Problem(410, "resync"));
  Answer(kSession, Ok(Snapshot({Talk(kConversation, 61, 52)})));
  EXPECT_EQ(session_->conversation()->rows.size(), 61u);
}

TEST_F(CustomerSessionTest, EarlierEventsAskedForInVainAreNotAskedForAgain) {
  const struct {
    const char* name;
    HttpAnswer answer;
  } cases[] = {
      {"refused", Problem(404, "not_found")},
      {"none", Ok(wire::EventPage{})},
  };
  Connect({Talk(kConversation, 60, 51)});
  session_->Select(kConversation);
  for (const auto& each : cases) {
    SCOPED_TRACE(each.name);
    EXPECT_TRUE(session_->conversation()->has_earlier);
    session_->LoadEarlier();
    Answer(kPath + "/events?before=51", each.answer);
    EXPECT_FALSE(session_->conversation()->has_earlier);
    EXPECT_EQ(session_->conversation()->rows.size(), 10u);
    session_->LoadEarlier();
    EXPECT_FALSE(world_.Has(kPath + "/events"));
    // A snapshot is a new beginning.
    Answer(kPoll, Problem(410, "resync"));
    world_.Pass(*session_, 2 * kBackoffFirstMs);
    Answer(kSession, Ok(Snapshot({Talk(kConversation, 60, 51)})));
  }
}

TEST_F(CustomerSessionTest, ARefusedTokenGivesWayToThatOfAnotherTab) {
  Connect({});
  world_.storage.values["alcove.token.sit_demo"] = "ct_other";
  Answer(kPoll, Problem(401, "token_invalid"));
  EXPECT_EQ(world_.storage.values["alcove.token.sit_demo"], "ct_other");
  EXPECT_THAT(world_.Take(kSession).body, testing::HasSubstr("\"token\":\"ct_other\""));
}

TEST_F(CustomerSessionTest, ClosesAndShowsThatItIsOver) {
  Connect({Talk(kConversation, 2)});
  session_->Select(kConversation);
  session_->Close();
  session_->Close();
  EXPECT_TRUE(session_->conversation()->closing);
  Answer(kPath + "/close", NoNetwork());
  world_.Pass(*session_, kBackoffFirstMs);
  auto closed = Talk(kConversation, 2);
  closed.conversation.state = wire::ConversationState::kClosed;
  closed.conversation.last_seq = 3;
  closed.events.push_back(News(kConversation, 3, wire::EventType::kClosed));
  Answer(kPath + "/close", Ok(wire::ConversationAnswer{closed}));
  EXPECT_FALSE(session_->conversation()->closing);
  EXPECT_EQ(Screen(*session_), "text 1+|text 2|(closed)");
}

TEST_F(CustomerSessionTest, ACloseThatCouldNotBeAskedForAMinuteIsGivenUp) {
  Connect({Talk(kConversation, 2)});
  session_->Select(kConversation);
  session_->Close();
  for (int i = 0; i < 100 && session_->conversation()->closing; ++i) {
    if (world_.Has(kPath + "/close")) Answer(kPath + "/close", NoNetwork());
    world_.Pass(*session_, 5'000);
  }
  EXPECT_FALSE(session_->conversation()->closing);
  EXPECT_FALSE(world_.Has(kPath + "/close"));
}

TEST_F(CustomerSessionTest, RefusesTextsThatTheServerWould) {
  Connect({Talk(kConversation, 0)});
  session_->Select(kConversation);
  session_->SendMessage("");
  session_->SendMessage(" \n\t");
  session_->SendMessage(std::string(wire::kMessageTextBytesMax + 1, 'x'));
  session_->StartConversation("  ", std::nullopt);
  EXPECT_EQ(Screen(*session_), "");
  EXPECT_EQ(session_->conversations().size(), 1u);
  session_->SendMessage(std::string(wire::kMessageTextBytesMax, 'x'));
  EXPECT_EQ(session_->conversation()->rows.size(), 1u);
}

TEST_F(CustomerSessionTest, DamagedStorageIsAnEmptyOne) {
  world_.storage.values["alcove.outbox.sit_demo"] = R"({"messages":[{"id":)";
  Connect({Talk(kConversation, 0)});
  session_->Select(kConversation);
  EXPECT_EQ(Screen(*session_), "");
  session_->SendMessage("x");
  EXPECT_THAT(world_.storage.values["alcove.outbox.sit_demo"], testing::HasSubstr("\"text\":\"x\""));
}

TEST_F(CustomerSessionTest, TwoTabsKeepTheirMessagesInOneStorage) {
  Connect({Talk(kConversation, 0)});
  session_->Select(kConversation);
  session_->SendMessage("of this tab");
  FakeWorld other;
  other.random = FakeRandom(2);
  other.storage.values = world_.storage.values;
  CustomerSession tab(Platform{other.transport, other.clock, other.random, world_.storage});
  tab.Start("sit_demo", std::nullopt, "");
  const HttpRequest request = other.Take(kSession);
  tab.OnResponse(request.id, Ok(Snapshot({Talk(kConversation, 0)})));
  tab.Select(kConversation);
  tab.SendMessage("of that tab");
  Store(kConversation, 1);
  EXPECT_THAT(world_.storage.values["alcove.outbox.sit_demo"], testing::HasSubstr("of that tab"));
  EXPECT_THAT(world_.storage.values["alcove.outbox.sit_demo"], testing::Not(testing::HasSubstr("of this tab")));
}

TEST_F(CustomerSessionTest, AfterSleepItAsksAtOnce) {
  Connect({Talk(kConversation, 2)});
  Answer(kPoll, NoNetwork());
  world_.clock.now += 3'600'000;
  session_->Tick();
  EXPECT_EQ(world_.Take(kPoll).path, "/v1/customer/poll?cursor=c1&wait=0");
}

}  // namespace
}  // namespace alcove::client
