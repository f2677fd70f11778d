// What becomes of a message from the key to the server.
#include "tests/wasm-widget/client_customer_fixture.h"

namespace alcove::client {
namespace {

class CustomerOutboxTest : public CustomerSessionTest {};

TEST_F(CustomerOutboxTest, AMessageGoesFromSendingToSentToSeen) {
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

TEST_F(CustomerOutboxTest, AMessageWhoseAnswerWasLostIsSentAgainAndShownOnce) {
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

TEST_F(CustomerOutboxTest, OneMessageOfAConversationIsUnderWayAtATime) {
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

TEST_F(CustomerOutboxTest, AnAcknowledgedMessageWaitsForTheEventsBeforeIt) {
  Connect({Talk(kConversation, 2)});
  session_->Select(kConversation);
  session_->SendMessage("mine");
  const std::string id = Store(kConversation, 4);
  EXPECT_EQ(Screen(*session_), "text 1+|text 2|mine+");
  EXPECT_EQ(world_.storage.values.count("alcove.outbox.sit_demo"), 0u);
  Poll({Message(kConversation, 3, kMara, "theirs"), Message(kConversation, 4, kPriya, "mine", id)});
  EXPECT_EQ(Screen(*session_), "text 1+|text 2|theirs|mine+");
}

TEST_F(CustomerOutboxTest, AConversationStartsWithItsMessageInOneWriteRepeatedUnchanged) {
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

TEST_F(CustomerOutboxTest, AReloadKeepsTheOutboxAndTheConversationThatWasToBegin) {
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

TEST_F(CustomerOutboxTest, ARestoredStoreLeavesTheOutboxAlone) {
  Connect({Talk(kConversation, 4)});
  session_->Select(kConversation);
  session_->SendMessage("unsent");
  const std::string id = Last(Answer(kPath + "/messages/", NoNetwork()).path);
  Answer(kPoll, Problem(410, "resync"));
  wire::ConversationWithEvents restored = Talk(kConversation, 2);
  restored.events[1].text = "rewritten";
  Answer(kSession, Ok(Snapshot({restored})));
  // What it had acknowledged and lost is sent again, before what came after it.
  EXPECT_EQ(Screen(*session_), "text 1+|rewritten|text 3~|unsent~");
  EXPECT_EQ(Store(kConversation, 3), "msg_3");
  EXPECT_EQ(Store(kConversation, 4), id);
  EXPECT_EQ(Screen(*session_), "text 1+|rewritten|text 3+|unsent+");
}

TEST_F(CustomerOutboxTest, WhatHappensToAMessageByItsAnswer) {
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

TEST_F(CustomerOutboxTest, AFailedMessageIsSentAgainWhenAskedAndTheNextOnesPassIt) {
  Connect({Talk(kConversation, 0)});
  session_->Select(kConversation);
  session_->SendMessage("bad");
  session_->SendMessage("good");
  Answer(kPath + "/messages/", Problem(422, "unprocessable"));
  Store(kConversation, 1);
  EXPECT_EQ(Screen(*session_), "good+|bad!");
  // It stays failed over a reload.
  Reload();
  wire::ConversationWithEvents talk = Talk(kConversation, 0);
  talk.events = {stored_};
  talk.conversation.last_seq = 1;
  Connect({talk});
  session_->Select(kConversation);
  EXPECT_EQ(Screen(*session_), "good+|bad!");
  session_->RetryMessage(session_->conversation()->rows[1].id);
  EXPECT_EQ(Screen(*session_), "good+|bad~");
  Store(kConversation, 2);
  EXPECT_EQ(Screen(*session_), "good+|bad+");
}

TEST_F(CustomerOutboxTest, ADiscardedMessageIsGone) {
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

TEST_F(CustomerOutboxTest, AConversationThatCouldNotBeginIsRetriedBeforeItsMessages) {
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

TEST_F(CustomerOutboxTest, AConversationThatNeverBeganIsGoneWithItsLastMessage) {
  Connect({});
  session_->StartConversation("one", std::nullopt);
  Answer("/v1/customer/conversations/", Problem(422, "unprocessable"));
  session_->DiscardMessage(session_->conversation()->rows[0].id);
  EXPECT_TRUE(session_->conversations().empty());
  EXPECT_EQ(session_->selected(), "");
}

TEST_F(CustomerOutboxTest, AMessageFailsAfterADay) {
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

TEST_F(CustomerOutboxTest, WhatWaitsGoesAtOnceWhenTheNetworkIsBack) {
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

TEST_F(CustomerOutboxTest, RefusesTextsThatTheServerWould) {
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

HttpAnswer RefusedFor(std::string detail, int status = 422) {
  wire::Problem problem;
  problem.status = status;
  problem.code = "unprocessable";
  problem.detail = std::move(detail);
  return Json(status, functions::ToJson(problem));
}

TEST_F(CustomerOutboxTest, AStartRefusedForAFieldIsKeptAndSentAgainWithOtherAnswers) {
  const std::vector<wire::Field> answers = {{"email", "priya"}, {"name", "Priya"}};
  const std::vector<wire::Field> better = {{"email", "priya@example.com"}};
  Connect({});
  session_->StartConversation("hello", std::nullopt, answers);
  session_->SendMessage("anybody?");
  EXPECT_EQ(session_->refused_start(), nullptr);
  const HttpRequest first = world_.Take("/v1/customer/conversations/");
  EXPECT_EQ(Read<wire::NewConversation>(first).form, answers);
  session_->OnResponse(first.id, RefusedFor("form.email is no e-mail address"));
  EXPECT_EQ(Screen(*session_), "hello!|anybody?!");
  ASSERT_NE(session_->refused_start(), nullptr);
  EXPECT_EQ(session_->refused_start()->refused_field, "email");
  // What the site asks for is asked anew.
  EXPECT_TRUE(world_.Has(kSession));

  Reload();
  Connect({});
  session_->Select(session_->newest());
  EXPECT_EQ(Screen(*session_), "hello!|anybody?!");
  ASSERT_NE(session_->refused_start(), nullptr);
  EXPECT_EQ(session_->refused_start()->form, answers);
  EXPECT_EQ(session_->refused_start()->refused_field, "email");

  session_->StartAgain(better);
  EXPECT_EQ(session_->refused_start(), nullptr);
  EXPECT_EQ(Screen(*session_), "hello~|anybody?~");
  const HttpRequest again = world_.Take("/v1/customer/conversations/");
  EXPECT_EQ(again.path, first.path);
  EXPECT_EQ(Read<wire::NewConversation>(again).form, better);
  EXPECT_EQ(Read<wire::NewConversation>(again).message->text, "hello");
}

TEST_F(CustomerOutboxTest, OnlyARefusalForAFieldOfTheFormIsOne) {
  const std::pair<HttpAnswer, const char*> cases[] = {
      {RefusedFor("form.order_no is missing: this site asks for it"), "order_no"},
      {RefusedFor("form.email"), "email"},
      {RefusedFor("page.url is too long"), ""},
      {RefusedFor("form."), ""},
      {RefusedFor("form.email is missing", 409), ""},
      {Problem(422, "unprocessable"), ""},
  };
  for (const auto& [answer, field] : cases) {
    SCOPED_TRACE(answer.body);
    Reload();
    world_.storage.values.clear();
    Connect({});
    session_->StartConversation("hello", std::nullopt);
    Answer("/v1/customer/conversations/", answer);
    EXPECT_EQ(Screen(*session_), "hello!");
    const KeptMessage* refused = session_->refused_start();
    EXPECT_EQ(refused == nullptr ? "" : refused->refused_field.value_or(""), field);
  }
}

}  // namespace
}  // namespace alcove::client
