// The customer's screen, driven through the nodes that assistive technology sees.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/wasm-widget/face_rows.h"
#include "wasm-widget/customer/screen.h"
#include "wasm-widget/ui/testing.h"

namespace alcove::customer {
namespace {

using client::Delivery;
using conversation::FakeRows;
using conversation::kMara;
using conversation::kPriya;
using testing::HasSubstr;
using testing::Not;
using wire::ActorKind;

// One screen and what was asked of it since it was shown.
class CustomerScreen : public testing::Test {
 protected:
  CustomerScreen() {
    view_.site_name = "Northwind";
    view_.team_online = true;
    view_.phase = Phase::kTalking;
    view_.agent_name = "Mara Kovač";
  }

  void Show() {
    driver_.Frame([this](ui::Ui& ui) {
      const CustomerRequest request = DrawCustomer(ui, view_, state_);
      asked_.send |= request.send;
      asked_.typed |= request.typed;
      asked_.close_panel |= request.close_panel;
      asked_.start_new |= request.start_new;
      asked_.take_over |= request.take_over;
      asked_.try_again |= request.try_again;
      asked_.end |= request.end;
      asked_.hand_over |= request.hand_over;
      asked_.earlier |= request.earlier;
      if (!request.retry.empty()) asked_.retry = request.retry;
      if (!request.discard.empty()) asked_.discard = request.discard;
      if (!request.quick_reply.empty()) asked_.quick_reply = request.quick_reply;
    });
  }
  void ShowLog() {
    log_ = rows_.Build();
    view_.log = log_;
    Show();
  }

