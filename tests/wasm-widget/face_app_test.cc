// Both faces whole: screen, session and platform, against answers of a server. What a person sees and does goes through
// the nodes; what the server is asked is what left the transport.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "functions/wire/collaboration.h"
#include "tests/wasm-widget/client_fakes.h"
#include "wasm-widget/console/app.h"
#include "wasm-widget/customer/app.h"
#include "wasm-widget/ui/testing.h"

namespace alcove {
namespace {

using client::kMara;
using client::kPriya;
using client::Ok;
using testing::HasSubstr;
using testing::Not;
using wire::ConversationState;

class FakePlatform final : public platform::Platform {
 public:
  client::Platform& client() override { return world.platform; }
  client::Storage& drafts() override { return of_tab; }
  void Wake() override {}
  void TickIn(double ms) override { tick_in = ms; }
  std::string QueryParameter(std::string_view name) override {
    const auto found = query.find(std::string(name));
    return found == query.end() ? "" : found->second;
  }
  std::string PageOrigin() override { return "https://chat.example"; }
  bool Visible() override { return true; }
  bool Online() override { return true; }
  void SetTitle(std::string_view text) override { title = text; }
  void TellLoaderReady() override { told += "ready "; }
  void TellLoaderUnread(int count) override { told += "unread=" + std::to_string(count) + " "; }
  void TellLoaderClose() override { told += "close "; }
  std::string FormatTime(int64_t at_ms) override { return "t" + std::to_string(at_ms % 1000); }
  std::string FormatDay(int64_t) override { return "Today"; }
  std::string FormatRelative(int64_t) override { return "now"; }

  client::FakeWorld world;
  client::FakeStorage of_tab;
  std::map<std::string, std::string> query;
  std::string title;
  std::string told;
  double tick_in = 0;
};

wire::AgentSummary SummaryOf(const wire::Actor& agent) {
  wire::AgentSummary summary;
  summary.id = agent.id;
  summary.name = agent.name;
  summary.presence = wire::Presence::kOnline;
  summary.capacity = 5;
  return summary;
}

template <class App>
class FaceTest : public testing::Test {
 protected:
  void Start() {
    app_.Start(platform_);
    driver_.Frame([this](ui::Ui& ui) { app_.Frame(ui); });
  }
  client::HttpRequest Answer(std::string_view path, const client::HttpAnswer& answer) {
    const client::HttpRequest request = platform_.world.Take(path);
    app_.OnResponse(request.id, answer);
    driver_.Frame();
    return request;
  }
  // Clicks, and draws the frame that shows what came of it. Whether there was something to click.
  bool Press(std::string_view label) {
    const bool found = driver_.Click(label);
    driver_.Frame();
    return found;
  }
  wire::PollAnswer Poll(std::vector<wire::Event> events, std::vector<wire::Signal> signals = {}) {
    wire::PollAnswer poll;
    poll.events = std::move(events);
    poll.signals = std::move(signals);
    poll.cursor = "c2";
    poll.poll.hold_ms = 25'000;
    return poll;
  }

  FakePlatform platform_;
  App app_;
  ui::Driver driver_;
};

class CustomerFace : public FaceTest<customer::CustomerApp> {
 protected:
  CustomerFace() { platform_.query = {{"site", "sit_demo"}, {"origin", "https://shop.example"}, {"locale", "en-GB"}}; }

