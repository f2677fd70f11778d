// Several conversations chosen in the console's list, and what is asked to be done with them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "functions/wire/limits.h"
#include "wasm-widget/console/screen.h"
#include "wasm-widget/ui/testing.h"

namespace alcove::console {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class Choosing : public testing::Test {
 protected:
  Choosing() {
    driver_.input().width = 1440;
    driver_.input().height = 900;
    view_.agent = {.id = "agt_1", .name = "Mara", .presence = wire::Presence::kOnline, .load = 3, .capacity = 5};
    for (const char* name : {"Ada", "Ben", "Cid", "Dan", "Eva"}) AddRow(name);
  }

  void AddRow(const std::string& name) {
    ids_.push_back("cnv_" + name);
    rows_.clear();
    for (const std::string& id : ids_)
      rows_.push_back({.id = id, .name = id.substr(4), .time = "now", .preview = "Hi"});
    view_.rows = rows_;
  }

  void Show() {
    driver_.Frame([this](ui::Ui& ui) {
      ConsoleRequest request = DrawConsole(ui, view_, state_);
      if (request.all != ForAllRequest()) asked_ = request.all;
      if (!request.open.empty()) opened_ = request.open;
      dismissed_ = dismissed_ || request.dismiss;
    });
  }
  void Begin() {
    Show();
    ASSERT_TRUE(driver_.Click("Choose several"));
    driver_.Frame();
  }
  const ui::Node* Row(std::string_view name) { return driver_.Find(ui::Role::kOption, name); }
  void Press(std::string_view name, ui::Ui::Shift shift = ui::Ui::Shift::kUp) {
    const ui::Node* row = Row(name);
    ASSERT_NE(row, nullptr) << name;
    driver_.ui().OnClick(row->id, shift);
    driver_.Frame();
    driver_.Frame();
  }
  // The first letters of those that are ticked.
  std::string Ticked() {
    std::string ticked;
    for (const ui::Node* row : driver_.All(ui::Role::kOption)) {
      if (row->checked == ui::Toggle::kOn) ticked += row->label.substr(0, 1);
    }
    return ticked;
  }
  bool Pick(std::string_view button, std::string_view item) {
    if (!driver_.Click(button)) return false;
    driver_.Frame();
    return driver_.Click(item) && (driver_.Frame(), true);
  }
  std::vector<std::string> Items() {
    std::vector<std::string> items;
    for (const ui::Node* node : driver_.All(ui::Role::kMenuItem)) items.push_back(node->label);
    return items;
  }