  ui::Driver driver_;
  CustomerView view_;
  CustomerState state_;
  CustomerRequest asked_;
  FakeRows rows_{ActorKind::kCustomer, "cus_1"};
  std::vector<conversation::LogEntry> log_;
};

TEST_F(CustomerScreen, SendsWhatIsWrittenByButtonAndByEnter) {
  Show();
  ASSERT_TRUE(driver_.Type("Message", "Hello"));
  EXPECT_TRUE(asked_.typed);
  EXPECT_FALSE(asked_.send);
  EXPECT_TRUE(driver_.Click("Send"));
  EXPECT_TRUE(asked_.send);
  EXPECT_EQ(state_.composer.text, "Hello");

  asked_ = {};
  EXPECT_TRUE(driver_.Submit("Message"));
  EXPECT_TRUE(asked_.send);
}

TEST_F(CustomerScreen, SendsNothingBlank) {
  for (const char* text : {"", " ", "\n \t"}) {
    SCOPED_TRACE(text);
    state_.composer.text = text;
    Show();
    ASSERT_NE(driver_.Find("Send"), nullptr);
    EXPECT_FALSE(driver_.Find("Send")->enabled);
    driver_.Submit("Message");
    EXPECT_FALSE(asked_.send);
  }
}

TEST_F(CustomerScreen, AFailedMessageOffersToBeSentAgainOrTakenAway) {
  rows_.Message(kPriya, "lost", Delivery::kFailed);
  ShowLog();
  EXPECT_TRUE(driver_.Click("Failed — tap to retry"));
  EXPECT_EQ(asked_.retry, "msg_0");
  EXPECT_EQ(asked_.discard, "");
  EXPECT_TRUE(driver_.Click("Delete"));
  EXPECT_EQ(asked_.discard, "msg_0");
}

TEST_F(CustomerScreen, ADeliveredMessageOffersNothing) {
  rows_.Message(kPriya, "there", Delivery::kSeen);
  ShowLog();
  EXPECT_THAT(driver_.Text(), HasSubstr("Seen"));
  EXPECT_EQ(driver_.Find("Failed — tap to retry"), nullptr);
}

TEST_F(CustomerScreen, SaysThatABotAnswersAndOffersAPerson) {
  Show();
  EXPECT_EQ(driver_.Find("Talk to a person"), nullptr);
  view_.agent_name = "Alva Helper";
  view_.with_bot = true;
  Show();
  EXPECT_NE(driver_.Find(ui::Role::kStatus, "A bot answers here."), nullptr);
  EXPECT_THAT(driver_.Text(), HasSubstr("Alva Helper"));
  EXPECT_THAT(driver_.Text(), Not(HasSubstr("Support")));
  EXPECT_TRUE(driver_.Click("Talk to a person"));
  EXPECT_TRUE(asked_.hand_over);
  view_.handing_over = true;
  Show();
  EXPECT_EQ(driver_.Find("Talk to a person"), nullptr);
  EXPECT_NE(driver_.Find(ui::Role::kStatus, "Waiting for somebody to answer"), nullptr);
}

TEST_F(CustomerScreen, SaysThePlaceInTheQueue) {
  view_.phase = Phase::kWaiting;
  view_.agent_name = {};
  const std::pair<int64_t, const char*> cases[] = {
      {0, "Waiting for somebody to answer"}, {1, "You are next"}, {2, "You are number 2 in the queue"}};
  for (const auto& [position, text] : cases) {
    SCOPED_TRACE(text);
    view_.position = position;
    Show();
    EXPECT_NE(driver_.Find(ui::Role::kStatus, text), nullptr);
    EXPECT_NE(driver_.Find("Message"), nullptr) << "one can go on writing";
  }
}

TEST_F(CustomerScreen, QuickRepliesAreButtonsUnderTheLastMessage) {
  rows_.Message(kMara, "Which one?");
  const std::vector<std::string> replies = {"The mug", std::string(100, 'x')};
  view_.quick_replies = replies;
  ShowLog();
  const ui::Node* const mug = driver_.Find("The mug");
  const ui::Node* const longest = driver_.Find(replies[1]);
  ASSERT_TRUE(mug != nullptr && longest != nullptr);
  EXPECT_LT(driver_.Text().find("Which one?"), driver_.Text().find("The mug"));
  EXPECT_GE(longest->rect.y, mug->rect.bottom());
  EXPECT_GE(longest->rect.x, 0);
  EXPECT_TRUE(driver_.Click("The mug"));
  EXPECT_EQ(asked_.quick_reply, "The mug");
}

TEST_F(CustomerScreen, AnEndedConversationLeadsToANewOneOnly) {
  view_.phase = Phase::kEnded;
  view_.ended = "Mara closed it at 10:58";
  Show();
  EXPECT_THAT(driver_.Text(), HasSubstr("Mara closed it at 10:58"));
  EXPECT_EQ(driver_.Find("Message"), nullptr);
  EXPECT_TRUE(driver_.Click("Start a new conversation"));
  EXPECT_TRUE(asked_.start_new);
}

// Whose keyboard goes where when an agent ends it: nobody is torn from what they read, and nobody's next key presses
// what they have not seen.
TEST_F(CustomerScreen, WhoeverWasAboutToWriteIsLedOnWhenItEnds) {
  const struct {
    const char* name;
    bool in_box;
    const char* text;
    bool is_led;
  } cases[] = {{"about to write", true, " ", true},
               {"in the midst of a sentence", true, "But what if", false},
               {"reads", false, "", false}};
  for (const auto& each : cases) {
    SCOPED_TRACE(each.name);
    view_.phase = Phase::kTalking;
    state_.composer.text = each.text;
    Show();
    driver_.ui().OnFocus(driver_.Find(each.in_box ? "Message" : "Close chat")->id);
    driver_.Frame();
    view_.phase = Phase::kEnded;
    driver_.Frame();
    const ui::Node* way_on = driver_.Find("Start a new conversation");
    ASSERT_NE(way_on, nullptr);
    EXPECT_EQ(way_on->takes_focus, each.is_led);
    driver_.Frame();
    EXPECT_FALSE(driver_.Find("Start a new conversation")->takes_focus) << "once";
    EXPECT_EQ(state_.composer.text, each.text) << "it is for the next conversation";
  }
}

TEST_F(CustomerScreen, GreetsBeforeTheFirstMessage) {
  view_.phase = Phase::kFresh;
  view_.agent_name = {};
  const std::vector<wire::AgentSummary> team = {{.id = "agt_1", .name = "Mara Kovač"},
                                                {.id = "agt_2", .name = "Jonas"}};
  view_.team = team;
  view_.greeting = "Ask us about mugs";
  Show();
  EXPECT_THAT(driver_.Text(), HasSubstr("Ask us about mugs"));
  EXPECT_THAT(driver_.Text(), HasSubstr("Chat with Mara and Jonas"));
  EXPECT_THAT(driver_.Text(), HasSubstr("Online now"));
  EXPECT_NE(driver_.Find("Message"), nullptr);

  view_.team_online = false;
  Show();
  EXPECT_THAT(driver_.Text(), Not(HasSubstr("Online now")));
  EXPECT_THAT(driver_.Text(), HasSubstr("Away right now"));
  view_.team_promise = "Away right now · back at 9:00";
  Show();
  EXPECT_THAT(driver_.Text(), HasSubstr("back at 9:00"));
}

TEST_F(CustomerScreen, AMessageToWhomIsNotThereCountsNobodyInFront) {
  view_.phase = Phase::kWaiting;
  view_.position = 3;
  Show();
  EXPECT_THAT(driver_.Text(), HasSubstr("You are number 3 in the queue"));
  view_.offline = true;
  Show();
  EXPECT_THAT(driver_.Text(), Not(HasSubstr("number 3")));
  EXPECT_THAT(driver_.Text(), HasSubstr("We have your message"));
}

TEST_F(CustomerScreen, SaysThatItIsReconnectingAndOnlyThen) {
  Show();
  EXPECT_EQ(driver_.Find("Reconnecting…"), nullptr);
  view_.connected = false;
  Show();
  EXPECT_NE(driver_.Find("Reconnecting…"), nullptr);
  EXPECT_NE(driver_.Find("Message"), nullptr) << "what is written is kept in the outbox";
}

TEST_F(CustomerScreen, CanBeTakenOverFromAnotherTab) {
  view_.superseded = true;
  Show();
  EXPECT_TRUE(driver_.Click("Use it here"));
  EXPECT_TRUE(asked_.take_over);
}

TEST_F(CustomerScreen, ClosesInThePanelByButtonAndEscapeAndNowhereElse) {
  Show();
  EXPECT_TRUE(driver_.Click("Close chat"));
  EXPECT_TRUE(asked_.close_panel);
  asked_ = {};
  driver_.Press(ui::Key::kEscape);
  EXPECT_TRUE(asked_.close_panel);

  asked_ = {};
  view_.framed = false;
  Show();
  EXPECT_EQ(driver_.Find("Close chat"), nullptr);
  driver_.Press(ui::Key::kEscape);
  EXPECT_FALSE(asked_.close_panel);
}

TEST_F(CustomerScreen, EndsTheConversationByItsMenuOnlyWhenSure) {
  Show();
  EXPECT_EQ(driver_.Find("More"), nullptr) << "there is nothing to end";
  view_.can_end = true;
  Show();
  EXPECT_EQ(driver_.Find("More")->expanded, ui::Toggle::kOff);
  ASSERT_TRUE(driver_.Click("More"));
  EXPECT_TRUE(driver_.Find(ui::Role::kMenuItem, "End the conversation")->takes_focus);
  EXPECT_EQ(driver_.Find(ui::Role::kGroup, "More")->parent, driver_.Find(ui::Role::kMain)->id) << "in a landmark";
  driver_.Frame();
  EXPECT_EQ(driver_.Find("More")->expanded, ui::Toggle::kOn);
  ASSERT_TRUE(driver_.Click("End the conversation"));
  driver_.Frame();
  EXPECT_TRUE(driver_.Find("Go on")->takes_focus) << "the way that ends nothing";
  ASSERT_TRUE(driver_.Click("Go on"));
  EXPECT_FALSE(asked_.end);
  driver_.Frame();
  EXPECT_EQ(driver_.Find("End it"), nullptr);
  EXPECT_TRUE(driver_.Find("More")->takes_focus);

  ASSERT_TRUE(driver_.Click("More"));
  ASSERT_TRUE(driver_.Click("End the conversation"));
  driver_.Frame();
  ASSERT_TRUE(driver_.Click("End it"));
  EXPECT_TRUE(asked_.end);
  view_.can_end = false;
  view_.phase = Phase::kEnded;
  Show();
  EXPECT_TRUE(driver_.Find("Start a new conversation")->takes_focus);
}

TEST_F(CustomerScreen, EscapeOrAPressBesideItClosesTheMenuAndNotTheChat) {
  view_.can_end = true;
  for (const bool by_key : {true, false}) {
    SCOPED_TRACE(by_key);
    Show();
    ASSERT_TRUE(driver_.Click("More"));
    driver_.Frame();
    if (by_key) {
      driver_.Press(ui::Key::kEscape);
    } else {
      ASSERT_TRUE(driver_.Click("Close the menu"));
    }
    driver_.Frame();
    EXPECT_EQ(driver_.Find("End the conversation"), nullptr);
    EXPECT_FALSE(asked_.close_panel);
    EXPECT_FALSE(asked_.end);
  }
  // An end by the agent takes the menu along.
  ASSERT_TRUE(driver_.Click("More"));
  view_.can_end = false;
  view_.phase = Phase::kEnded;
  Show();
  EXPECT_EQ(driver_.Find("End the conversation"), nullptr);
}

TEST_F(CustomerScreen, ARefusalCanBeTriedAgain) {
  view_.phase = Phase::kRefused;
  view_.notice = "The chat is not available here.";
  Show();
  EXPECT_TRUE(driver_.Click("Try again"));
  EXPECT_TRUE(asked_.try_again);
}

TEST_F(CustomerScreen, ANewBeginningIsExplained) {
  view_.started_over = true;
  Show();
  EXPECT_NE(driver_.Find(ui::Role::kStatus, "A new chat."), nullptr);
}

TEST_F(CustomerScreen, AsksForEarlierMessagesWhenTheTopIsInSight) {
  for (int i = 0; i < 40; ++i) rows_.Message(i % 2 == 0 ? kMara : kPriya, "message " + std::to_string(i));
  view_.has_earlier = true;
  ShowLog();
  EXPECT_FALSE(asked_.earlier) << "the end is in sight first";
  EXPECT_TRUE(driver_.ScrollTo("Conversation with Mara Kovač", 0));
  EXPECT_TRUE(asked_.earlier);
}

TEST_F(CustomerScreen, EarlierMessagesDoNotMoveWhatIsBeingRead) {
  FakeRows late(ActorKind::kCustomer, "cus_1");
  for (int i = 20; i < 60; ++i) late.Message(kMara, "message " + std::to_string(i));
  log_ = late.Build();
  log_.erase(log_.begin());  // the day: it belongs to the first message of all
  view_.log = log_;
  Show();
  driver_.ScrollTo("Conversation with Mara Kovač", 100);
  const float before = driver_.Find("message 25")->rect.y;

  std::vector<conversation::LogEntry> earlier;
  for (int i = 0; i < 20; ++i) earlier.push_back({.key = "earlier " + std::to_string(i), .text = "older"});
  earlier.insert(earlier.end(), log_.begin(), log_.end());
  view_.log = earlier;
  driver_.Frame();
  ASSERT_NE(driver_.Find("message 25"), nullptr);
  EXPECT_FLOAT_EQ(driver_.Find("message 25")->rect.y, before);
}

TEST_F(CustomerScreen, TypingIsSaidAndFollowedByDots) {
  view_.typing = "Mara is typing";
  Show();
  EXPECT_NE(driver_.Find("Mara is typing"), nullptr);
}

TEST_F(CustomerScreen, EveryPhaseFitsTheSmallestScreens) {
  rows_.Message(kPriya, "hello", Delivery::kFailed).Message(kMara, "hello Priya");
  log_ = rows_.Build();
  view_.log = log_;
  for (const auto& [width, height] : {std::pair{320.0f, 240.0f}, {280.0f, 120.0f}, {360.0f, 740.0f}}) {
    for (const Phase phase :
         {Phase::kConnecting, Phase::kRefused, Phase::kFresh, Phase::kWaiting, Phase::kTalking, Phase::kEnded}) {
      SCOPED_TRACE(testing::Message() << width << "x" << height << " phase " << static_cast<int>(phase));
      view_.phase = phase;
      driver_.input().width = width;
      driver_.input().height = height;
      Show();
      for (const ui::Node& node : driver_.ui().nodes()) {
        if (node.role != ui::Role::kButton && node.role != ui::Role::kTextArea) continue;
        SCOPED_TRACE(node.label);
        EXPECT_GE(node.rect.x, 0);
        EXPECT_LE(node.rect.right(), width);
      }
    }
  }
}

}  // namespace
}  // namespace alcove::customer
