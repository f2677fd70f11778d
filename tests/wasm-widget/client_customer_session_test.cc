// Who the customer is to the server: tokens, tabs, refusals.
#include "tests/wasm-widget/client_customer_fixture.h"

namespace alcove::client {
namespace {

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

// --- Who the owner says that the customer is ---------------------------------------

std::optional<std::string> IdentityIn(const HttpRequest& request) {
  return Read<wire::CustomerSessionRequest>(request).identity;
}

TEST_F(CustomerSessionTest, TheOwnersWordGoesWithEverySnapshot) {
  session_->SetIdentity("a.b.c");
  Start();
  EXPECT_EQ(IdentityIn(Answer(kSession, Ok(Snapshot({})))), "a.b.c");
  Answer(kPoll, Problem(410, "resync"));
  EXPECT_EQ(IdentityIn(world_.Take(kSession)), "a.b.c");
}

TEST_F(CustomerSessionTest, AWordThatIsRefusedIsDroppedAndTheChatGoesOn) {
  session_->SetIdentity("a.b.c");
  Start();
  const HttpRequest refused = Answer(kSession, Problem(422, "unprocessable"));
  EXPECT_EQ(IdentityIn(refused), "a.b.c");
  EXPECT_EQ(session_->connection(), Connection::kConnecting);
  const HttpRequest again = Answer(kSession, Ok(Snapshot({Talk(kConversation, 2)})));
  EXPECT_EQ(IdentityIn(again), std::nullopt);
  EXPECT_TRUE(session_->ready());
  EXPECT_EQ(session_->connection(), Connection::kOnline);
  Answer(kPoll, Problem(410, "resync"));
  EXPECT_EQ(IdentityIn(world_.Take(kSession)), std::nullopt);
}

TEST_F(CustomerSessionTest, ARefusalOfSomethingElseIsNotTriedForEver) {
  session_->SetIdentity("a.b.c");
  Start();
  Answer(kSession, Problem(422, "unprocessable"));
  Answer(kSession, Problem(422, "unprocessable"));
  EXPECT_FALSE(world_.Has(kSession));
  EXPECT_EQ(session_->connection(), Connection::kBlocked);
}

TEST_F(CustomerSessionTest, ARefusalThatIsNotOfTheWordKeepsIt) {
  session_->SetIdentity("a.b.c");
  Start();
  Answer(kSession, Problem(403, "origin_denied"));
  EXPECT_EQ(session_->connection(), Connection::kBlocked);
  session_->Resume();
  EXPECT_EQ(IdentityIn(world_.Take(kSession)), "a.b.c");
}

TEST_F(CustomerSessionTest, WhereNobodyIsSignedInWhoWasSomebodyIsForgotten) {
  Connect({Talk(kConversation, 2)});
  session_->Select(kConversation);
  session_->SendMessage("unsent");
  Reload();
  session_->SetIdentity(std::string(CustomerSession::kNobody));
  Start();
  auto somebody = Snapshot({Talk(kConversation, 2)});
  somebody.customer.verified = true;
  const HttpRequest asked = Answer(kSession, Ok(somebody));
  EXPECT_EQ(IdentityIn(asked), std::nullopt);
  EXPECT_EQ(Read<wire::CustomerSessionRequest>(asked).token, "ct_1");
  EXPECT_FALSE(session_->ready());
  EXPECT_EQ(world_.storage.values.count("alcove.token.sit_demo"), 0U);
  auto visitor = Snapshot({});
  visitor.token = "ct_2";
  visitor.customer.id = "cus_01ARZ3NDEKTSV4RRFFQ69G5FAZ";
  const HttpRequest anew = Answer(kSession, Ok(visitor));
  EXPECT_EQ(Read<wire::CustomerSessionRequest>(anew).token, std::nullopt);
  EXPECT_TRUE(session_->ready());
  EXPECT_TRUE(session_->conversations().empty());
  EXPECT_FALSE(world_.Has("/v1/customer/conversations/")) << "what they wrote is not the next one's";
  EXPECT_EQ(world_.storage.values["alcove.token.sit_demo"], "ct_2");
}

TEST_F(CustomerSessionTest, WhereNobodyIsSignedInAVisitorStays) {
  session_->SetIdentity(std::string(CustomerSession::kNobody));
  Connect({Talk(kConversation, 2)});
  EXPECT_EQ(world_.storage.values["alcove.token.sit_demo"], "ct_1");
}

TEST_F(CustomerSessionTest, OfTwoTabsThatSayTwoNamesTheLastOneCounts) {
  session_->SetIdentity("a.b.c");
  Connect({});
  // Another tab signed somebody else in, which ended this one's session.
  world_.storage.values["alcove.token.sit_demo"] = "ct_9";
  Answer(kPoll, Problem(401, "token_invalid"));
  const HttpRequest again = world_.Take(kSession);
  EXPECT_EQ(Read<wire::CustomerSessionRequest>(again).token, "ct_9");
  EXPECT_EQ(IdentityIn(again), std::nullopt);
}

TEST_F(CustomerSessionTest, ASessionThatIsOverBeginsAnewAsTheSamePerson) {
  session_->SetIdentity("a.b.c");
  Connect({});
  Answer(kPoll, Problem(401, "token_invalid"));
  const HttpRequest again = world_.Take(kSession);
  EXPECT_EQ(Read<wire::CustomerSessionRequest>(again).token, std::nullopt);
  EXPECT_EQ(IdentityIn(again), "a.b.c");
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

TEST_F(CustomerSessionTest, ARefusedTokenGivesWayToThatOfAnotherTab) {
  Connect({});
  world_.storage.values["alcove.token.sit_demo"] = "ct_other";
  Answer(kPoll, Problem(401, "token_invalid"));
  EXPECT_EQ(world_.storage.values["alcove.token.sit_demo"], "ct_other");
  EXPECT_THAT(world_.Take(kSession).body, testing::HasSubstr("\"token\":\"ct_other\""));
}

TEST_F(CustomerSessionTest, AnotherTabTakesTheLineAndWritingTakesItBack) {
  Connect({Talk(kConversation, 0)});
  session_->Select(kConversation);
  Answer(kPoll, Problem(409, "superseded"));
  EXPECT_EQ(session_->connection(), Connection::kOnline);
  world_.Pass(*session_, 2'000);
  Answer(kPoll, Problem(409, "superseded"));
  EXPECT_EQ(session_->connection(), Connection::kSuperseded);
  EXPECT_FALSE(world_.Has(kPoll));
  EXPECT_EQ(session_->NextDueAt(), kNever);
  session_->SendMessage("here");
  EXPECT_EQ(session_->connection(), Connection::kOnline);
  EXPECT_TRUE(world_.Has(kPoll));
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

TEST_F(CustomerSessionTest, BlockedSaysWhyAndSendsNothing) {
  Start();
  Answer(kSession, Problem(403, "origin_denied"));
  EXPECT_EQ(session_->connection(), Connection::kBlocked);
  EXPECT_EQ(session_->blocked_code(), "origin_denied");
  EXPECT_TRUE(world_.transport.open.empty());
  session_->Resume();
  EXPECT_TRUE(world_.Has(kSession));
}

TEST_F(CustomerSessionTest, ARefusalThatPassesIsFoundOutSlowlyAndWhatWaitsIsSent) {
  Connect({Talk(kConversation, 0)});
  session_->Select(kConversation);
  Answer(kPoll, Problem(403, "blocked"));
  session_->SendMessage("x");
  world_.Pass(*session_, wire::kBlockedRetryMs - 1);
  EXPECT_TRUE(world_.transport.open.empty());
  world_.Pass(*session_, wire::kBlockedRetryMs / 2 + 1);
  Answer(kSession, NoNetwork());
  EXPECT_EQ(session_->connection(), Connection::kBlocked);
  world_.Pass(*session_, wire::kBlockedRetryMs - 1);
  EXPECT_TRUE(world_.transport.open.empty());
  world_.Pass(*session_, wire::kBlockedRetryMs / 2 + 1);
  Answer(kSession, Ok(Snapshot({Talk(kConversation, 0)})));
  EXPECT_EQ(session_->connection(), Connection::kOnline);
  EXPECT_TRUE(world_.Has(kPath + "/messages/"));
}

TEST_F(CustomerSessionTest, TwoTabsThatBeginTogetherAreOneCustomer) {
  FakeWorld other;
  CustomerSession tab(Platform{other.transport, other.clock, other.random, world_.storage});
  Start();
  tab.Start("sit_demo", std::nullopt, "");
  const HttpRequest mine = world_.Take(kSession);
  const HttpRequest theirs = other.Take(kSession);
  EXPECT_EQ(mine.lock, "alcove.session.sit_demo");
  EXPECT_EQ(mine.lock, theirs.lock);
  session_->OnResponse(mine.id, Ok(Snapshot({})));
  // With locks the second is not sent at all.
  tab.OnResponse(theirs.id, CameSecond());
  const HttpRequest again = other.Take(kSession);
  EXPECT_EQ(Read<wire::CustomerSessionRequest>(again).token, "ct_1");
  EXPECT_EQ(again.lock, "");
}

TEST_F(CustomerSessionTest, WithoutLocksTheTabThatIsAnsweredLastTakesTheOthersToken) {
  FakeWorld other;
  CustomerSession tab(Platform{other.transport, other.clock, other.random, world_.storage});
  Start();
  tab.Start("sit_demo", std::nullopt, "");
  Answer(kSession, Ok(Snapshot({Talk(kConversation, 2)})));
  wire::CustomerSession another = Snapshot({});
  another.token = "ct_2";
  another.customer.id = "cus_01ARZ3NDEKTSV4RRFFQ69G5FAX";
  tab.OnResponse(other.Take(kSession).id, Ok(another));
  EXPECT_FALSE(tab.ready());
  EXPECT_EQ(world_.storage.values["alcove.token.sit_demo"], "ct_1");
  const HttpRequest again = other.Take(kSession);
  EXPECT_EQ(Read<wire::CustomerSessionRequest>(again).token, "ct_1");
  tab.OnResponse(again.id, Ok(Snapshot({Talk(kConversation, 2)})));
  EXPECT_EQ(tab.customer().id, kPriya.id);
  EXPECT_EQ(tab.conversations().size(), 1u);
}

TEST_F(CustomerSessionTest, ATokenThatTheServerNoLongerTakesIsReplacedWhoeverKeptIt) {
  Connect({});
  world_.storage.values["alcove.token.sit_demo"] = "ct_other";
  Answer(kPoll, Problem(401, "token_invalid"));
  wire::CustomerSession fresh = Snapshot({});
  fresh.token = "ct_3";
  Answer(kSession, Ok(fresh));
  EXPECT_TRUE(world_.Has(kPoll));
  EXPECT_EQ(world_.storage.values["alcove.token.sit_demo"], "ct_3");
}

// The browser's token was refused, and the server took it for somebody new.
class NewIdentityTest : public CustomerSessionTest {
 protected:
  wire::CustomerSession Another(std::vector<wire::ConversationWithEvents> talks = {}) {
    wire::CustomerSession another = Snapshot(std::move(talks));
    another.token = "ct_2";
    another.customer.id = "cus_01ARZ3NDEKTSV4RRFFQ69G5FAX";
    return another;
  }
  void BecomeAnother() {
    Answer(kPoll, Problem(401, "token_invalid"));
    Answer(kSession, Ok(Another()));
  }
};

TEST_F(NewIdentityTest, WhatWasUnsentBeginsANewConversationInItsOrder) {
  Connect({Talk(kConversation, 2), Talk(kOther, 2)});
  session_->Select(kOther);
  session_->SendMessage("to the other");
  session_->Select(kConversation);
  session_->SendMessage("one");
  session_->SendMessage("two");
  const std::string id(session_->conversation()->rows[2].id);
  BecomeAnother();
  ASSERT_EQ(session_->conversations().size(), 1u);
  EXPECT_EQ(session_->selected(), session_->conversations()[0]->id);
  EXPECT_NE(session_->selected(), kConversation);
  EXPECT_TRUE(session_->started_over());
  EXPECT_EQ(Screen(*session_), "to the other~|one~|two~");
  EXPECT_EQ(session_->conversation()->rows[1].id, id);
  // Sent to the new one only, the first as its start.
  ASSERT_EQ(world_.transport.open.size(), 2u);
  EXPECT_TRUE(world_.Has(kPoll));
  const HttpRequest start = world_.Take("/v1/customer/conversations/" + std::string(session_->selected()));
  EXPECT_EQ(start.token, "ct_2");
  EXPECT_EQ(Read<wire::NewConversation>(start).message->text, "to the other");
  session_->StartConversation("another thing", std::nullopt);
  EXPECT_FALSE(session_->started_over());
}

TEST_F(NewIdentityTest, AConversationThatWasToBeginBeginsUnderANewId) {
  Connect({});
  session_->StartConversation("one", wire::Page{"https://shop.example/mug", std::nullopt});
  session_->SendMessage("two");
  const std::string before(session_->selected());
  BecomeAnother();
  EXPECT_EQ(Screen(*session_), "one~|two~");
  EXPECT_NE(session_->selected(), before);
  EXPECT_EQ(session_->conversations().size(), 1u);
  const auto body = Read<wire::NewConversation>(world_.Take("/v1/customer/conversations/cnv_"));
  EXPECT_EQ(body.message->text, "one");
  EXPECT_EQ(body.page->url, "https://shop.example/mug");
}

TEST_F(NewIdentityTest, AReloadInBetweenLosesNothingEither) {
  Connect({Talk(kConversation, 2)});
  session_->Select(kConversation);
  session_->SendMessage("bad");
  Answer(kPath + "/messages/", Problem(422, "unprocessable"));
  session_->SendMessage("good");
  Reload();
  Start();
  Answer(kSession, Ok(Another()));
  session_->Select(session_->newest());
  EXPECT_EQ(Screen(*session_), "bad!|good~");
  EXPECT_EQ(Read<wire::NewConversation>(world_.Take("/v1/customer/conversations/cnv_")).message->text, "good");
}

TEST_F(NewIdentityTest, OldConversationsAreGoneWhereNothingWasUnsent) {
  Connect({Talk(kConversation, 2)});
  session_->Select(kConversation);
  BecomeAnother();
  EXPECT_TRUE(session_->conversations().empty());
  EXPECT_EQ(session_->selected(), "");
  EXPECT_TRUE(session_->started_over());
}

TEST_F(NewIdentityTest, AMessageToAConversationThatIsNotThereBeginsOne) {
  Connect({Talk(kConversation, 2)});
  session_->Select(kConversation);
  session_->SendMessage("x");
  const std::string id = Last(Answer(kPath + "/messages/", Problem(404, "not_found")).path);
  EXPECT_EQ(Screen(*session_), "x~");
  const HttpRequest start = world_.Take("/v1/customer/conversations/" + std::string(session_->selected()));
  EXPECT_EQ(Read<wire::NewConversation>(start).message->id, id);
  // Refused again it has failed: it is not tried for ever.
  session_->OnResponse(start.id, Problem(404, "not_found"));
  EXPECT_EQ(Screen(*session_), "x!");
  EXPECT_FALSE(world_.Has("/v1/customer/conversations/"));
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

TEST_F(CustomerSessionTest, AfterSleepItAsksAtOnce) {
  Connect({Talk(kConversation, 2)});
  Answer(kPoll, NoNetwork());
  world_.clock.now += 3'600'000;
  session_->Tick();
  EXPECT_EQ(world_.Take(kPoll).path, "/v1/customer/poll?cursor=c1&wait=0");
}

TEST_F(CustomerSessionTest, DamagedStorageIsAnEmptyOne) {
  world_.storage.values["alcove.outbox.sit_demo"] = R"({"messages":[{"id":)";
  Connect({Talk(kConversation, 0)});
  session_->Select(kConversation);
  EXPECT_EQ(Screen(*session_), "");
  session_->SendMessage("x");
  EXPECT_THAT(world_.storage.values["alcove.outbox.sit_demo"], testing::HasSubstr("\"text\":\"x\""));
}

}  // namespace
}  // namespace alcove::client
