// What the server tells of a conversation, and what is told to it besides messages.
#include "tests/wasm-widget/client_customer_fixture.h"

namespace alcove::client {
namespace {

class CustomerConversationTest : public CustomerSessionTest {};

TEST_F(CustomerConversationTest, AGapIsFilledBeforeAnythingBehindItIsShown) {
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

TEST_F(CustomerConversationTest, AGapThatCannotBeFilledEndsInASnapshot) {
  Connect({Talk(kConversation, 2)});
  Poll({Message(kConversation, 5, kMara, "five")});
  for (int i = 0; i < 3; ++i) Answer(kPath + "/events?after=2", Ok(wire::EventPage{}));
  EXPECT_FALSE(world_.Has(kPath + "/events"));
  Answer(kSession, Ok(Snapshot({Talk(kConversation, 5)})));
  session_->Select(kConversation);
  EXPECT_EQ(Screen(*session_), "text 1+|text 2|text 3+|text 4|text 5+");
}

TEST_F(CustomerConversationTest, RepeatsAndUnknownEventsChangeNothingOnScreen) {
  Connect({Talk(kConversation, 3)});
  session_->Select(kConversation);
  Poll({Message(kConversation, 2, kMara, "again"), Message(kConversation, 3, kPriya, "again"),
        News(kConversation, 4, wire::EventType::kUnknown), News(kConversation, 5, wire::EventType::kHidden),
        Message(kConversation, 6, kMara, "six")});
  EXPECT_EQ(Screen(*session_), "text 1+|text 2|text 3+|six");
}

// A message of Mara's and the events that change it.
wire::Event Change(int64_t seq, wire::EventType type, std::optional<std::string> text = std::nullopt) {
  wire::Event change = News(kConversation, seq, type);
  change.actor = kMara;
  change.target = "msg_mara";
  change.text = std::move(text);
  return change;
}

TEST_F(CustomerConversationTest, WhatIsEditedOrTakenBackIsShownSo) {
  Connect({Talk(kConversation, 2)});
  session_->Select(kConversation);
  Poll({Message(kConversation, 3, kMara, "it is red", "msg_mara"), Change(4, wire::EventType::kEdited, "it is blue")});
  EXPECT_EQ(session_->conversation()->rows[2].text, "it is blue");
  EXPECT_EQ(session_->conversation()->rows[2].event->edited_seq, 4);
  EXPECT_EQ(session_->conversation()->summary->preview->text, "it is blue");
  Poll({Change(5, wire::EventType::kDeleted)});
  EXPECT_EQ(session_->conversation()->rows[2].text, "");
  EXPECT_EQ(session_->conversation()->rows[3].text, "") << "the edit said it, too";
  EXPECT_EQ(session_->conversation()->summary->preview->text, "");
  Poll({Message(kConversation, 6, kMara, "nothing", "msg_mara2"), Change(7, wire::EventType::kErased)});
  EXPECT_TRUE(session_->conversation()->rows[2].event->erased_at);
  EXPECT_EQ(session_->conversation()->rows[5].text, "nothing");
  EXPECT_EQ(session_->conversation()->summary->preview->text, "nothing");
}

TEST_F(CustomerConversationTest, AllThatACustomerWroteIsErasedAtOnce) {
  Connect({Talk(kConversation, 3)});
  session_->Select(kConversation);
  wire::Event erased = News(kConversation, 5, wire::EventType::kErased);
  erased.target = kPriya.id;
  erased.upto = 3;
  Poll({Message(kConversation, 4, kPriya, "text 4"), erased});
  EXPECT_EQ(session_->conversation()->rows[0].text, "");
  EXPECT_EQ(session_->conversation()->rows[1].text, "text 2");
  EXPECT_EQ(session_->conversation()->rows[2].text, "");
  EXPECT_EQ(session_->conversation()->rows[3].text, "text 4") << "it was written meanwhile";
}

// The page was read before the edit, and arrives behind it.
TEST_F(CustomerConversationTest, EarlierEventsAreAmendedByWhatCameMeanwhile) {
  Connect({Talk(kConversation, 60, 51)});
  session_->Select(kConversation);
  session_->LoadEarlier();
  Poll({Change(61, wire::EventType::kEdited, "it is blue")});
  wire::EventPage page;
  page.events = Talk(kConversation, 50).events;
  page.events[9].id = "msg_mara";
  Answer(kPath + "/events?before=51", Ok(page));
  EXPECT_EQ(session_->conversation()->rows[9].text, "it is blue");
  // And what is kept before a snapshot, by what that tells of it.
  Answer(kPoll, Problem(410, "resync"));
  auto fresh = Talk(kConversation, 60, 52);
  fresh.events.push_back(Change(61, wire::EventType::kEdited));
  fresh.events.push_back(Change(62, wire::EventType::kDeleted));
  Answer(kSession, Ok(Snapshot({fresh})));
  EXPECT_EQ(session_->conversation()->rows.size(), 62u);
  EXPECT_EQ(session_->conversation()->rows[9].text, "");
}

TEST_F(CustomerConversationTest, ShowsThePlaceInTheQueueAndTheAgentWhoComes) {
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

TEST_F(CustomerConversationTest, ABotComesAndAPersonIsAskedForOnce) {
  auto talk = Talk(kConversation, 1);
  talk.conversation.state = wire::ConversationState::kQueued;
  talk.conversation.agent.reset();
  Connect({talk});
  session_->Select(kConversation);
  session_->AskForPerson();
  EXPECT_FALSE(world_.Has(kPath + "/hand_over")) << "no bot has it";
  wire::Event joined = News(kConversation, 2, wire::EventType::kJoined);
  joined.actor = kAlva;
  Poll({joined, Message(kConversation, 3, kAlva, "Hello, I am Alva.")});
  EXPECT_EQ(session_->conversation()->summary->state, wire::ConversationState::kBot);
  EXPECT_EQ(session_->conversation()->summary->bot, kAlva);
  EXPECT_EQ(session_->conversation()->summary->unread, 1);
  session_->AskForPerson();
  session_->AskForPerson();
  EXPECT_TRUE(session_->handing_over());
  const HttpRequest asked = world_.Take(kPath + "/hand_over");
  EXPECT_EQ(asked.method, HttpMethod::kPost);
  EXPECT_FALSE(world_.Has(kPath + "/hand_over"));
  talk = Talk(kConversation, 4);
  talk.conversation.state = wire::ConversationState::kQueued;
  talk.conversation.agent.reset();
  session_->OnResponse(asked.id, Ok(wire::ConversationAnswer{talk, {}, {}}));
  EXPECT_FALSE(session_->handing_over());
  EXPECT_EQ(session_->conversation()->summary->state, wire::ConversationState::kQueued);
}

TEST_F(CustomerConversationTest, WhoTakesItFromABotIsTheOneWhoHasIt) {
  for (const wire::EventType ends : {wire::EventType::kAssigned, wire::EventType::kQueued, wire::EventType::kClosed}) {
    SCOPED_TRACE(wire::NameOf(ends));
    Reload();
    auto talk = Talk(kConversation, 1);
    talk.conversation.state = wire::ConversationState::kBot;
    talk.conversation.agent.reset();
    talk.conversation.bot = kAlva;
    Connect({talk});
    session_->Select(kConversation);
    Poll({News(kConversation, 2, ends)});
    EXPECT_FALSE(session_->conversation()->summary->bot);
    EXPECT_NE(session_->conversation()->summary->state, wire::ConversationState::kBot);
  }
}

TEST_F(CustomerConversationTest, WhoIsThereStaysTrueByWhatIsTold) {
  wire::CustomerSession session = Snapshot({});
  wire::AgentSummary mara;
  mara.id = kMara.id;
  mara.name = kMara.name;
  mara.presence = wire::Presence::kOnline;
  session.site.agents = {mara};
  session.site.online = true;
  Start();
  Answer(kSession, Ok(session));
  const auto told = [&](std::string id, wire::Presence presence) {
    wire::Signal signal;
    signal.type = wire::SignalType::kPresence;
    signal.agent = wire::AgentSummary{std::move(id), "", presence, 0, 0};
    Poll({}, {signal});
  };
  told(kMara.id, wire::Presence::kAway);
  EXPECT_EQ(session_->site().agents[0].presence, wire::Presence::kAway);
  EXPECT_EQ(session_->site().agents[0].name, "Mara") << "is not told again";
  EXPECT_FALSE(session_->site().online);
  // One whose face is not shown.
  const std::string jonas = "agt_01ARZ3NDEKTSV4RRFFQ69G5FAX";
  told(jonas, wire::Presence::kOnline);
  EXPECT_TRUE(session_->site().online);
  told(kMara.id, wire::Presence::kOffline);
  EXPECT_TRUE(session_->site().online) << "Jonas is still there";
  told(jonas, wire::Presence::kOffline);
  EXPECT_FALSE(session_->site().online);
}

TEST_F(CustomerConversationTest, TypingIsShownUntilItEndsOrAMessageComes) {
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

TEST_F(CustomerConversationTest, TellsWhatIsTypedSeldomAndThatItStoppedAtOnce) {
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

TEST_F(CustomerConversationTest, ReadsOnceWhatIsNewAndOnlyWhileItIsSeen) {
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

TEST_F(CustomerConversationTest, LoadsEarlierEventsInPages) {
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

TEST_F(CustomerConversationTest, EarlierEventsAskedForInVainAreNotAskedForAgain) {
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

TEST_F(CustomerConversationTest, ClosesAndShowsThatItIsOver) {
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

TEST_F(CustomerConversationTest, ACloseThatCouldNotBeAskedForAMinuteIsGivenUp) {
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

}  // namespace
}  // namespace alcove::client
