// The agents' console, driven through the nodes that assistive technology sees.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "functions/wire/limits.h"
#include "tests/wasm-widget/face_rows.h"
#include "wasm-widget/console/screen.h"
#include "wasm-widget/console/words.h"
#include "wasm-widget/ui/phrase.h"
#include "wasm-widget/ui/testing.h"

namespace alcove::console {
namespace {

using conversation::FakeRows;
using conversation::kMara;
using conversation::kPriya;
using testing::HasSubstr;
using wire::ActorKind;
using wire::ConversationState;

class ConsoleScreen : public testing::Test {
 protected:
  ConsoleScreen() {
    driver_.input().width = 1440;
    driver_.input().height = 900;
    view_.agent = {.id = "agt_1", .name = "Mara Kovač", .presence = wire::Presence::kOnline, .load = 3, .capacity = 5};
    rows_ = {{.id = "cnv_1", .name = "Priya Shah", .time = "now", .preview = "Hello", .unread = 2},
             {.id = "cnv_2", .name = "Tomás Ortega", .time = "3 min", .preview = "You: sent"}};
    view_.rows = rows_;
    view_.mine_count = 2;
    view_.waiting_count = 3;
    summary_.id = "cnv_1";
    summary_.state = ConversationState::kOpen;
    summary_.customer = kPriya;
    summary_.agent = kMara;
  }

  void OpenConversation() {
    FakeRows talk(ActorKind::kAgent, "agt_1");
    talk.Message(kPriya, "Talk to a person please");
    log_ = talk.Build();
    view_.open =
        ConversationView{.conversation = &summary_, .name = "Priya Shah", .subtitle = "northwind.example/mugs"};
    view_.open->mine = summary_.state == ConversationState::kOpen;
    view_.open->log = log_;
  }

  void Show() {
    driver_.Frame([this](ui::Ui& ui) {
      ConsoleRequest request = DrawConsole(ui, view_, state_);
      asked_.send |= request.send;
      asked_.claim |= request.claim;
      asked_.close |= request.close;
      asked_.take_over |= request.take_over;
      asked_.reopen |= request.reopen;
      asked_.mode_changed |= request.mode_changed;
      asked_.snooze_ms += request.snooze_ms;
      asked_.join |= request.join;
      asked_.leave |= request.leave;
      if (request.assign) asked_.assign = request.assign;
      asked_.reason += request.reason;
      asked_.dismiss |= request.dismiss;
      if (!request.attribute.empty()) asked_.attribute = request.attribute + "=" + request.value;
      if (request.all != ForAllRequest()) asked_.all = request.all;
      asked_.ask_in += request.ask_in;
      asked_.canned += request.canned;
      asked_.run_macro += request.run_macro;
      asked_.add_tag += request.add_tag;
      asked_.remove_tag += request.remove_tag;
      asked_.back |= request.back;
      asked_.sign_out |= request.sign_out;
      asked_.resume |= request.resume;
      if (request.tab) asked_.tab = request.tab;
      if (request.presence) asked_.presence = request.presence;
      if (!request.open.empty()) asked_.open = request.open;
    });
  }