  wire::CustomerSession Session(std::vector<wire::ConversationWithEvents> conversations = {}) {
    wire::CustomerSession session;
    session.token = "ct_1";
    session.customer = {.id = kPriya.id, .name = kPriya.name};
    session.site.id = "sit_demo";
    session.site.name = "Northwind";
    session.site.agents = {SummaryOf(kMara)};
    session.site.online = true;
    session.conversations = std::move(conversations);
    session.cursor = "c1";
    session.poll.hold_ms = 25'000;
    return session;
  }
  wire::ConversationWithEvents InState(ConversationState state) {
    wire::ConversationWithEvents talk = client::Talk(client::kConversation, 2);
    talk.conversation.state = state;
    if (state == ConversationState::kQueued) {
      talk.conversation.agent.reset();
      talk.conversation.position = 2;
    }
    return talk;
  }
};

TEST_F(CustomerFace, StartsAConversationWithTheFirstMessageAndThePage) {
  Start();
  EXPECT_EQ(platform_.told, "ready ");
  const client::HttpRequest session = Answer("/v1/customer/session", Ok(Session()));
  EXPECT_THAT(session.body, HasSubstr("sit_demo"));
  EXPECT_THAT(session.body, HasSubstr("en-GB"));
  app_.OnPage("https://shop.example/mugs", "Mugs");
  ASSERT_TRUE(driver_.Type("Message", "Is the blue mug back?"));
  ASSERT_TRUE(Press("Send"));
  EXPECT_THAT(driver_.Text(), HasSubstr("Is the blue mug back?"));
  EXPECT_THAT(driver_.Text(), HasSubstr("Sending…"));
  EXPECT_EQ(driver_.Find("Message")->value, "");
  const client::HttpRequest start = platform_.world.Take("/v1/customer/conversations/cnv_");
  EXPECT_THAT(start.body, HasSubstr("Is the blue mug back?"));
  EXPECT_THAT(start.body, HasSubstr("https://shop.example/mugs"));
}

TEST_F(CustomerFace, SaysWhoTheOwnerSaysThatTheCustomerIs) {
  platform_.query["identity"] = "a.b.c";
  Start();
  EXPECT_THAT(platform_.world.Take("/v1/customer/session").body, HasSubstr(R"("identity":"a.b.c")"));
}

// A session of a site that asks for an address before a conversation.
wire::CustomerSession Asking(wire::CustomerSession session) {
  wire::FormField email;
  email.name = "email";
  email.label = "E-mail";
  email.type = wire::FormFieldType::kEmail;
  email.required = true;
  session.site.form = {email};
  return session;
}

TEST_F(CustomerFace, WhatTheSiteAsksGoesWithTheStart) {
  Start();
  Answer("/v1/customer/session", Ok(Asking(Session())));
  EXPECT_EQ(driver_.Find("Message"), nullptr);
  ASSERT_TRUE(Press("Start the chat"));
  EXPECT_TRUE(driver_.Find("E-mail (required)")->invalid);
  EXPECT_FALSE(platform_.world.Has("/v1/customer/conversations/"));
  ASSERT_TRUE(driver_.Type("E-mail (required)", "priya@example.com"));
  ASSERT_TRUE(Press("Start the chat"));
  ASSERT_TRUE(driver_.Type("Message", "Hello"));
  ASSERT_TRUE(Press("Send"));
  const client::HttpRequest start = platform_.world.Take("/v1/customer/conversations/cnv_");
  EXPECT_THAT(start.body, HasSubstr(R"("form":[{"name":"email","value":"priya@example.com"}])"));
  EXPECT_THAT(start.body, HasSubstr("Hello"));
  EXPECT_THAT(driver_.Text(), HasSubstr("Sending…"));
}

TEST_F(CustomerFace, WhereNobodyIsThereTheOfflineFormIsAsked) {
  Start();
  wire::CustomerSession session = Asking(Session());
  session.site.offline = true;
  Answer("/v1/customer/session", Ok(session));
  ASSERT_TRUE(driver_.Type("E-mail (required)", "priya@example.com"));
  ASSERT_TRUE(Press("Leave a message"));
  EXPECT_NE(driver_.Find("Message"), nullptr);
}

// The owner asks for more than the face knew of: the refusal leads to the form, and what was written goes with it, also
// after a reload.
TEST_F(CustomerFace, ARefusedStartShowsTheFormAtTheFieldAndLosesNothing) {
  Start();
  Answer("/v1/customer/session", Ok(Session()));
  ASSERT_TRUE(driver_.Type("Message", "Hello"));
  ASSERT_TRUE(Press("Send"));
  wire::Problem problem;
  problem.status = 422;
  problem.code = "unprocessable";
  problem.detail = "form.email is missing: this site asks for it";
  const client::HttpAnswer refusal = client::Json(422, functions::ToJson(problem));
  Answer("/v1/customer/conversations/cnv_", refusal);
  Answer("/v1/customer/session", Ok(Asking(Session())));
  driver_.Frame();
  EXPECT_EQ(driver_.Find("E-mail (required)")->description, "Please fill this in.");
  ASSERT_TRUE(driver_.Type("E-mail (required)", "priya@example"));
  ASSERT_TRUE(Press("Start the chat"));
  EXPECT_THAT(driver_.Text(), HasSubstr("Hello"));

  problem.detail = "form.email is no e-mail address";
  EXPECT_THAT(Answer("/v1/customer/conversations/cnv_", client::Json(422, functions::ToJson(problem))).body,
              HasSubstr("priya@example"));
  customer::CustomerApp reloaded;
  platform_.world.transport.open.clear();
  reloaded.Start(platform_);
  driver_.Frame([&](ui::Ui& ui) { reloaded.Frame(ui); });
  reloaded.OnResponse(platform_.world.Take("/v1/customer/session").id, Ok(Asking(Session())));
  driver_.Frame();
  EXPECT_EQ(driver_.Find("E-mail (required)")->value, "priya@example");
  EXPECT_EQ(driver_.Find("E-mail (required)")->description, "Please check this answer.");
  ASSERT_TRUE(driver_.Type("E-mail (required)", "priya@example.com"));
  ASSERT_TRUE(Press("Start the chat"));
  const client::HttpRequest start = platform_.world.Take("/v1/customer/conversations/cnv_");
  EXPECT_THAT(start.body, HasSubstr("priya@example.com"));
  EXPECT_THAT(start.body, HasSubstr("Hello"));
}

// Whenever it comes to be known what is asked: when the chat is opened the server has said nothing yet.
TEST_F(CustomerFace, TheKeyboardIsInTheFirstQuestion) {
  Start();
  app_.OnOpened();
  driver_.Frame();
  Answer("/v1/customer/session", Ok(Asking(Session({InState(ConversationState::kClosed)}))));
  driver_.Frame();
  ASSERT_TRUE(Press("Start a new conversation"));
  EXPECT_TRUE(driver_.Find("E-mail (required)")->takes_focus);
  driver_.Frame();
  EXPECT_FALSE(driver_.Find("E-mail (required)")->takes_focus);

  FakePlatform platform;
  platform.query = platform_.query;
  customer::CustomerApp app;
  ui::Driver driver;
  app.Start(platform);
  app.OnOpened();
  driver.Frame([&](ui::Ui& ui) { app.Frame(ui); });
  app.OnResponse(platform.world.Take("/v1/customer/session").id, Ok(Asking(Session())));
  driver.Frame();
  EXPECT_TRUE(driver.Find("E-mail (required)")->takes_focus);
}

// A shop has many pages, and the chat is loaded anew on each.
TEST_F(CustomerFace, WhatWasBegunIsThereAgainAfterAReloadUntilItIsSent) {
  Start();
  Answer("/v1/customer/session", Ok(Asking(Session())));
  ASSERT_TRUE(driver_.Type("E-mail (required)", "priya@exam"));
  const auto reload = [&](customer::CustomerApp& app, ui::Driver& driver, const wire::CustomerSession& session) {
    platform_.world.transport.open.clear();
    app.Start(platform_);
    driver.Frame([&](ui::Ui& ui) { app.Frame(ui); });
    app.OnResponse(platform_.world.Take("/v1/customer/session").id, Ok(session));
    driver.Frame();
  };
  customer::CustomerApp second;
  ui::Driver driver;
  reload(second, driver, Asking(Session()));
  EXPECT_EQ(driver.Find("E-mail (required)")->value, "priya@exam");
  ASSERT_TRUE(driver.Type("E-mail (required)", "priya@example.com"));
  ASSERT_TRUE(driver.Click("Start the chat"));
  driver.Frame();
  ASSERT_TRUE(driver.Type("Message", "Is the mug"));

  customer::CustomerApp third;
  ui::Driver again;
  reload(third, again, Asking(Session()));
  EXPECT_EQ(again.Find("E-mail (required)")->value, "priya@example.com");
  ASSERT_TRUE(again.Click("Start the chat"));
  again.Frame();
  EXPECT_EQ(again.Find("Message")->value, "Is the mug");
  ASSERT_TRUE(again.Type("Message", "Is the mug there?"));
  ASSERT_TRUE(again.Submit("Message"));
  again.Frame();
  EXPECT_THAT(platform_.world.Take("/v1/customer/conversations/cnv_").body, HasSubstr("priya@example.com"));
  EXPECT_TRUE(platform_.of_tab.values.empty()) << "it was sent";

  // What stands there is no draft of ours.
  platform_.of_tab.values["alcove.draft.sit_demo"] = "[1";
  customer::CustomerApp fourth;
  ui::Driver last;
  platform_.world.storage.values.clear();
  reload(fourth, last, Session());
  EXPECT_EQ(last.Find("Message")->value, "");
}

// The site asks nothing any more: what it refused goes without.
TEST_F(CustomerFace, ARefusedStartOfASiteThatAsksNothingIsSentWithout) {
  Start();
  Answer("/v1/customer/session", Ok(Asking(Session())));
  ASSERT_TRUE(driver_.Type("E-mail (required)", "priya@example.com"));
  ASSERT_TRUE(Press("Start the chat"));
  ASSERT_TRUE(driver_.Type("Message", "Hello"));
  ASSERT_TRUE(Press("Send"));
  wire::Problem problem;
  problem.status = 422;
  problem.code = "unprocessable";
  problem.detail = "form.email is not asked for";
  Answer("/v1/customer/conversations/cnv_", client::Json(422, functions::ToJson(problem)));
  Answer("/v1/customer/session", Ok(Session()));
  driver_.Frame();
  ASSERT_TRUE(Press("Failed — tap to retry"));
  EXPECT_THAT(platform_.world.Take("/v1/customer/conversations/cnv_").body, Not(HasSubstr("form")));
}

// What the page says of its customer goes with the session, and what is none of it nowhere.
TEST_F(CustomerFace, TellsWhatThePageSaysOfItsCustomer) {
  platform_.query["attributes"] = R"([{"name":"plan","value":"paid"}])";
  Start();
  EXPECT_THAT(Answer("/v1/customer/session", Ok(Session())).body,
              HasSubstr(R"("attributes":[{"name":"plan","value":"paid"}])"));
  FakePlatform platform;
  platform.query = {{"site", "sit_demo"}, {"attributes", R"({"plan":"paid"})"}};
  customer::CustomerApp app;
  app.Start(platform);
  EXPECT_THAT(platform.world.Take("/v1/customer/session").body, testing::Not(HasSubstr("attributes")));
}

// How soon an answer is usual, or when somebody is back: as the site says.
TEST_F(CustomerFace, SaysHowSoonSomebodyAnswers) {
  const int64_t now = platform_.client().clock.WallMs();
  struct {
    std::optional<int64_t> reply_ms;
    std::optional<int64_t> opens_at;
    const char* shows;
  } const cases[] = {
      {1'000, {}, "Online now · usually replies in 1 min"},
      {90'000, {}, "Online now · usually replies in 2 min"},
      {61 * 60'000, {}, "Online now · usually replies in 2 h"},
      {int64_t{25} * 3'600'000, {}, "Online now · usually replies in 2 d"},
      {90'000, now + 3'600'000, "Away right now · back at "},
      {90'000, now + int64_t{30} * 3'600'000, "Away right now"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.shows);
    FakePlatform platform;
    platform.query = platform_.query;
    customer::CustomerApp app;
    ui::Driver driver;
    app.Start(platform);
    driver.Frame([&](ui::Ui& ui) { app.Frame(ui); });
    wire::CustomerSession session = Session();
    session.site.reply_ms = c.reply_ms;
    session.site.opens_at = c.opens_at;
    if (c.opens_at) session.site.offline = true;
    app.OnResponse(platform.world.Take("/v1/customer/session").id, Ok(session));
    driver.Frame();
    EXPECT_THAT(driver.Text(), HasSubstr(c.shows));
    EXPECT_EQ(driver.Text().find("back at") != std::string::npos, c.opens_at == now + 3'600'000);
  }
}

TEST_F(CustomerFace, AReloadGoesOnWhereItWas) {
  struct {
    ConversationState state;
    const char* shows;
  } const cases[] = {
      {ConversationState::kQueued, "You are number 2 in the queue"},
      {ConversationState::kOpen, "text 2"},
      {ConversationState::kClosed, "Conversation ended"},
  };
  for (const auto& expected : cases) {
    SCOPED_TRACE(expected.shows);
    FakePlatform platform;
    platform.query = platform_.query;
    customer::CustomerApp app;
    ui::Driver driver;
    app.Start(platform);
    driver.Frame([&](ui::Ui& ui) { app.Frame(ui); });
    app.OnResponse(platform.world.Take("/v1/customer/session").id, Ok(Session({InState(expected.state)})));
    driver.Frame();
    EXPECT_THAT(driver.Text(), HasSubstr(expected.shows));
    EXPECT_THAT(driver.Text(), HasSubstr("text 1"));
  }
}

TEST_F(CustomerFace, CountsWhatArrivesWhileHiddenAndReadsItWhenShown) {
  Start();
  Answer("/v1/customer/session", Ok(Session({InState(ConversationState::kOpen)})));
  const std::string read = "/v1/customer/conversations/" + client::kConversation + "/read";
  Answer(read, client::Json(200, "{}"));
  app_.OnHidden();
  platform_.told.clear();
  wire::ConversationWithEvents now = client::Talk(client::kConversation, 4);
  now.conversation.unread = 1;
  wire::Signal summary;
  summary.type = wire::SignalType::kConversation;
  summary.conversation = client::kConversation;
  summary.summary = now.conversation;
  Answer("/v1/customer/poll", Ok(Poll({now.events[2], now.events[3]}, {summary})));
  EXPECT_THAT(platform_.told, HasSubstr("unread=1"));
  EXPECT_FALSE(platform_.world.Has(read));

  platform_.told.clear();
  app_.OnOpened();
  driver_.Frame();
  EXPECT_THAT(platform_.told, HasSubstr("unread=0"));
  EXPECT_TRUE(platform_.world.Has(read));
  EXPECT_THAT(platform_.world.Take("/v1/customer/poll").path, HasSubstr("wait=0"))
      << "what is shown is asked for at once";
}

TEST_F(CustomerFace, AnEndedConversationMakesWayForANewOne) {
  Start();
  Answer("/v1/customer/session", Ok(Session({InState(ConversationState::kClosed)})));
  ASSERT_TRUE(Press("Start a new conversation"));
  EXPECT_THAT(driver_.Text(), HasSubstr("Hello 👋"));
  ASSERT_TRUE(driver_.Type("Message", "Another thing"));
  ASSERT_TRUE(driver_.Submit("Message"));
  driver_.Frame();
  EXPECT_THAT(driver_.Text(), HasSubstr("Another thing"));
  EXPECT_THAT(driver_.Text(), Not(HasSubstr("text 1")));
}

TEST_F(CustomerFace, WhatIsLeftBehindForANewConversationIsNoLongerUnread) {
  Start();
  Answer("/v1/customer/session", Ok(Session({client::Talk(client::kConversation, 60)})));
  app_.OnOpened();
  driver_.Frame();
  ASSERT_TRUE(driver_.ScrollTo(driver_.Find(ui::Role::kLog)->label, 0));
  Answer("/v1/customer/poll", Ok(Poll({client::Message(client::kConversation, 61, kMara, "Goodbye"),
                                       client::News(client::kConversation, 62, wire::EventType::kClosed)})));
  EXPECT_THAT(platform_.told, testing::EndsWith("unread=1 "));
  ASSERT_TRUE(driver_.Click("Start a new conversation"));
  EXPECT_THAT(platform_.told, testing::EndsWith("unread=0 "));
}

TEST_F(CustomerFace, ASiteThatRefusesIsSaidSoAndAskedAgain) {
  Start();
  Answer("/v1/customer/session", client::Problem(403, "origin_denied"));
  EXPECT_THAT(driver_.Text(), HasSubstr("The chat is not available here."));
  EXPECT_EQ(driver_.Find("Message"), nullptr);
  EXPECT_GE(platform_.tick_in, wire::kBlockedRetryMs) << "by itself, but seldom";
  ASSERT_TRUE(driver_.Click("Try again"));
  Answer("/v1/customer/session", Ok(Session()));
  EXPECT_NE(driver_.Find("Message"), nullptr);
}

TEST_F(CustomerFace, EnterSendsWhatStoodThereAndTheNextKeyBeginsTheNextMessage) {
  Start();
  Answer("/v1/customer/session", Ok(Session({InState(ConversationState::kOpen)})));
  ASSERT_TRUE(driver_.Type("Message", "Hello"));
  const ui::NodeId id = driver_.Find("Message")->id;
  driver_.ui().OnSubmit(id);
  driver_.ui().OnInput(id, "HelloI");
  driver_.Frame();
  driver_.ui().OnInput(id, "HelloIs");
  driver_.Frame();
  EXPECT_EQ(driver_.Find("Message")->value, "Is");
  const std::string path = "/v1/customer/conversations/" + client::kConversation + "/messages/";
  EXPECT_THAT(platform_.world.Take(path).body, HasSubstr("\"Hello\""));
}

TEST_F(CustomerFace, AQuickReplyIsSentAndNoLongerOffered) {
  Start();
  auto talk = InState(ConversationState::kOpen);
  Answer("/v1/customer/session", client::Ok(Session({talk})));
  wire::Event question = client::Message(client::kConversation, 3, kMara, "Which one?");
  question.quick_replies = {"The mug", "The plate"};
  wire::Event joined = client::News(client::kConversation, 4, wire::EventType::kJoined);
  joined.agent = kMara;
  Answer("/v1/customer/poll", client::Ok(Poll({question, joined})));
  ASSERT_TRUE(driver_.Click("The mug"));
  EXPECT_THAT(platform_.world.Take("/v1/customer/conversations/" + client::kConversation + "/messages/").body,
              HasSubstr("The mug"));
  driver_.Frame();
  EXPECT_EQ(driver_.Find("The plate"), nullptr);
  EXPECT_TRUE(driver_.Find("Message")->takes_focus);
}

TEST_F(CustomerFace, TheCustomerEndsTheConversation) {
  Start();
  Answer("/v1/customer/session", Ok(Session({InState(ConversationState::kOpen)})));
  ASSERT_TRUE(driver_.Click("More"));
  ASSERT_TRUE(Press("End the conversation"));
  ASSERT_TRUE(Press("End it"));
  EXPECT_THAT(driver_.Text(), HasSubstr("Ending…"));
  EXPECT_EQ(driver_.Find("More"), nullptr);
  wire::ConversationWithEvents closed = client::Talk(client::kConversation, 2);
  closed.conversation.state = ConversationState::kClosed;
  closed.conversation.last_seq = 3;
  closed.events.push_back(client::News(client::kConversation, 3, wire::EventType::kClosed));
  closed.events.back().actor = kPriya;
  Answer("/v1/customer/conversations/" + client::kConversation + "/close", Ok(wire::ConversationAnswer{closed}));
  EXPECT_THAT(driver_.Text(), HasSubstr("Conversation ended"));
  EXPECT_THAT(driver_.Text(), HasSubstr("You closed it"));
  EXPECT_NE(driver_.Find("Start a new conversation"), nullptr);
}

TEST_F(CustomerFace, ComesInTheOwnersColour) {
  platform_.query["accent"] = "#12805c";
  Start();
  driver_.Frame();
  EXPECT_EQ(driver_.ui().theme().accent, ui::Color::Hex(0x12805c));
}

TEST_F(CustomerFace, AnotherIdentitySaysThatItIsANewChatUntilSomethingIsWritten) {
  Start();
  Answer("/v1/customer/session", Ok(Session({InState(ConversationState::kOpen)})));
  Answer("/v1/customer/poll", client::Problem(401, "token_invalid"));
  wire::CustomerSession another = Session();
  another.token = "ct_2";
  another.customer.id = "cus_01ARZ3NDEKTSV4RRFFQ69G5FAX";
  Answer("/v1/customer/session", Ok(another));
  EXPECT_THAT(driver_.Text(), Not(HasSubstr("text 1")));
  EXPECT_NE(driver_.Find(ui::Role::kStatus, "A new chat."), nullptr);
  ASSERT_TRUE(driver_.Type("Message", "Hello again"));
  ASSERT_TRUE(driver_.Submit("Message"));
  driver_.Frame();
  EXPECT_EQ(driver_.Find(ui::Role::kStatus, "A new chat."), nullptr);
}

class ConsoleFace : public FaceTest<console::ConsoleApp> {
 protected:
  ConsoleFace() {
    driver_.input().width = 1440;
    driver_.input().height = 900;
  }

  wire::AgentSnapshot Snapshot() {
    wire::AgentSnapshot snapshot;
    snapshot.agent = SummaryOf(kMara);
    snapshot.agents = {snapshot.agent};
    snapshot.conversations = {client::Talk(client::kConversation, 3)};
    snapshot.conversations[0].conversation.page = "https://shop.example/mugs";
    snapshot.conversations[0].conversation.unread = 1;
    snapshot.queue = {client::Talk(client::kOther, 1)};
    snapshot.queue[0].conversation.state = ConversationState::kQueued;
    snapshot.queue[0].conversation.agent.reset();
    snapshot.queue[0].conversation.customer.name = "Tomás";
    snapshot.cursor = "c1";
    snapshot.poll.hold_ms = 25'000;
    return snapshot;
  }
  void SignIn() { SignInWith(Snapshot()); }
  void SignInWith(const wire::AgentSnapshot& snapshot) {
    Start();
    ASSERT_TRUE(driver_.Type("Email", "mara@northwind.example"));
    ASSERT_TRUE(driver_.Type("Password", "secret"));
    ASSERT_TRUE(driver_.Click("Sign in"));
    Answer("/v1/agent/session", Ok(wire::AgentSession{"at_1", SummaryOf(kMara)}));
    Answer("/v1/agent/snapshot", Ok(snapshot));
  }
  // Presses the row that begins with this name.
  bool Open(std::string_view name) {
    for (const ui::Node* row : driver_.All(ui::Role::kOption)) {
      if (row->label.compare(0, name.size(), name) == 0) return driver_.Click(row->label) && (driver_.Frame(), true);
    }
    return false;
  }
};

TEST_F(ConsoleFace, AWrongPasswordIsSaidAndTheEmailKept) {
  Start();
  ASSERT_TRUE(driver_.Type("Email", "mara@northwind.example"));
  ASSERT_TRUE(driver_.Type("Password", "wrong"));
  ASSERT_TRUE(driver_.Submit("Password"));
  Answer("/v1/agent/session", client::Problem(401, "token_invalid"));
  EXPECT_NE(driver_.Find("Wrong email or password."), nullptr);
  EXPECT_EQ(driver_.Find("Email")->value, "mara@northwind.example");
  EXPECT_EQ(driver_.Find("Password")->value, "");
  EXPECT_TRUE(driver_.Find("Password")->takes_focus);
}

TEST_F(ConsoleFace, ASecondFactorIsAskedForWhereThereIsOne) {
  Start();
  ASSERT_TRUE(driver_.Type("Email", "mara@northwind.example"));
  ASSERT_TRUE(driver_.Type("Password", "secret"));
  EXPECT_EQ(driver_.Find("Authenticator or recovery code"), nullptr);
  ASSERT_TRUE(driver_.Submit("Password"));
  Answer("/v1/agent/session", client::Problem(401, "totp_required"));
  EXPECT_EQ(driver_.Find(ui::Role::kAlert, "Wrong email or password."), nullptr);
  EXPECT_TRUE(driver_.Find("Authenticator or recovery code")->takes_focus);
  ASSERT_TRUE(driver_.Click("Sign in"));
  EXPECT_FALSE(platform_.world.Has("/v1/agent/session")) << "without a code it would be refused again";
  ASSERT_TRUE(driver_.Type("Authenticator or recovery code", "123456"));
  ASSERT_TRUE(driver_.Submit("Authenticator or recovery code"));
  Answer("/v1/agent/session", client::Problem(401, "totp_required"));
  EXPECT_NE(driver_.Find("That code is wrong or was used."), nullptr);
  EXPECT_TRUE(driver_.Find("Authenticator or recovery code")->invalid);
  EXPECT_FALSE(driver_.Find("Password")->invalid);
  ASSERT_TRUE(driver_.Type("Authenticator or recovery code", "654321"));
  ASSERT_TRUE(driver_.Submit("Authenticator or recovery code"));
  const client::HttpRequest request = platform_.world.Take("/v1/agent/session");
  EXPECT_EQ(request.body, R"({"email":"mara@northwind.example","password":"secret","totp":"654321"})");
  app_.OnResponse(request.id, client::Problem(401, "token_invalid"));
  driver_.Frame();
  EXPECT_EQ(driver_.Find("Authenticator or recovery code"), nullptr) << "the password is another by now";
  EXPECT_EQ(driver_.Find("Password")->value, "");
}

TEST_F(ConsoleFace, OpensAConversationAndAnswers) {
  SignIn();
  EXPECT_EQ(platform_.title, "(1) Alcove");
  ASSERT_TRUE(Open("Priya"));
  EXPECT_THAT(driver_.Text(), HasSubstr("text 3"));
  EXPECT_THAT(driver_.Text(), HasSubstr("shop.example/mugs · since"));
  ASSERT_TRUE(driver_.Type("Reply", "Yes, since today"));
  ASSERT_TRUE(driver_.Submit("Reply"));
  driver_.Frame();
  EXPECT_THAT(driver_.Text(), HasSubstr("Sending…"));
  EXPECT_TRUE(driver_.Find(ui::Role::kTextArea, "Reply")->takes_focus);
  EXPECT_THAT(platform_.world.Take("/v1/agent/conversations/" + client::kConversation + "/messages/").body,
              HasSubstr("Yes, since today"));
}

TEST_F(ConsoleFace, APreviewHasNoMarks) {
  Start();
  ASSERT_TRUE(driver_.Type("Email", "mara@northwind.example"));
  ASSERT_TRUE(driver_.Type("Password", "secret"));
  ASSERT_TRUE(driver_.Click("Sign in"));
  wire::AgentSession session;
  session.token = "at_1";
  session.agent = SummaryOf(kMara);
  Answer("/v1/agent/session", Ok(session));
  wire::AgentSnapshot snapshot = Snapshot();
  snapshot.conversations[0].conversation.preview =
      wire::Preview{.by = wire::ActorKind::kCustomer, .text = "It is **urgent**, see [this](https://a.b) and 2*3*4"};
  Answer("/v1/agent/snapshot", Ok(snapshot));
  const std::vector<const ui::Node*> rows = driver_.All(ui::Role::kOption);
  ASSERT_FALSE(rows.empty());
  EXPECT_THAT(rows[0]->label, HasSubstr("It is urgent, see this and 2*3*4"));
}

TEST_F(ConsoleFace, WhatWasBeingWrittenStaysWithItsConversation) {
  SignIn();
  ASSERT_TRUE(Open("Priya"));
  ASSERT_TRUE(driver_.Type("Reply", "half a sen"));
  ASSERT_TRUE(Press("Waiting 1"));
  ASSERT_TRUE(Open("Tomás"));
  EXPECT_EQ(driver_.Find(ui::Role::kTextArea, "Reply"), nullptr);
  ASSERT_TRUE(Press("Mine 1"));
  ASSERT_TRUE(Open("Priya"));
  EXPECT_EQ(driver_.Find(ui::Role::kTextArea, "Reply")->value, "half a sen");
}

TEST_F(ConsoleFace, ANoteStaysANoteAndIsNotToldToTheCustomer) {
  SignIn();
  ASSERT_TRUE(Open("Priya"));
  const std::string path = "/v1/agent/conversations/" + client::kConversation;
  ASSERT_TRUE(driver_.Type("Reply", "between"));
  EXPECT_EQ(platform_.world.Take(path + "/typing").body, "{}");
  ASSERT_TRUE(Press("Note"));
  EXPECT_EQ(platform_.world.Take(path + "/typing").body, R"({"text":""})") << "it is no longer for the customer";
  ASSERT_TRUE(driver_.Type("Note", "between us"));
  driver_.Frame();
  EXPECT_FALSE(platform_.world.Has(path + "/typing"));
  ASSERT_TRUE(Press("Waiting 1"));
  ASSERT_TRUE(Open("Tomás"));
  ASSERT_TRUE(Press("Mine 1"));
  ASSERT_TRUE(Open("Priya"));
  ASSERT_NE(driver_.Find(ui::Role::kTextArea, "Note"), nullptr);
  EXPECT_EQ(driver_.Find(ui::Role::kTextArea, "Note")->value, "between us");
  ASSERT_TRUE(driver_.Submit("Note"));
  driver_.Frame();
  EXPECT_THAT(platform_.world.Take(path + "/notes/").body, HasSubstr("between us"));
  EXPECT_FALSE(platform_.world.Has(path + "/messages/"));
  EXPECT_NE(driver_.Find(ui::Role::kTextArea, "Note"), nullptr) << "a slip costs less here than the other way";
}

TEST_F(ConsoleFace, WhatIsAskedForIsSentAndARefusalIsSaid) {
  SignIn();
  ASSERT_TRUE(Open("Priya"));
  const std::string path = "/v1/agent/conversations/" + client::kConversation;
  ASSERT_TRUE(Press("Snooze"));
  ASSERT_TRUE(Press("1 hour"));
  const int64_t until = platform_.world.clock.WallMs() + 3600 * 1000;
  const client::HttpRequest snooze = platform_.world.Take(path + "/snooze");
  EXPECT_EQ(snooze.body, "{\"until\":" + std::to_string(until) + ",\"seq\":3}");
  app_.OnResponse(snooze.id, Ok(wire::ConversationAnswer{client::Talk(client::kConversation, 3)}));
  ASSERT_TRUE(Press("Add a tag"));
  ASSERT_TRUE(driver_.Type("Add a tag", "vip"));
  ASSERT_TRUE(driver_.Submit("Add a tag"));
  driver_.Frame();
  Answer(path + "/tags", client::Problem(422, "unprocessable"));
  driver_.Frame();
  EXPECT_NE(driver_.Find("That could not be done."), nullptr);
  ASSERT_TRUE(Press("Close"));
  EXPECT_EQ(driver_.Find("That could not be done."), nullptr) << "it was said of the last thing";
  Answer(path + "/close", client::Problem(422, "unprocessable"));
  driver_.Frame();
  EXPECT_NE(driver_.Find("That could not be done."), nullptr);
}

TEST_F(ConsoleFace, SeveralAreDoneAtOnceAndWhatWasNotStaysChosen) {
  wire::AgentSnapshot snapshot = Snapshot();
  wire::ConversationWithEvents other = client::Talk("cnv_01ARZ3NDEKTSV4RRFFQ69G5FAX", 1);
  other.conversation.customer.name = "Ada";
  snapshot.conversations.push_back(other);
  SignInWith(snapshot);
  driver_.Frame();
  ASSERT_TRUE(Press("Choose several"));
  ASSERT_TRUE(Press("Choose all"));
  ASSERT_TRUE(Press("Close"));
  // A second press, or something else, before it was heard.
  EXPECT_FALSE(driver_.Find(ui::Role::kButton, "Close")->enabled);
  EXPECT_FALSE(driver_.Find(ui::Role::kButton, "Assign")->enabled);
  driver_.Click("Close");
  driver_.Frame();
  const client::HttpRequest asked = platform_.world.Take("/v1/agent/bulk");
  EXPECT_THAT(asked.body, testing::AllOf(HasSubstr(client::kConversation), HasSubstr(other.conversation.id),
                                         HasSubstr(R"("act":"close")")));
  wire::Conversation closed = client::Talk(client::kConversation, 3).conversation;
  closed.state = ConversationState::kClosed;
  wire::BulkAnswer answer;
  answer.results = {{client::kConversation, 200, {}, {}, {}, closed},
                    {other.conversation.id, 422, "unprocessable", "close"}};
  app_.OnResponse(asked.id, Ok(answer));
  EXPECT_FALSE(platform_.world.Has("/v1/agent/bulk")) << "it was sent once";
  driver_.Frame();
  driver_.Frame();
  EXPECT_TRUE(driver_.Find(ui::Role::kButton, "Close")->enabled);
  EXPECT_EQ(driver_.All(ui::Role::kOption).size(), 1u);
  EXPECT_EQ(driver_.All(ui::Role::kOption)[0]->checked, ui::Toggle::kOn);
  EXPECT_THAT(driver_.Text(), HasSubstr("Not done: 1\nAda\nClosing asks for a reason or a tag."));
  EXPECT_EQ(driver_.Find(ui::Role::kStatus)->label, "Done: 1. Not done: 1");
  ASSERT_TRUE(Press("Dismiss"));
  EXPECT_THAT(driver_.Text(), Not(HasSubstr("Not done")));
  ASSERT_TRUE(Press("Snooze"));
  ASSERT_TRUE(Press("1 hour"));
  answer.results = {{other.conversation.id, 200, {}, {}, {}, other.conversation}};
  Answer("/v1/agent/bulk", Ok(answer));
  driver_.Frame();
  EXPECT_EQ(driver_.All(ui::Role::kTab).size(), 4u) << "all is done";
  EXPECT_EQ(driver_.Find(ui::Role::kStatus)->label, "Done: 1");
}

TEST_F(ConsoleFace, WhyItWasNotDoneIsSaidInWords) {
  const struct {
    const char* name;
    wire::BulkResult result;
    const char* said;
  } kCases[] = {
      {"gone", {"", 404, "not_found", "tags"}, "It is no longer there."},
      {"over", {"", 409, "closed", "assign"}, "This conversation is closed."},
      {"taken", {"", 409, "already_claimed", "snooze", client::kAlva}, "Alva has this conversation already."},
      {"a role", {"", 403, "role_required", "close"}, "Your role does not allow it."},
      {"a reason", {"", 422, "unprocessable", "close"}, "Closing asks for a reason or a tag."},
      {"tags", {"", 422, "unprocessable", "tags"}, "It has as many tags as there may be."},
      {"whom", {"", 422, "unprocessable", "assign"}, "It cannot be given to them."},
      {"a time", {"", 422, "unprocessable", "snooze"}, "That could not be done."},
      {"anything", {"", 400, "bad_request", "close"}, "That could not be done."},
  };
  SignIn();
  driver_.Frame();
  for (auto test : kCases) {
    SCOPED_TRACE(test.name);
    if (driver_.Find("Choose several") != nullptr) {
      ASSERT_TRUE(Press("Choose several"));
      ASSERT_TRUE(Press("Choose all"));
    }
    ASSERT_TRUE(Press("Close"));
    test.result.conversation = client::kConversation;
    wire::BulkAnswer answer;
    answer.results = {test.result};
    Answer("/v1/agent/bulk", Ok(answer));
    driver_.Frame();
    EXPECT_THAT(driver_.Text(), HasSubstr("Priya\n" + std::string(test.said)));
  }
}

TEST_F(ConsoleFace, ATransferGoesToATeamWithAComment) {
  wire::AgentSnapshot snapshot = Snapshot();
  snapshot.teams = {{"tea_1", "Billing"}};
  SignInWith(snapshot);
  ASSERT_TRUE(Open("Priya"));
  ASSERT_TRUE(Press("Transfer"));
  ASSERT_TRUE(Press("Billing, Teams"));
  ASSERT_TRUE(driver_.Type("Comment for colleagues, if you like", "She has paid twice."));
  ASSERT_TRUE(driver_.Submit("Comment for colleagues, if you like"));
  driver_.Frame();
  EXPECT_EQ(platform_.world.Take("/v1/agent/conversations/" + client::kConversation + "/assign").body,
            R"({"team":"tea_1","comment":"She has paid twice."})");
}

TEST_F(ConsoleFace, ACloseAsksForTheReasonThatTheSiteWants) {
  wire::AgentSnapshot snapshot = Snapshot();
  snapshot.closing = wire::Closing{{"solved", "spam"}, true, {}};
  SignInWith(snapshot);
  ASSERT_TRUE(Open("Priya"));
  ASSERT_TRUE(Press("Close"));
  const std::string path = "/v1/agent/conversations/" + client::kConversation + "/close";
  EXPECT_FALSE(platform_.world.Has(path));
  ASSERT_TRUE(Press("solved"));
  EXPECT_EQ(platform_.world.Take(path).body, R"({"reason":"solved"})");
}

TEST_F(ConsoleFace, WhatTheCustomerAnsweredAndWhatElseIsKnownIsShown) {
  SignIn();
  ASSERT_TRUE(Open("Priya"));
  wire::Conversation known = client::Talk(client::kConversation, 3).conversation;
  known.form.emplace().push_back({.name = "email", .value = "priya@example.com"});
  known.customer_attributes.emplace().push_back({.name = "plan", .value = "Plus"});
  known.attributes.emplace().push_back({.name = "order", .value = "48213"});
  wire::Signal signal;
  signal.type = wire::SignalType::kConversation;
  signal.conversation = client::kConversation;
  signal.summary = known;
  wire::Signal changed;
  changed.type = wire::SignalType::kConfiguration;
  Answer("/v1/agent/poll", Ok(Poll({}, {signal, changed})));
  wire::AgentConfiguration configuration = Snapshot();
  wire::Resource<wire::AttributeFields>& order = configuration.attributes.emplace_back();
  order.id = "att_1";
  order.fields.of = wire::AttributeOwner::kConversation;
  order.fields.name = "order";
  order.fields.label = "Order number";
  Answer("/v1/agent/configuration", Ok(configuration));
  for (const char* text : {"email", "priya@example.com", "plan", "Plus"}) {
    EXPECT_THAT(driver_.Text(), HasSubstr(text));
  }
  ASSERT_TRUE(driver_.Click("Order number, 48213")) << "it can be set";
  driver_.Frame();
  ASSERT_TRUE(driver_.Type("Order number", "48214"));
  ASSERT_TRUE(driver_.Submit("Order number"));
  driver_.Frame();
  const std::string path = "/v1/agent/conversations/" + client::kConversation + "/attributes/att_1";
  EXPECT_EQ(platform_.world.Take(path).body, R"({"value":"48214"})");
}

TEST_F(ConsoleFace, AColleaguesConversationIsJoinedAnsweredAndLeft) {
  SignIn();
  ASSERT_TRUE(Open("Priya"));
  const std::string path = "/v1/agent/conversations/" + client::kConversation;
  wire::ConversationWithEvents talk = client::Talk(client::kConversation, 3);
  const wire::Actor jonas{wire::ActorKind::kAgent, "agt_01ARZ3NDEKTSV4RRFFQ69G5FAX", "Jonas Peters"};
  const wire::Actor ayo{wire::ActorKind::kAgent, "agt_01ARZ3NDEKTSV4RRFFQ69G5FAY", "Ayo Bello"};
  talk.conversation.agent = jonas;
  talk.conversation.customer_verified = true;
  wire::Signal handed;
  handed.type = wire::SignalType::kConversation;
  handed.conversation = client::kConversation;
  handed.summary = talk.conversation;
  Answer("/v1/agent/poll", Ok(Poll({}, {handed})));
  EXPECT_THAT(driver_.Text(), HasSubstr("Identity verified"));
  ASSERT_TRUE(Press("Join"));
  talk.conversation.participants = {ayo, kMara};
  EXPECT_EQ(Answer(path + "/join", Ok(wire::ConversationAnswer{talk})).body, "{}");
  EXPECT_THAT(driver_.Text(), HasSubstr("Ayo Bello, " + kMara.name));
  EXPECT_TRUE(driver_.Find(ui::Role::kTextArea, "Reply")->takes_focus) << "who joined writes";
  ASSERT_TRUE(Press("Leave"));
  talk.conversation.participants = {ayo};
  EXPECT_EQ(Answer(path + "/leave", Ok(wire::ConversationAnswer{talk})).body, "{}");
  EXPECT_EQ(driver_.Find(ui::Role::kTextArea, "Reply"), nullptr);
  EXPECT_NE(driver_.Find(ui::Role::kButton, "Join"), nullptr);
}

TEST_F(ConsoleFace, AColleagueIsAskedIn) {
  SignIn();
  ASSERT_TRUE(Open("Priya"));
  wire::Signal there;
  there.type = wire::SignalType::kPresence;
  there.agent = SummaryOf({wire::ActorKind::kAgent, "agt_01ARZ3NDEKTSV4RRFFQ69G5FAX", "Jonas Peters"});
  Answer("/v1/agent/poll", Ok(Poll({}, {there})));
  ASSERT_TRUE(Press("More"));
  ASSERT_TRUE(Press("Ask a colleague in"));
  ASSERT_TRUE(Press("Jonas Peters, Accepting"));
  EXPECT_EQ(platform_.world.Take("/v1/agent/conversations/" + client::kConversation + "/join").body,
            R"({"agent":"agt_01ARZ3NDEKTSV4RRFFQ69G5FAX"})");
}

TEST_F(ConsoleFace, WhoElseIsThereIsShownAndWarnedOf) {
  SignIn();
  ASSERT_TRUE(Open("Priya"));
  const wire::Actor jonas{wire::ActorKind::kAgent, "agt_01ARZ3NDEKTSV4RRFFQ69G5FAX", "Jonas Peters"};
  Answer("/v1/agent/conversations/" + client::kConversation + "/viewing", Ok(wire::ViewersAnswer{{{jonas, true}}}));
  EXPECT_NE(driver_.Find("Also here: Jonas Peters"), nullptr);
  EXPECT_NE(driver_.Find(ui::Role::kStatus, "Jonas is writing a reply, too"), nullptr);
}

TEST_F(ConsoleFace, ASupervisorWhispersAndItIsKeptAsOne) {
  wire::AgentSnapshot snapshot = Snapshot();
  snapshot.supervises = true;
  SignInWith(snapshot);
  ASSERT_TRUE(Open("Priya"));
  EXPECT_EQ(driver_.Find("Whisper"), nullptr) << "to oneself";
  wire::ConversationWithEvents handed = client::Talk(client::kConversation, 4);
  handed.conversation.agent = wire::Actor{wire::ActorKind::kAgent, "agt_01ARZ3NDEKTSV4RRFFQ69G5FAX", "Jonas Peters"};
  wire::Signal signal;
  signal.type = wire::SignalType::kConversation;
  signal.conversation = client::kConversation;
  signal.summary = handed.conversation;
  Answer("/v1/agent/poll", Ok(Poll({handed.events[3]}, {signal})));
  ASSERT_TRUE(Press("Whisper"));
  ASSERT_TRUE(driver_.Type("Whisper to Jonas", "Offer a refund"));
  ASSERT_TRUE(driver_.Submit("Whisper to Jonas"));
  driver_.Frame();
  EXPECT_THAT(platform_.world.Take("/v1/agent/conversations/" + client::kConversation + "/notes/").body,
              HasSubstr(R"("whisper":true)"));
}

TEST_F(ConsoleFace, AMacroOfTheSiteIsRunOnWhatIsOpen) {
  wire::AgentSnapshot snapshot = Snapshot();
  snapshot.macros = {{"mac_1", {.name = "Refund", .folder = {}, .actions = {}}}};
  SignInWith(snapshot);
  ASSERT_TRUE(Open("Priya"));
  ASSERT_TRUE(Press("Macros"));
  ASSERT_TRUE(Press("Refund"));
  EXPECT_EQ(platform_.world.Take("/v1/agent/conversations/" + client::kConversation + "/macros/msg_").body,
            R"({"macro":"mac_1"})");
}

TEST_F(ConsoleFace, ACannedReplyIsPutBehindWhatIsWrittenWithItsPlaceholdersFilled) {
  wire::AgentSnapshot snapshot = Snapshot();
  snapshot.site.name = "Northwind";
  snapshot.canned = {{"hello",
                      "I am {{agent.name}} of {{site.name}}, {{customer.name}}. {{customer.plan}}, "
                      "{{conversation.order}}, {{conversation.plan}}"}};
  snapshot.conversations[0].conversation.customer_attributes.emplace().push_back({.name = "plan", .value = "Plus"});
  snapshot.conversations[0].conversation.attributes.emplace().push_back({.name = "order", .value = "48213"});
  SignInWith(snapshot);
  ASSERT_TRUE(Open("Priya"));
  ASSERT_TRUE(driver_.Type("Reply", "Hello!"));
  ASSERT_TRUE(Press("Canned replies"));
  ASSERT_TRUE(Press("hello"));
  const ui::Node* box = driver_.Find(ui::Role::kTextArea, "Reply");
  EXPECT_EQ(box->value,
            "Hello! I am " + kMara.name + " of Northwind, " + kPriya.name + ". Plus, 48213, {{conversation.plan}}");
  EXPECT_TRUE(box->takes_focus);
  EXPECT_FALSE(platform_.world.Has("/v1/agent/conversations/" + client::kConversation + "/messages/"))
      << "it is for the agent to read before it is sent";
}

TEST_F(ConsoleFace, AClaimLeadsToOnesOwnListAndARefusedOneSaysWhoHasIt) {
  SignIn();
  ASSERT_TRUE(Press("Waiting 1"));
  ASSERT_TRUE(Open("Tomás"));
  ASSERT_TRUE(Press("Claim"));
  wire::Problem problem;
  problem.status = 409;
  problem.code = "already_claimed";
  problem.agent = wire::Actor{wire::ActorKind::kAgent, "agt_01ARZ3NDEKTSV4RRFFQ69G5FAX", "Jonas"};
  const std::string claim = "/v1/agent/conversations/" + client::kOther + "/claim";
  Answer(claim, client::Json(409, functions::ToJson(problem)));
  EXPECT_NE(driver_.Find("Jonas has this conversation already."), nullptr);
}

TEST_F(ConsoleFace, WhatWasBeingWrittenOutlivesASessionButIsNotForAnother) {
  const struct {
    const char* name;
    std::string who;
    std::string draft;
  } cases[] = {{"the same agent", kMara.id, "half a sen"}, {"another", "agt_01ARZ3NDEKTSV4RRFFQ69G5FAX", ""}};
  SignIn();
  for (const auto& each : cases) {
    SCOPED_TRACE(each.name);
    ASSERT_TRUE(Open("Priya"));
    ASSERT_TRUE(driver_.Type("Reply", "half a sen"));
    Answer("/v1/agent/poll", client::Problem(401, "token_invalid"));
    ASSERT_NE(driver_.Find("Your session has ended. Sign in again."), nullptr);
    ASSERT_TRUE(driver_.Type("Email", "somebody@northwind.example"));
    ASSERT_TRUE(driver_.Type("Password", "secret"));
    ASSERT_TRUE(driver_.Submit("Password"));
    wire::AgentSnapshot snapshot = Snapshot();
    snapshot.agent.id = each.who;
    for (auto& talk : snapshot.conversations) talk.conversation.agent->id = each.who;
    Answer("/v1/agent/session", Ok(wire::AgentSession{"at_2", snapshot.agent}));
    Answer("/v1/agent/snapshot", Ok(snapshot));
    driver_.Frame();
    ASSERT_TRUE(Open("Priya"));
    EXPECT_EQ(driver_.Find(ui::Role::kTextArea, "Reply")->value, each.draft);
  }
}

TEST_F(ConsoleFace, ARefusalIsSaidAndTriedAgainWhenAsked) {
  SignIn();
  Answer("/v1/agent/poll", client::Problem(403, "role_required"));
  ASSERT_NE(driver_.Find("The server does not let this console in."), nullptr);
  ASSERT_TRUE(driver_.Click("Try again"));
  Answer("/v1/agent/snapshot", Ok(Snapshot()));
  EXPECT_EQ(driver_.Find("The server does not let this console in."), nullptr);
}

TEST_F(ConsoleFace, APresenceThatIsRefusedGoesBackAndIsSaid) {
  SignIn();
  ASSERT_TRUE(driver_.Choose("Presence", 1));
  driver_.Frame();
  EXPECT_EQ(driver_.Find("Presence")->chosen, 1);
  Answer("/v1/agent/presence", client::Problem(403, "role_required"));
  EXPECT_EQ(driver_.Find("Presence")->chosen, 0);
  EXPECT_NE(driver_.Find(ui::Role::kAlert, "Your status could not be changed."), nullptr);
}

TEST_F(ConsoleFace, ASlashLeadsToTheReply) {
  SignIn();
  EXPECT_FALSE(driver_.ui().OnKey(ui::Key::kSlash)) << "there is nothing to write in";
  ASSERT_TRUE(Open("Priya"));
  driver_.Frame();
  EXPECT_FALSE(driver_.Find(ui::Role::kTextArea, "Reply")->takes_focus);
  driver_.Press(ui::Key::kSlash);
  EXPECT_TRUE(driver_.Find(ui::Role::kTextArea, "Reply")->takes_focus);
}

TEST_F(ConsoleFace, AConversationThatIsNoLongerThereLeavesTheScreenAndCanBeOpenedAgain) {
  SignIn();
  ASSERT_TRUE(Open("Priya"));
  Answer("/v1/agent/conversations/" + client::kConversation + "/read", client::Json(200, "{}"));
  platform_.world.Take("/v1/agent/conversations/" + client::kConversation + "/viewing");
  Answer("/v1/agent/poll", client::Problem(410, "resync"));
  wire::AgentSnapshot snapshot = Snapshot();
  const auto talks = std::exchange(snapshot.conversations, {});
  Answer("/v1/agent/snapshot", Ok(snapshot));
  Answer("/v1/agent/conversations/" + client::kConversation, client::Problem(404, "not_found"));
  EXPECT_EQ(driver_.Find(ui::Role::kTextArea, "Reply"), nullptr);
  wire::Signal back;
  back.type = wire::SignalType::kConversation;
  back.summary = talks[0].conversation;
  Answer("/v1/agent/poll", Ok(Poll({}, {back})));
  ASSERT_TRUE(Open("Priya"));
  EXPECT_NE(driver_.Find(ui::Role::kTextArea, "Reply"), nullptr);
}

TEST_F(ConsoleFace, SigningOutForgetsWhatWasShown) {
  SignIn();
  ASSERT_TRUE(Open("Priya"));
  ASSERT_TRUE(driver_.Type("Reply", "half a sen"));
  ASSERT_TRUE(Press("Sign out"));
  EXPECT_NE(driver_.Find("Email"), nullptr);
  EXPECT_EQ(platform_.title, "Alcove");
  EXPECT_TRUE(platform_.world.storage.values.empty() ||
              platform_.world.storage.values.begin()->second.find("at_1") == std::string::npos);
}

}  // namespace
}  // namespace alcove