  ui::Driver driver_;
  ConsoleView view_;
  ConsoleState state_;
  ForAllRequest asked_;
  std::string opened_;
  bool dismissed_ = false;
  std::vector<std::string> ids_;
  std::vector<RowView> rows_;
};

TEST_F(Choosing, BeginsByAButtonAndEndsByEscapeAndTheKeyboardFollows) {
  Show();
  EXPECT_EQ(Row("Ada")->checked, ui::Toggle::kNone) << "a row opens";
  ASSERT_TRUE(driver_.Click("Choose several"));
  EXPECT_TRUE(Row("Ada")->takes_focus);
  driver_.Frame();
  EXPECT_FALSE(Row("Ada")->takes_focus) << "once";
  EXPECT_EQ(Row("Ada")->checked, ui::Toggle::kOff);
  EXPECT_THAT(driver_.Text(), HasSubstr("Chosen: 0"));
  EXPECT_TRUE(driver_.All(ui::Role::kTab).empty());
  EXPECT_FALSE(driver_.Find(ui::Role::kButton, "Assign")->enabled) << "with none there is nothing to do";
  Press("Ada");
  Press("Cid");
  EXPECT_EQ(Ticked(), "AC");
  EXPECT_THAT(driver_.Text(), HasSubstr("Chosen: 2"));
  EXPECT_EQ(driver_.Find(ui::Role::kStatus)->label, "Chosen: 2") << "those who listen are told";
  EXPECT_EQ(opened_, "");
  Press("Ada");
  EXPECT_EQ(Ticked(), "C");
  driver_.Press(ui::Key::kEscape);
  driver_.Frame();
  EXPECT_EQ(Row("Cid")->checked, ui::Toggle::kNone);
  EXPECT_TRUE(driver_.Find(ui::Role::kButton, "Choose several")->takes_focus);
  driver_.Frame();
  EXPECT_FALSE(driver_.Find(ui::Role::kButton, "Choose several")->takes_focus) << "once";
  EXPECT_EQ(driver_.All(ui::Role::kTab).size(), 4u);
  Begin();
  EXPECT_EQ(Ticked(), "") << "what was chosen then is forgotten";
  ASSERT_TRUE(driver_.Click("Stop choosing"));
  driver_.Frame();
  Press("Ben");
  EXPECT_EQ(opened_, "cnv_Ben");
}

TEST_F(Choosing, ShiftExtendsFromTheLastOneEitherWay) {
  Begin();
  Press("Dan");
  Press("Ben", ui::Ui::Shift::kHeld);
  EXPECT_EQ(Ticked(), "BCD");
  Press("Eva", ui::Ui::Shift::kHeld);
  EXPECT_EQ(Ticked(), "BCDE");
  driver_.Press(ui::Key::kEscape);
  // While nothing is chosen it begins with the open one.
  wire::Conversation open;
  open.id = "cnv_Cid";
  open.state = wire::ConversationState::kOpen;
  view_.open = ConversationView{.conversation = &open, .name = "Cid"};
  Show();
  Press("Eva", ui::Ui::Shift::kHeld);
  EXPECT_EQ(Ticked(), "CDE");
  EXPECT_EQ(opened_, "");
}

TEST_F(Choosing, AMouseFindsABoxOverTheFace) {
  Show();
  EXPECT_EQ(driver_.Find("Choose Ben"), nullptr);
  driver_.ui().OnHover(Row("Ben")->id);
  driver_.Frame();
  driver_.Frame();
  const ui::Node* box = driver_.Find("Choose Ben");
  ASSERT_NE(box, nullptr);
  EXPECT_EQ(box->checked, ui::Toggle::kOff);
  // It is over the row, which the pointer leaves for it.
  driver_.ui().OnHover(box->id);
  driver_.Frame();
  driver_.Frame();
  ASSERT_NE(driver_.Find("Choose Ben"), nullptr);
  driver_.ui().OnHover(Row("Ada")->id);
  driver_.Settle();
  driver_.Frame();
  EXPECT_EQ(driver_.Find("Choose Ben"), nullptr);
  ASSERT_TRUE(driver_.Click("Choose Ada"));
  driver_.Frame();
  EXPECT_EQ(Ticked(), "A");
  EXPECT_EQ(opened_, "");
  driver_.Press(ui::Key::kEscape);
  driver_.input().touch = true;
  driver_.ui().OnHover(Row("Ben")->id);
  driver_.Frame();
  driver_.Frame();
  EXPECT_EQ(driver_.Find("Choose Ben"), nullptr) << "a finger does not hover";
}

TEST_F(Choosing, AllAreChosenAsFarAsThereMayBeSoMany) {
  Begin();
  ASSERT_TRUE(driver_.Click("Choose all"));
  driver_.Frame();
  EXPECT_EQ(Ticked(), "ABCDE");
  ASSERT_TRUE(driver_.Click("Choose none"));
  driver_.Frame();
  EXPECT_EQ(Ticked(), "");
  for (size_t i = ids_.size(); i <= wire::kBulkConversationsMax; ++i) AddRow("x" + std::to_string(i));
  Show();
  ASSERT_TRUE(driver_.Click("Choose all"));
  driver_.Frame();
  EXPECT_EQ(state_.choosing.ids.size(), wire::kBulkConversationsMax);
  EXPECT_THAT(driver_.Text(), HasSubstr("Chosen: 50, no more at once"));
  driver_.ScrollTo("Conversations", 1e6f);
  driver_.Frame();
  EXPECT_FALSE(Row("x50")->enabled);
  driver_.ScrollTo("Conversations", 0);
  driver_.Frame();
  Press("Ada");
  driver_.ScrollTo("Conversations", 1e6f);
  driver_.Frame();
  EXPECT_TRUE(Row("x50")->enabled) << "there is room for one";
}

TEST_F(Choosing, WhatLeavesTheListIsChosenNoLonger) {
  Begin();
  Press("Ada");
  Press("Ben");
  view_.rows = std::span(rows_).subspan(1);
  Show();
  EXPECT_EQ(Ticked(), "B");
  EXPECT_THAT(driver_.Text(), HasSubstr("Chosen: 1"));
  ASSERT_TRUE(driver_.Click("Snooze"));
  driver_.Frame();
  EXPECT_FALSE(Items().empty());
  view_.rows = std::span(rows_).subspan(2);
  Show();
  driver_.Frame();
  EXPECT_TRUE(Items().empty()) << "there is nothing to put aside";
  view_.rows = {};
  Show();
  driver_.Frame();
  EXPECT_EQ(driver_.All(ui::Role::kTab).size(), 4u) << "there is nothing to choose from";
}

TEST_F(Choosing, ClosesAssignsTagsAndSnoozes) {
  const std::vector<wire::AgentSummary> agents = {
      view_.agent, {.id = "agt_2", .name = "Jonas", .presence = wire::Presence::kAway, .load = 1, .capacity = 4}};
  const std::vector<wire::Team> teams = {{"tea_1", "Billing"}};
  const std::vector<wire::Resource<wire::TagFields>> tags = {{"tag_1", {.name = "spam", .colour = "#000000"}}};
  const std::vector<std::string> has = {"late", "vip"};
  view_.agents = agents;
  view_.teams = teams;
  view_.tags = tags;
  rows_[0].tags = has;
  for (const float width : {1440.0f, 320.0f}) {
    SCOPED_TRACE(width);
    driver_.input().width = width;
    state_ = {};
    Begin();
    Press("Ada");
    // What has no room of its own is in a menu.
    const auto press = [&](std::string_view what) {
      if (driver_.Find(ui::Role::kButton, what) == nullptr) {
        EXPECT_TRUE(driver_.Click("More"));
        driver_.Frame();
      }
      EXPECT_TRUE(driver_.Click(what)) << what;
      driver_.Frame();
    };
    asked_ = {};
    press("Close");
    EXPECT_EQ(asked_, ForAllRequest{.close = true});

    asked_ = {};
    press("Assign");
    EXPECT_THAT(Items(), ElementsAre("Mara, You, People", "Jonas, Away, People", "Billing, Teams"));
    ASSERT_TRUE(driver_.Click("Billing, Teams"));
    EXPECT_EQ(asked_.assign, (wire::Assignment{{}, "tea_1", {}}));
    driver_.Frame();
    press("Assign");
    ASSERT_TRUE(driver_.Click("Mara, You, People"));
    EXPECT_EQ(asked_.assign, (wire::Assignment{"agt_1", {}, {}}));
    driver_.Frame();

    asked_ = {};
    press("Tag");
    driver_.Frame();
    ASSERT_TRUE(driver_.Type("Add a tag", "refund"));
    ASSERT_TRUE(driver_.Submit("Add a tag"));
    EXPECT_EQ(asked_, ForAllRequest{.add_tag = "refund"});
    driver_.Frame();
    press("Tag");
    ASSERT_TRUE(driver_.Click("spam"));
    EXPECT_EQ(asked_.add_tag, "spam");
    driver_.Frame();
    press("Tag");
    ASSERT_TRUE(driver_.Click("Remove the tag vip"));
    EXPECT_EQ(asked_.remove_tag, "vip");
    driver_.Frame();
    EXPECT_EQ(driver_.Find("spam"), nullptr) << "the menu is closed";

    asked_ = {};
    press("Snooze");
    driver_.Press(ui::Key::kEscape);
    driver_.Frame();
    EXPECT_TRUE(Items().empty());
    EXPECT_TRUE(state_.choosing.on) << "Escape closed the menu first";
    press("Snooze");
    ASSERT_TRUE(driver_.Click("4 hours"));
    EXPECT_EQ(asked_, ForAllRequest{.snooze_ms = 4 * 3600 * 1000});
    driver_.Frame();
  }
}

TEST_F(Choosing, OneThingIsDoneAtATime) {
  for (const float width : {1440.0f, 320.0f}) {
    SCOPED_TRACE(width);
    driver_.input().width = width;
    state_ = {};
    view_.acting_together = false;
    Begin();
    Press("Ada");
    ASSERT_TRUE(driver_.Click("Assign"));
    driver_.Frame();
    ASSERT_NE(driver_.Find(ui::Role::kMenu), nullptr);
    asked_ = {};
    view_.acting_together = true;
    Show();
    driver_.Frame();
    EXPECT_EQ(driver_.Find(ui::Role::kMenu), nullptr) << "it would be done twice";
    size_t seen = 0;
    for (const std::string_view what : {"Close", "Assign", "Tag", "Snooze", "More"}) {
      const ui::Node* button = driver_.Find(ui::Role::kButton, what);
      if (button == nullptr) continue;
      ++seen;
      EXPECT_FALSE(button->enabled) << what;
      driver_.Click(what);
      driver_.Frame();
    }
    EXPECT_GE(seen, 3u);
    EXPECT_EQ(asked_, ForAllRequest());
    EXPECT_EQ(Ticked(), "A") << "others may be chosen meanwhile";
    view_.acting_together = false;
    Show();
    EXPECT_TRUE(driver_.Find(ui::Role::kButton, "Assign")->enabled);
    ASSERT_TRUE(driver_.Click("Close"));
    driver_.Frame();
    EXPECT_EQ(asked_, ForAllRequest{.close = true});
  }
}

TEST_F(Choosing, WhatIsOverIsReopenedAndTagged) {
  view_.tab = ListTab::kClosed;
  Begin();
  Press("Ada");
  EXPECT_EQ(driver_.Find(ui::Role::kButton, "Snooze"), nullptr);
  EXPECT_NE(driver_.Find(ui::Role::kButton, "Tag"), nullptr);
  ASSERT_TRUE(driver_.Click("Reopen"));
  EXPECT_EQ(asked_, ForAllRequest{.reopen = true});
}

TEST_F(Choosing, ACloseAsksForWhatTheSiteAsksFor) {
  wire::Closing closing;
  view_.closing = &closing;
  Begin();
  Press("Ada");
  ASSERT_TRUE(driver_.Click("Close"));
  EXPECT_EQ(asked_, ForAllRequest{.close = true}) << "it asks for nothing";
  closing.reasons = {"solved", "spam"};
  asked_ = {};
  ASSERT_TRUE(driver_.Click("Close"));
  driver_.Frame();
  EXPECT_THAT(Items(), ElementsAre("solved", "spam", "No reason"));
  ASSERT_TRUE(driver_.Click("spam"));
  EXPECT_EQ(asked_, (ForAllRequest{.close = true, .reason = "spam"}));
  driver_.Frame();
  EXPECT_TRUE(driver_.Find(ui::Role::kButton, "Close")->takes_focus);
  closing.reason_required = true;
  ASSERT_TRUE(driver_.Click("Close"));
  driver_.Frame();
  EXPECT_THAT(Items(), ElementsAre("solved", "spam"));
  driver_.Press(ui::Key::kEscape);
  driver_.Frame();
  // One in the agent's own words.
  closing.reasons.clear();
  asked_ = {};
  ASSERT_TRUE(driver_.Click("Close"));
  driver_.Frame();
  ASSERT_TRUE(driver_.Submit("Reason for closing"));
  EXPECT_EQ(asked_, ForAllRequest()) << "it is needed";
  ASSERT_TRUE(driver_.Type("Reason for closing", "a test"));
  ASSERT_TRUE(driver_.Submit("Reason for closing"));
  EXPECT_EQ(asked_, (ForAllRequest{.close = true, .reason = "a test"}));
}

TEST_F(Choosing, WhatWasNotDoneIsSaidWithItsReasonUntilItIsRead) {
  std::vector<NotDone> not_done = {{"Ada", "It is no longer there."}, {"Ben", "Jonas has this conversation already."}};
  Show();
  const float before = Row("Ada")->rect.y;
  view_.not_done = not_done;
  view_.told = "Done: 3. Not done: 2";
  Show();
  EXPECT_THAT(driver_.Text(), HasSubstr("Not done: 2\nAda\nIt is no longer there.\nBen\nJonas has this conversation"));
  EXPECT_EQ(driver_.Find(ui::Role::kStatus)->label, "Done: 3. Not done: 2");
  EXPECT_GT(Row("Ada")->rect.y, before) << "it hides no conversation";
  ASSERT_TRUE(driver_.Click("Dismiss"));
  EXPECT_TRUE(dismissed_);
  // However many there are, the list keeps its half.
  for (size_t i = 0; i < wire::kBulkConversationsMax; ++i) not_done.push_back({"N" + std::to_string(i), "why"});
  view_.not_done = not_done;
  Show();
  EXPECT_LT(Row("Ada")->rect.y, 560);
  EXPECT_THAT(driver_.Text(), HasSubstr("N49\nwhy")) << "it can be scrolled to";
}

}  // namespace
}  // namespace alcove::console