  ui::Driver driver_;
  ConsoleView view_;
  ConsoleState state_;
  ConsoleRequest asked_;
  std::vector<RowView> rows_;
  std::vector<conversation::LogEntry> log_;
  wire::Conversation summary_;
};

TEST_F(ConsoleScreen, TellsOfKeysOnlyWhereThereIsAKeyboard) {
  OpenConversation();
  Show();
  const int with_keys = driver_.ui().text_use().lines;
  ui::Driver on_a_phone({.width = 1440, .height = 900, .touch = true});
  ConsoleState state;
  on_a_phone.Frame([&](ui::Ui& ui) { DrawConsole(ui, view_, state); });
  // Two keys, and what each does.
  EXPECT_EQ(on_a_phone.ui().text_use().lines, with_keys - 4);
}

TEST_F(ConsoleScreen, TabsCountAndSwitch) {
  Show();
  ASSERT_EQ(driver_.All(ui::Role::kTab).size(), 4u);
  EXPECT_THAT(driver_.All(ui::Role::kTab)[0]->label, HasSubstr("2"));
  EXPECT_THAT(driver_.All(ui::Role::kTab)[1]->label, HasSubstr("3"));
  EXPECT_EQ(driver_.All(ui::Role::kTab)[0]->selected, ui::Toggle::kOn);
  EXPECT_TRUE(driver_.Click(driver_.All(ui::Role::kTab)[1]->label));
  EXPECT_EQ(asked_.tab, ListTab::kWaiting);
}

TEST_F(ConsoleScreen, WhatABotHasHasATabWhileThereIsAny) {
  view_.with_bot_count = 4;
  Show();
  ASSERT_EQ(driver_.All(ui::Role::kTab).size(), 5u);
  EXPECT_THAT(driver_.All(ui::Role::kTab)[4]->label, testing::AllOf(HasSubstr("Bot"), HasSubstr("4")));
  EXPECT_TRUE(driver_.Click(driver_.All(ui::Role::kTab)[4]->label));
  EXPECT_EQ(asked_.tab, ListTab::kWithBot);
  view_.with_bot_count = 0;
  view_.tab = ListTab::kWithBot;
  view_.rows = {};
  Show();
  EXPECT_EQ(driver_.All(ui::Role::kTab).size(), 5u) << "who stands there stays there";
  EXPECT_THAT(driver_.Text(), HasSubstr("No bot is talking to anybody."));
}

TEST_F(ConsoleScreen, WhatABotHasIsTakenOver) {
  summary_.state = ConversationState::kBot;
  summary_.agent.reset();
  summary_.bot = conversation::kAlva;
  OpenConversation();
  Show();
  EXPECT_THAT(driver_.Text(), HasSubstr("Alva Helper, a bot, answers. Take over to answer yourself."));
  EXPECT_THAT(driver_.Text(), HasSubstr("Bot · Alva Helper"));
  EXPECT_EQ(driver_.Find(ui::Role::kTextArea, "Reply"), nullptr);
  EXPECT_TRUE(driver_.Click("Take over"));
  EXPECT_TRUE(asked_.claim);
  EXPECT_FALSE(asked_.take_over);
}

TEST_F(ConsoleScreen, ARowSaysWhoWhenAndWhatAndOpens) {
  Show();
  const ui::Node* row = nullptr;
  for (const ui::Node& node : driver_.ui().nodes()) {
    if (node.label.find("Priya Shah") != std::string::npos) row = &node;
  }
  ASSERT_NE(row, nullptr);
  EXPECT_THAT(row->label, HasSubstr("now"));
  EXPECT_THAT(row->label, HasSubstr("Hello"));
  EXPECT_TRUE(driver_.Click(row->label));
  EXPECT_EQ(asked_.open, "cnv_1");
}

TEST_F(ConsoleScreen, PresenceIsShownAndChanged) {
  Show();
  const ui::Node* presence = driver_.Find("Presence");
  ASSERT_NE(presence, nullptr);
  EXPECT_THAT(presence->options, testing::ElementsAre("Accepting 3 / 5", "Away", "Offline"));
  EXPECT_EQ(presence->chosen, 0);
  EXPECT_TRUE(driver_.Choose("Presence", 1));
  EXPECT_EQ(asked_.presence, wire::Presence::kAway);
}

TEST_F(ConsoleScreen, WhatCanBeDoneFollowsTheState) {
  struct {
    ConversationState state;
    bool mine;
    std::vector<std::string> actions;
    bool write;
    const char* says;
  } const cases[] = {
      {ConversationState::kOpen, true, {"Transfer", "Snooze", "More", "Close"}, true, "Talk to a person please"},
      {ConversationState::kSnoozed, true, {"Transfer", "Snooze", "More", "Close"}, true, "Talk to a person please"},
      {ConversationState::kOpen, false, {"Join", "Take over"}, false, "Mara Kovač has this conversation already."},
      {ConversationState::kQueued, false, {"Claim"}, false, "Claim it to answer"},
      {ConversationState::kClosed, false, {"Reopen"}, false, "This conversation is closed."},
  };
  for (const auto& expected : cases) {
    SCOPED_TRACE(expected.says);
    summary_.state = expected.state;
    OpenConversation();
    view_.open->mine = expected.mine;
    Show();
    std::vector<std::string> actions;
    for (const ui::Node* node : driver_.All(ui::Role::kButton)) {
      for (const char* action :
           {"Claim", "Take over", "Transfer", "Snooze", "Close", "Reopen", "Join", "Leave", "More"}) {
        if (node->label == action) actions.push_back(action);
      }
    }
    EXPECT_EQ(actions, expected.actions);
    EXPECT_EQ(driver_.Find(ui::Role::kTextArea, "Reply") != nullptr, expected.write);
    EXPECT_THAT(driver_.Text(), HasSubstr(expected.says));
  }
}

TEST_F(ConsoleScreen, TakesOverAndReopensWhenAsked) {
  OpenConversation();
  view_.open->mine = false;
  Show();
  EXPECT_TRUE(driver_.Click("Take over"));
  EXPECT_TRUE(asked_.take_over);
  summary_.state = ConversationState::kClosed;
  Show();
  EXPECT_TRUE(driver_.Click("Reopen"));
  EXPECT_TRUE(asked_.reopen);
}

TEST_F(ConsoleScreen, TransfersToAColleagueWhoIsThereRatherThanNot) {
  const auto colleague = [](const char* id, const char* name, wire::Presence presence) {
    return wire::AgentSummary{.id = id, .name = name, .presence = presence, .load = 1, .capacity = 4};
  };
  const std::vector<wire::AgentSummary> agents = {view_.agent, colleague("agt_2", "Offa", wire::Presence::kOffline),
                                                  colleague("agt_3", "Jonas", wire::Presence::kOnline),
                                                  colleague("agt_4", "Ayo", wire::Presence::kAway)};
  for (const float width : {1440.0f, 390.0f}) {
    SCOPED_TRACE(width);
    driver_.input().width = width;
    OpenConversation();
    view_.agents = {};
    asked_ = {};
    Show();
    if (width < 560) {
      EXPECT_EQ(driver_.Find(ui::Role::kButton, "Transfer"), nullptr) << "there is no room";
      ASSERT_TRUE(driver_.Click("More"));
      driver_.Frame();
    }
    ASSERT_TRUE(driver_.Click("Transfer"));
    driver_.Frame();
    EXPECT_THAT(driver_.Text(), HasSubstr("You have no colleagues here yet."));
    driver_.Press(ui::Key::kEscape);
    driver_.Frame();
    EXPECT_TRUE(driver_.Find(width < 560 ? "More" : "Transfer")->takes_focus);
    view_.agents = agents;
    if (width < 560) driver_.Click("More");
    driver_.Frame();
    ASSERT_TRUE(driver_.Click("Transfer"));
    driver_.Frame();
    std::vector<std::string> items;
    for (const ui::Node* node : driver_.All(ui::Role::kMenuItem)) {
      for (const wire::AgentSummary& agent : agents) {
        if (node->label.starts_with(agent.name)) items.push_back(node->label);
      }
    }
    EXPECT_THAT(items, testing::ElementsAre("Jonas, Accepting", "Ayo, Away", "Offa, Offline"));
    ASSERT_TRUE(driver_.Click("Jonas, Accepting"));
    driver_.Frame();
    EXPECT_EQ(driver_.Find("Jonas, Accepting"), nullptr);
    EXPECT_FALSE(asked_.assign) << "a comment may come with it";
    EXPECT_THAT(driver_.Text(), HasSubstr("Transfer to Jonas"));
    const ui::Node* comment = driver_.Find(ui::Role::kTextArea, "Comment for colleagues, if you like");
    ASSERT_NE(comment, nullptr);
    ASSERT_TRUE(driver_.Submit("Comment for colleagues, if you like"));
    EXPECT_EQ(asked_.assign, (wire::Assignment{"agt_3", {}, {}}));
    driver_.Frame();
    EXPECT_TRUE(driver_.Find(width < 560 ? "More" : "Transfer")->takes_focus);
    driver_.Frame();
    EXPECT_THAT(driver_.Text(), testing::Not(HasSubstr("Transfer to Jonas")));
  }
}

TEST_F(ConsoleScreen, AColleaguesConversationIsJoinedAndLeft) {
  for (const float width : {1440.0f, 390.0f}) {
    SCOPED_TRACE(width);
    driver_.input().width = width;
    const auto press = [&](const char* what) {
      if (width < 560) {
        EXPECT_EQ(driver_.Find(ui::Role::kButton, what), nullptr) << "there is no room";
        EXPECT_TRUE(driver_.Click("More"));
        driver_.Frame();
      }
      return driver_.Click(what);
    };
    summary_.state = ConversationState::kOpen;
    asked_ = {};
    OpenConversation();
    view_.open->mine = false;
    Show();
    ASSERT_TRUE(press("Join"));
    EXPECT_TRUE(asked_.join);
    EXPECT_FALSE(asked_.leave || asked_.take_over);
    view_.open->joined = true;
    Show();
    EXPECT_NE(driver_.Find(ui::Role::kTextArea, "Reply"), nullptr) << "who takes part writes";
    ASSERT_TRUE(press("Leave"));
    EXPECT_TRUE(asked_.leave);
    view_.open->joined = false;
    Show();
    driver_.Frame();
    EXPECT_EQ(driver_.Find("Leave"), nullptr);
    // What was begun in the queue ends there, too; what is closed has ended for all.
    summary_.state = ConversationState::kQueued;
    Show();
    EXPECT_EQ(driver_.Find("Join"), nullptr);
    EXPECT_EQ(driver_.Find("More"), nullptr);
    view_.open->joined = true;
    asked_ = {};
    Show();
    ASSERT_TRUE(press("Leave"));
    EXPECT_TRUE(asked_.leave);
    summary_.state = ConversationState::kClosed;
    Show();
    EXPECT_EQ(driver_.Find("Leave"), nullptr);
    EXPECT_EQ(driver_.Find("More"), nullptr);
  }
}

TEST_F(ConsoleScreen, TheKeyboardStaysWhereItLeft) {
  OpenConversation();
  view_.open->mine = false;
  view_.open->joined = true;
  Show();
  ASSERT_TRUE(driver_.Click("Leave"));
  view_.open->joined = false;
  driver_.Frame();
  EXPECT_TRUE(driver_.Find(ui::Role::kButton, "Join")->takes_focus);
  driver_.Frame();
  EXPECT_FALSE(driver_.Find(ui::Role::kButton, "Join")->takes_focus) << "once";
}

TEST_F(ConsoleScreen, WhoIsInItAsksColleaguesIn) {
  const auto colleague = [](const char* id, const char* name) {
    return wire::AgentSummary{.id = id, .name = name, .presence = wire::Presence::kOnline, .load = 1, .capacity = 4};
  };
  std::vector<wire::AgentSummary> agents = {view_.agent, colleague("agt_2", "Offa"), colleague("agt_3", "Jonas"),
                                            colleague("agt_4", "Ayo")};
  view_.agents = agents;
  const wire::Actor offa{ActorKind::kAgent, "agt_2", "Offa"};
  const struct {
    const char* name;
    bool mine, joined, supervises, asks;
  } cases[] = {{"whose it is", true, false, false, true},
               {"who takes part", false, true, false, true},
               {"who supervises", false, false, true, true},
               {"anybody else", false, false, false, false}};
  for (const auto& who : cases) {
    SCOPED_TRACE(who.name);
    summary_.participants = {offa};
    OpenConversation();
    view_.open->mine = who.mine;
    view_.open->joined = who.joined;
    view_.open->can_whisper = who.supervises;
    asked_ = {};
    Show();
    ASSERT_EQ(driver_.Click("More"), who.asks);
    if (!who.asks) continue;
    driver_.Frame();
    ASSERT_TRUE(driver_.Click("Ask a colleague in"));
    driver_.Frame();
    std::vector<std::string> items;
    for (const ui::Node* node : driver_.All(ui::Role::kMenuItem)) items.push_back(node->label);
    EXPECT_THAT(items, testing::ElementsAre("Jonas, Accepting", "Ayo, Accepting")) << "Offa is in it already";
    ASSERT_TRUE(driver_.Click("Jonas, Accepting"));
    EXPECT_EQ(asked_.ask_in, "agt_3");
    EXPECT_FALSE(asked_.assign);
    driver_.Frame();
    EXPECT_TRUE(driver_.All(ui::Role::kMenuItem).empty());
    EXPECT_TRUE(driver_.Find("More")->takes_focus);
  }
  OpenConversation();
  agents.resize(2);
  view_.agents = agents;
  Show();
  ASSERT_TRUE(driver_.Click("More"));
  driver_.Frame();
  ASSERT_TRUE(driver_.Click("Ask a colleague in"));
  driver_.Frame();
  EXPECT_THAT(driver_.Text(), HasSubstr("Nobody is left to ask."));
  // It was handed to somebody meanwhile: the menu goes with the right.
  view_.open->mine = false;
  Show();
  EXPECT_THAT(driver_.Text(), testing::Not(HasSubstr("Nobody is left to ask.")));
}

TEST_F(ConsoleScreen, DetailsTellWhoTakesPartAndOfWhomTheOwnerVouches) {
  OpenConversation();
  Show();
  EXPECT_THAT(driver_.Text(), testing::Not(HasSubstr("Taking part")));
  EXPECT_THAT(driver_.Text(), testing::Not(HasSubstr("Identity verified")));
  summary_.customer_verified = true;
  view_.open->participants = "Jonas, Ayo";
  Show();
  EXPECT_THAT(driver_.Text(), HasSubstr("Taking part"));
  EXPECT_THAT(driver_.Text(), HasSubstr("Jonas, Ayo"));
  EXPECT_THAT(driver_.Text(), HasSubstr("Identity verified"));
}

TEST_F(ConsoleScreen, AttributesAreSetAsTheirTypeIs) {
  using wire::AttributeType;
  const auto attribute = [](const char* id, const char* label, AttributeType type) {
    wire::Resource<wire::AttributeFields> made{id, {}};
    made.fields.label = label;
    made.fields.type = type;
    return made;
  };
  auto plan = attribute("att_1", "Plan", AttributeType::kChoice);
  plan.fields.choices = {"Free", "Plus"};
  const auto vip = attribute("att_2", "VIP", AttributeType::kBoolean);
  const auto order = attribute("att_3", "Order", AttributeType::kText);
  const auto due = attribute("att_4", "Due", AttributeType::kDate);
  const std::vector<Fact> facts = {
      {"Plan", "Free", &plan}, {"VIP", "", &vip}, {"Order", "48213", &order}, {"Due", "", &due}, {"page", "said so"}};
  OpenConversation();
  view_.open->facts = facts;
  Show();
  EXPECT_EQ(driver_.Find(ui::Role::kButton, "page"), nullptr) << "the site knows none of that name";
  const auto pick = [&](const char* fact, const char* item) {
    EXPECT_TRUE(driver_.Click(fact)) << fact;
    driver_.Frame();
    EXPECT_TRUE(driver_.Click(item)) << item;
    driver_.Frame();
    return std::exchange(asked_.attribute, "");
  };
  EXPECT_EQ(pick("Plan, Free", "Plus"), "att_1=Plus");
  EXPECT_TRUE(driver_.Find("Plan, Free")->takes_focus);
  EXPECT_EQ(pick("Plan, Free", "Free"), "") << "it is so already";
  EXPECT_EQ(pick("Plan, Free", "No value"), "att_1=");
  EXPECT_EQ(pick("VIP, + add", "Yes"), "att_2=true");
  ASSERT_TRUE(driver_.Click("Order, 48213"));
  driver_.Frame();
  const ui::Node* box = driver_.Find(ui::Role::kTextArea, "Order");
  ASSERT_NE(box, nullptr);
  EXPECT_EQ(box->value, "48213");
  ASSERT_TRUE(driver_.Type("Order", "48214"));
  ASSERT_TRUE(driver_.Submit("Order"));
  EXPECT_EQ(asked_.attribute, "att_3=48214");
  driver_.Frame();
  ASSERT_TRUE(driver_.Click("Due, + add"));
  driver_.Frame();
  EXPECT_NE(driver_.Find(ui::Role::kDate, "Due"), nullptr);
  driver_.Press(ui::Key::kEscape);
  driver_.Frame();
  EXPECT_EQ(driver_.Find(ui::Role::kDate, "Due"), nullptr);
  // Taken away by whoever administers while its value is asked for.
  ASSERT_TRUE(driver_.Click("Order, 48213"));
  view_.open->facts = {};
  Show();
  driver_.Frame();
  EXPECT_EQ(driver_.Find(ui::Role::kTextArea, "Order"), nullptr);
}

TEST_F(ConsoleScreen, SnoozesForAWhile) {
  OpenConversation();
  Show();
  ASSERT_TRUE(driver_.Click("Snooze"));
  driver_.Frame();
  ASSERT_TRUE(driver_.Click("Close the menu"));
  driver_.Frame();
  EXPECT_EQ(driver_.Find("4 hours"), nullptr);
  EXPECT_EQ(asked_.snooze_ms, 0);
  ASSERT_TRUE(driver_.Click("Snooze"));
  driver_.Frame();
  ASSERT_TRUE(driver_.Click("4 hours"));
  EXPECT_EQ(asked_.snooze_ms, 4 * 3600 * 1000);
  // Closed by another meanwhile: there is nothing left to snooze.
  ASSERT_TRUE(driver_.Click("Snooze"));
  summary_.state = ConversationState::kClosed;
  Show();
  EXPECT_EQ(driver_.Find("4 hours"), nullptr);
}

TEST_F(ConsoleScreen, NotesAreWrittenWhereverAndRepliesWhereTheyCanBe) {
  OpenConversation();
  Show();
  ASSERT_TRUE(driver_.Type("Reply", "Look at this"));
  ASSERT_TRUE(driver_.Click("Note"));
  EXPECT_TRUE(asked_.mode_changed);
  driver_.Frame();
  EXPECT_EQ(driver_.Find(ui::Role::kTextArea, "Note")->value, "Look at this");
  EXPECT_EQ(driver_.Find(ui::Role::kButton, "Send"), nullptr);
  ASSERT_TRUE(driver_.Click("Add note"));
  EXPECT_TRUE(asked_.send);
  asked_ = {};
  state_ = {};
  summary_.state = ConversationState::kClosed;
  OpenConversation();
  Show();
  EXPECT_EQ(driver_.Find(ui::Role::kTextArea), nullptr);
  ASSERT_TRUE(driver_.Click("Add note"));
  driver_.Frame();
  ASSERT_TRUE(driver_.Type("Note", "Called back"));
  ASSERT_TRUE(driver_.Submit("Note"));
  EXPECT_TRUE(asked_.send);
  EXPECT_EQ(driver_.Find(ui::Role::kTab, "Reply"), nullptr) << "it is closed";
  ASSERT_TRUE(driver_.Click("Write no note"));
  driver_.Frame();
  EXPECT_EQ(driver_.Find(ui::Role::kTextArea), nullptr);
}

TEST_F(ConsoleScreen, WhatIsWrittenIsChosenByTargetsThatAreLargeEnough) {
  // As short as in Arabic.
  ui::AddWords("Reply", "ل");
  OpenConversation();
  Show();
  ui::ForgetWords();
  const std::vector<const ui::Node*> tabs = driver_.All(ui::Role::kTab);
  ASSERT_EQ(tabs.size(), 6u);
  for (const ui::Node* tab : tabs) {
    EXPECT_GE(tab->rect.width, 24) << tab->label;
    EXPECT_GE(tab->rect.height, 24) << tab->label;
  }
}

TEST_F(ConsoleScreen, MacrosAreRunFromTheFootByFolder) {
  const std::vector<wire::Resource<wire::MacroFields>> macros = {
      {"mac_1", {.name = "Refund", .folder = "Orders", .actions = {}}},
      {"mac_2", {.name = "Wait for the customer", .folder = {}, .actions = {}}},
      {"mac_3", {.name = "Lost parcel", .folder = "Orders", .actions = {}}}};
  OpenConversation();
  Show();
  EXPECT_EQ(driver_.Find("Macros"), nullptr) << "there are none";
  view_.macros = macros;
  for (const ConversationState state : {ConversationState::kOpen, ConversationState::kClosed}) {
    SCOPED_TRACE(static_cast<int>(state));
    summary_.state = state;
    OpenConversation();
    asked_ = {};
    Show();
    ASSERT_TRUE(driver_.Click("Macros"));
    driver_.Frame();
    std::vector<std::string> items;
    for (const ui::Node* node : driver_.All(ui::Role::kMenuItem)) items.push_back(node->label);
    EXPECT_THAT(items, testing::ElementsAre("Wait for the customer", "Lost parcel, Orders", "Refund, Orders"));
    const ui::Node* menu = driver_.Find(ui::Role::kMenu, "Macros");
    ASSERT_NE(menu, nullptr);
    EXPECT_LT(menu->rect.bottom(), driver_.Find(ui::Role::kButton, "Macros")->rect.y) << "it opens upwards";
    driver_.Press(ui::Key::kEscape);
    driver_.Frame();
    EXPECT_TRUE(driver_.Find(ui::Role::kButton, "Macros")->takes_focus);
    EXPECT_EQ(asked_.run_macro, "");
    ASSERT_TRUE(driver_.Click("Macros"));
    driver_.Frame();
    ASSERT_TRUE(driver_.Click("Refund, Orders"));
    EXPECT_EQ(asked_.run_macro, "mac_1");
    driver_.Frame();
    EXPECT_TRUE(driver_.All(ui::Role::kMenuItem).empty());
  }
  ASSERT_TRUE(driver_.Click("Macros"));
  view_.macros = {};
  Show();
  driver_.Frame();
  EXPECT_EQ(driver_.Find("Macros"), nullptr) << "the last one was taken away";
}

TEST_F(ConsoleScreen, CannedRepliesAreChosenByFolderWhereSomethingIsWritten) {
  const std::vector<wire::CannedReply> canned = {{"thanks", "Thank you."}, {"refund", "It is paid.", "Orders"}};
  OpenConversation();
  Show();
  EXPECT_EQ(driver_.Find("Canned replies"), nullptr) << "there are none";
  view_.canned = canned;
  Show();
  ASSERT_TRUE(driver_.Click("Canned replies"));
  driver_.Frame();
  std::vector<std::string> items;
  for (const ui::Node* node : driver_.All(ui::Role::kMenuItem)) items.push_back(node->label);
  EXPECT_THAT(items, testing::ElementsAre("thanks", "refund, Orders"));
  driver_.Press(ui::Key::kEscape);
  driver_.Frame();
  EXPECT_TRUE(driver_.Find(ui::Role::kButton, "Canned replies")->takes_focus);
  ASSERT_TRUE(driver_.Click("Canned replies"));
  driver_.Frame();
  ASSERT_TRUE(driver_.Click("refund, Orders"));
  EXPECT_EQ(asked_.canned, "refund");
  driver_.Frame();
  EXPECT_TRUE(driver_.All(ui::Role::kMenuItem).empty());
  // Handed to somebody while the menu is open: there is nothing to put it in.
  ASSERT_TRUE(driver_.Click("Canned replies"));
  view_.open->mine = false;
  Show();
  driver_.Frame();
  EXPECT_TRUE(driver_.All(ui::Role::kMenuItem).empty());
  EXPECT_EQ(driver_.Find("Canned replies"), nullptr);
  ASSERT_TRUE(driver_.Click("Add note"));
  driver_.Frame();
  EXPECT_NE(driver_.Find(ui::Role::kButton, "Canned replies"), nullptr) << "a note is written";
}

TEST_F(ConsoleScreen, WhatIsReadyStandsInFoldersByTeam) {
  const std::vector<wire::Team> teams = {{"tea_1", "Sales"}, {"tea_2", "Billing"}};
  const std::vector<wire::CannedReply> canned = {{"price", "It costs.", {}, "tea_1"},
                                                 {"paid", "It is paid.", "Refunds", "tea_2"},
                                                 {"open", "We are open.", {}, "tea_2"},
                                                 {"thanks", "Thank you."}};
  const std::vector<wire::Resource<wire::MacroFields>> macros = {
      {"mac_1", {.name = "Offer", .folder = {}, .actions = {}, .team = "tea_1"}},
      {"mac_2", {.name = "Wait", .folder = {}, .actions = {}}}};
  view_.teams = teams;
  view_.canned = canned;
  view_.macros = macros;
  OpenConversation();
  Show();
  const auto items = [&](const char* button) {
    EXPECT_TRUE(driver_.Click(button));
    driver_.Frame();
    std::vector<std::string> labels;
    for (const ui::Node* node : driver_.All(ui::Role::kMenuItem)) labels.push_back(node->label);
    return labels;
  };
  EXPECT_THAT(items("Canned replies"),
              testing::ElementsAre("thanks", "open, Billing", "paid, Refunds, Billing", "price, Sales"));
  // The name of a team stands above what is theirs.
  const auto all = driver_.All(ui::Role::kMenuItem);
  EXPECT_GT(all[1]->rect.y - all[0]->rect.bottom(), 20);
  EXPECT_LT(all[2]->rect.y - all[1]->rect.bottom(), 1);
  EXPECT_GT(all[3]->rect.y - all[2]->rect.bottom(), 20);
  EXPECT_LT(all[3]->rect.bottom(), driver_.Find(ui::Role::kMenu, "Canned replies")->rect.bottom()) << "all is in sight";
  ASSERT_TRUE(driver_.Click("paid, Refunds, Billing"));
  EXPECT_EQ(asked_.canned, "paid");
  driver_.Frame();
  EXPECT_THAT(items("Macros"), testing::ElementsAre("Wait", "Offer, Sales"));
  ASSERT_TRUE(driver_.Click("Offer, Sales"));
  EXPECT_EQ(asked_.run_macro, "mac_1");
}

TEST_F(ConsoleScreen, WhoSupervisesWhispersToWhoHasIt) {
  OpenConversation();
  view_.open->mine = false;
  Show();
  EXPECT_EQ(driver_.Find("Whisper"), nullptr);
  view_.open->can_whisper = true;
  Show();
  ASSERT_TRUE(driver_.Click("Whisper"));
  driver_.Frame();
  EXPECT_EQ(driver_.Find(ui::Role::kTextArea)->label, "Whisper to Mara");
  EXPECT_TRUE(driver_.Find(ui::Role::kTextArea)->takes_focus);
  EXPECT_EQ(driver_.Find(ui::Role::kTextArea)->placeholder, "Write to Mara: the customer does not see it…");
  EXPECT_EQ(driver_.Find(ui::Role::kTab, "Reply"), nullptr);
  ASSERT_TRUE(driver_.Type("Whisper to Mara", "Offer a refund"));
  ASSERT_TRUE(driver_.Submit("Whisper to Mara"));
  EXPECT_TRUE(asked_.send);
  EXPECT_EQ(state_.writing, Writing::kWhisper);
  // Taken over by who whispers, or left: what was begun is still not for the customer.
  view_.open->can_whisper = false;
  Show();
  EXPECT_EQ(driver_.Find(ui::Role::kTextArea)->label, "Note");
  EXPECT_EQ(driver_.Find(ui::Role::kTextArea)->value, "Offer a refund");
  EXPECT_EQ(state_.writing, Writing::kNote);
}

TEST_F(ConsoleScreen, SaysWhoElseIsHereWhereverThereIsRoom) {
  const std::vector<std::string> viewers = {"Jonas", "Ada Lovelace"};
  for (const float width : {1600.0f, 1000.0f, 390.0f}) {
    for (const bool right_to_left : {false, true}) {
      SCOPED_TRACE(width);
      driver_.input().width = width;
      driver_.input().right_to_left = right_to_left;
      OpenConversation();
      Show();
      EXPECT_EQ(driver_.Find("Also here: Jonas, Ada Lovelace"), nullptr);
      view_.open->viewers = viewers;
      view_.open->also_here = "Also here: Jonas, Ada Lovelace";
      Show();
      const ui::Node* here = driver_.Find("Also here: Jonas, Ada Lovelace");
      ASSERT_NE(here, nullptr);
      EXPECT_EQ(here->role, width > 1200 ? ui::Role::kText : ui::Role::kImage);
      EXPECT_GE(here->rect.x, 0);
      EXPECT_LE(here->rect.right(), width);
      for (const ui::Node* button : driver_.All(ui::Role::kButton)) {
        EXPECT_FALSE(here->rect.Overlaps(button->rect)) << button->label;
      }
      const ui::Node* name = driver_.Find(ui::Role::kHeading, "Priya Shah");
      EXPECT_FALSE(here->rect.Overlaps(name->rect));
      EXPECT_GE(name->rect.width, 60);
    }
  }
}

TEST_F(ConsoleScreen, WarnsOfASecondAnswerBesideWhatSends) {
  OpenConversation();
  view_.open->also_writes = "Jonas is writing a reply, too";
  for (const float width : {1440.0f, 390.0f}) {
    SCOPED_TRACE(width);
    driver_.input().width = width;
    Show();
    const ui::Node* warning = driver_.Find(ui::Role::kStatus, "Jonas is writing a reply, too");
    ASSERT_NE(warning, nullptr);
    EXPECT_FALSE(warning->rect.Overlaps(driver_.Find(ui::Role::kButton, "Send")->rect));
    EXPECT_GE(warning->rect.width, 120);
  }
  ASSERT_TRUE(driver_.Click("Note"));
  driver_.Frame();
  EXPECT_EQ(driver_.Find(ui::Role::kStatus, "Jonas is writing a reply, too"), nullptr) << "the customer gets no note";
}

TEST_F(ConsoleScreen, TagsAreShownAddedAndTakenOff) {
  summary_.tags = {{"vip", "late parcel"}};
  rows_[0].tags = *summary_.tags;
  OpenConversation();
  Show();
  EXPECT_THAT(driver_.Find(ui::Role::kOption, "Priya Shah")->label, HasSubstr("late parcel"));
  ASSERT_TRUE(driver_.Click("Remove the tag vip"));
  EXPECT_EQ(asked_.remove_tag, "vip");
  ASSERT_TRUE(driver_.Click("Add a tag"));
  driver_.Frame();
  ASSERT_TRUE(driver_.Type("Add a tag", "refund"));
  ASSERT_TRUE(driver_.Submit("Add a tag"));
  EXPECT_EQ(asked_.add_tag, "refund");
  driver_.Frame();
  EXPECT_EQ(driver_.Find(ui::Role::kTextBox, "Add a tag")->value, "") << "for the next one";
  driver_.ui().OnFocus(driver_.Find(ui::Role::kTextArea, "Reply")->id);
  driver_.Frame();
  driver_.Press(ui::Key::kEscape);
  driver_.Frame();
  ASSERT_NE(driver_.Find(ui::Role::kTextBox, "Add a tag"), nullptr) << "it was not there that Escape was pressed";
  driver_.ui().OnFocus(driver_.Find(ui::Role::kTextBox, "Add a tag")->id);
  driver_.Frame();
  driver_.Press(ui::Key::kEscape);
  driver_.Frame();
  EXPECT_EQ(driver_.Find(ui::Role::kTextBox, "Add a tag"), nullptr);
  EXPECT_TRUE(driver_.Find(ui::Role::kButton, "Add a tag")->takes_focus);
  rows_[0].tags = {};
  summary_.tags->resize(wire::kTagsMax, "t");
  driver_.Frame();
  EXPECT_EQ(driver_.Find("Add a tag"), nullptr) << "there is room for no more";
}

TEST_F(ConsoleScreen, ARowHasAsManyTagsAsFit) {
  std::vector<std::string> tags;
  for (char letter = 'a'; letter <= 'z'; ++letter) tags.push_back(std::string(8, letter));
  rows_[0].tags = tags;
  Show();
  const std::string& label = driver_.Find(ui::Role::kOption, "Priya Shah")->label;
  EXPECT_THAT(label, HasSubstr("aaaaaaaa"));
  EXPECT_THAT(label, testing::Not(HasSubstr("zzzzzzzz")));
  EXPECT_THAT(label, testing::MatchesRegex(".*[+]2[0-9]"));
}

TEST_F(ConsoleScreen, ClaimsOnceAndClosesByButton) {
  summary_.state = ConversationState::kQueued;
  OpenConversation();
  Show();
  EXPECT_TRUE(driver_.Click("Claim"));
  EXPECT_TRUE(asked_.claim);
  view_.open->claiming = true;
  Show();
  EXPECT_FALSE(driver_.Click("Claim")) << "it is under way";

  summary_.state = ConversationState::kOpen;
  OpenConversation();
  Show();
  EXPECT_TRUE(driver_.Click("Close"));
  EXPECT_TRUE(asked_.close);
}

TEST_F(ConsoleScreen, SendsByButtonEnterAndControlEnterAndNothingBlank) {
  OpenConversation();
  Show();
  EXPECT_FALSE(driver_.Find("Send")->enabled);
  driver_.Submit("Reply");
  driver_.Press(ui::Key::kSubmit);
  EXPECT_FALSE(asked_.send);

  ASSERT_TRUE(driver_.Type("Reply", "Hello Priya"));
  EXPECT_TRUE(driver_.Click("Send"));
  EXPECT_TRUE(asked_.send);
  asked_ = {};
  EXPECT_TRUE(driver_.Submit("Reply"));
  EXPECT_TRUE(asked_.send);
  asked_ = {};
  driver_.Press(ui::Key::kSubmit);
  EXPECT_TRUE(asked_.send);
}

TEST_F(ConsoleScreen, ShowsTheDraftOfTheCustomerToItsEnd) {
  OpenConversation();
  view_.open->draft = "and can you also chan";
  Show();
  EXPECT_THAT(driver_.Text(), HasSubstr("Sees live: “and can you also chan▌”"));
  std::string long_draft;
  for (int i = 0; i < 300; ++i) long_draft += "é";
  long_draft += "END";
  view_.open->draft = long_draft;
  driver_.input().width = 2400;
  Show();
  EXPECT_THAT(driver_.Text(), HasSubstr("END▌”"));
}

TEST_F(ConsoleScreen, EmptyListsSayWhy) {
  rows_.clear();
  view_.rows = rows_;
  struct {
    ListTab tab;
    wire::Presence presence;
    const char* says;
  } const cases[] = {
      {ListTab::kMine, wire::Presence::kOnline, "No open conversations"},
      {ListTab::kMine, wire::Presence::kAway, "You are not accepting conversations"},
      {ListTab::kWaiting, wire::Presence::kOnline, "Nobody is waiting"},
      {ListTab::kTeam, wire::Presence::kOnline, "No colleague has a conversation"},
      {ListTab::kClosed, wire::Presence::kOnline, "No closed conversations yet"},
  };
  for (const auto& expected : cases) {
    SCOPED_TRACE(expected.says);
    view_.tab = expected.tab;
    view_.agent.presence = expected.presence;
    Show();
    EXPECT_THAT(driver_.Text(), HasSubstr(expected.says));
  }
}

TEST_F(ConsoleScreen, NarrowScreensHideTheDetailsThenTheList) {
  OpenConversation();
  Show();
  EXPECT_NE(driver_.Find("Details"), nullptr);
  EXPECT_NE(driver_.Find("Inbox"), nullptr);
  EXPECT_EQ(driver_.Find("Back to the list"), nullptr);

  driver_.input().width = kDetailsFrom - 1;
  Show();
  EXPECT_EQ(driver_.Find("Details"), nullptr);
  EXPECT_NE(driver_.Find("Inbox"), nullptr);

  driver_.input().width = kTwoColumnsFrom - 1;
  Show();
  EXPECT_EQ(driver_.Find("Inbox"), nullptr);
  EXPECT_TRUE(driver_.Click("Back to the list"));
  EXPECT_TRUE(asked_.back);
  view_.open.reset();
  Show();
  EXPECT_NE(driver_.Find("Inbox"), nullptr);
}

TEST_F(ConsoleScreen, SignsOutFromTheRail) {
  Show();
  EXPECT_TRUE(driver_.Click("Sign out"));
  EXPECT_TRUE(asked_.sign_out);
}

TEST_F(ConsoleScreen, SaysThatItIsReconnectingOrOpenElsewhere) {
  const char* reconnecting = "Reconnecting… What you write is kept and sent when the connection is back.";
  Show();
  EXPECT_EQ(driver_.Find(reconnecting), nullptr);
  view_.connected = false;
  Show();
  EXPECT_NE(driver_.Find(reconnecting), nullptr);
  view_.superseded = true;
  Show();
  EXPECT_TRUE(driver_.Click("Use it here"));
  EXPECT_TRUE(asked_.resume);
}

class SignInScreen : public testing::Test {
 protected:
  void Show() {
    driver_.Frame([this](ui::Ui& ui) { asked_ |= DrawSignIn(ui, view_, state_); });
  }
  ui::Driver driver_;
  SignInView view_;
  SignInState state_;
  bool asked_ = false;
};

TEST_F(SignInScreen, AsksWithBothFieldsAndLeadsToTheEmptyOneBefore) {
  Show();
  EXPECT_TRUE(driver_.Click("Sign in"));
  EXPECT_FALSE(asked_);
  EXPECT_TRUE(state_.email.wants_focus);
  ASSERT_TRUE(driver_.Type("Email", "mara@northwind.example"));
  driver_.Submit("Email");
  EXPECT_FALSE(asked_);
  EXPECT_TRUE(state_.password.wants_focus);
  ASSERT_TRUE(driver_.Type("Password", "secret"));
  EXPECT_TRUE(driver_.Click("Sign in"));
  EXPECT_TRUE(asked_);
  asked_ = false;
  driver_.Submit("Password");
  EXPECT_TRUE(asked_);
}

TEST_F(SignInScreen, SaysWhatWentWrongAndWaitsWhileBusy) {
  view_.error = "Wrong email or password.";
  state_.email.text = "mara@northwind.example";
  state_.password.text = "secret";
  Show();
  EXPECT_NE(driver_.Find(ui::Role::kAlert, "Wrong email or password."), nullptr);
  EXPECT_TRUE(driver_.Find("Password")->invalid);
  view_.busy = true;
  Show();
  EXPECT_FALSE(driver_.Click("Signing in…"));
  EXPECT_TRUE(driver_.Find("Password")->enabled) << "the keyboard is not lost";
  EXPECT_FALSE(asked_);
}

TEST(Words, CustomersWithoutANameAreCalledAfterTheirId) {
  EXPECT_EQ(NameOfCustomer(kPriya), "Priya Shah");
  EXPECT_EQ(NameOfCustomer({ActorKind::kCustomer, "cus_01ABCDEF", ""}), "Visitor CDEF");
  EXPECT_EQ(NameOfCustomer({ActorKind::kCustomer, "", ""}), "Visitor ");
}

TEST(Words, PagesAreShownWithoutTheirScheme) {
  EXPECT_EQ(ShortPage("https://northwind.example/mugs"), "northwind.example/mugs");
  EXPECT_EQ(ShortPage("northwind"), "northwind");
  EXPECT_EQ(ShortPage(""), "");
}

}  // namespace
}  // namespace alcove::console
