// The gallery through its tree: every control is there in every state, says what it is, and does what it says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "wasm-widget/gallery/screen.h"
#include "wasm-widget/ui/testing.h"

namespace alcove::gallery {
namespace {

using testing::HasSubstr;
using ui::Node;
using ui::Role;
using ui::Toggle;

class StillPictures : public ui::Pictures {
 public:
  State StateOf(std::string_view url) override {
    return url.find("broken") != url.npos ? State::kFailed : url == kPictureUrl ? ready : State::kLoading;
  }
  void Rasterise(std::string_view, const ui::Pixels&) override { ++rasterised; }
  State ready = State::kReady;
  int rasterised = 0;
};

class Gallery : public testing::Test {
 protected:
  Gallery() : driver_({.width = 1320, .height = 3000}) {
    driver_.Frame([this](ui::Ui& ui) { DrawGallery(ui, pictures_, state_); });
    driver_.Settle();
  }

  const Node& At(Role role, std::string_view label) {
    const Node* node = driver_.Find(role, label);
    EXPECT_NE(node, nullptr) << label;
    static const Node nothing;
    return node == nullptr ? nothing : *node;
  }

  GalleryState state_;
  StillPictures pictures_;
  ui::Driver driver_;
};

TEST_F(Gallery, ShowsEveryRole) {
  state_.menu_open = true;
  driver_.Frame();
  std::set<Role> shown;
  for (const Node& node : driver_.ui().nodes()) shown.insert(node.role);
  state_.menu_open = false;
  state_.dialog_open = true;
  state_.toast = true;
  driver_.Frame();
  for (const Node& node : driver_.ui().nodes()) shown.insert(node.role);
  // Of the faces alone: the log and the parts of a page.
  const std::set<Role> elsewhere = {Role::kLog, Role::kList, Role::kBanner, Role::kNavigation};
  for (int i = 0; i <= static_cast<int>(Role::kDate); ++i) {
    const auto role = static_cast<Role>(i);
    EXPECT_NE(shown.contains(role), elsewhere.contains(role)) << NameOf(role);
  }
}

TEST_F(Gallery, NamesEverythingThatCanBeUsed) {
  std::set<ui::NodeId> ids;
  for (const Node& node : driver_.ui().nodes()) {
    EXPECT_TRUE(ids.insert(node.id).second) << node.label;
    if (node.role == Role::kText || node.role == Role::kGroup) continue;
    EXPECT_FALSE(node.label.empty()) << NameOf(node.role);
  }
}

TEST_F(Gallery, GivesEveryTargetTheRoomThatItNeeds) {
  for (const float least : {24.0f, 44.0f}) {
    driver_.input().touch = least > 24;
    driver_.Frame();
    for (const Node& node : driver_.ui().nodes()) {
      const bool target = node.role == Role::kButton || node.role == Role::kTab || node.role == Role::kSelect ||
                          node.role == Role::kSwitch || node.role == Role::kCheckbox || node.role == Role::kOption ||
                          node.role == Role::kLink;
      if (!target) continue;
      EXPECT_GE(node.rect.height, least) << node.label;
      EXPECT_GE(node.rect.width, least) << node.label;
    }
  }
}

TEST_F(Gallery, ButtonsAnswerAndThoseThatAreOffDoNot) {
  for (const char* label : {"Primary", "Outline", "Danger", "Quiet", "Link", "With an icon", "Attach", "Send"}) {
    EXPECT_TRUE(driver_.Click(label)) << label;
    driver_.Frame();
    EXPECT_THAT(driver_.Text(), HasSubstr(std::string("Last: ") + label));
  }
  for (const char* label : {"Primary off", "Link off", "No voice", "Nothing to send", "Not now", "Not to be ticked"}) {
    EXPECT_FALSE(driver_.Click(label)) << label;
  }
  EXPECT_EQ(At(Role::kButton, "Settings").pressed, Toggle::kOn);
}

TEST_F(Gallery, ALinkSaysWhereItLeadsAndHarmfulOnesAreText) {
  EXPECT_EQ(At(Role::kLink, "A link").value, "https://alcove.example/");
  for (const char* url : {"javascript:alert(1)", "data:text/html,x", "//evil.example", "HTTPS//x", ""}) {
    ui::Driver driver;
    driver.Frame([&](ui::Ui& ui) { ui.Link({0, 0, 200, 24}, "Press me", url); });
    EXPECT_EQ(driver.Find(Role::kLink), nullptr) << url;
    EXPECT_NE(driver.Find(Role::kText, "Press me"), nullptr) << url;
  }
}

TEST_F(Gallery, ChipsFilterAndAreTakenOff) {
  EXPECT_EQ(At(Role::kButton, "Only mine").pressed, Toggle::kOn);
  EXPECT_TRUE(driver_.Click("Only mine"));
  driver_.Frame();
  EXPECT_EQ(At(Role::kButton, "Only mine").pressed, Toggle::kOff);
  EXPECT_TRUE(driver_.Click("Take off billing"));
  driver_.Frame();
  EXPECT_EQ(driver_.Find("Take off billing"), nullptr);
}

TEST_F(Gallery, SwitchesAndBoxesChangeWithAPress) {
  for (const auto& [role, label] :
       {std::pair{Role::kSwitch, "Tell me what is new"}, {Role::kCheckbox, "I have read it"}}) {
    EXPECT_EQ(At(role, label).checked, Toggle::kOn);
    EXPECT_TRUE(driver_.Click(label));
    EXPECT_EQ(At(role, label).checked, Toggle::kOff);
    EXPECT_TRUE(driver_.Click(label));
    EXPECT_EQ(At(role, label).checked, Toggle::kOn);
  }
  EXPECT_EQ(At(Role::kSwitch, "Sound").checked, Toggle::kOff);
  EXPECT_FALSE(At(Role::kSwitch, "Set by the owner").enabled);
}

TEST_F(Gallery, FieldsHoldWhatIsWrittenAndChosen) {
  EXPECT_TRUE(driver_.Type("Name", "李 小龙"));
  EXPECT_EQ(At(Role::kTextBox, "Name").value, "李 小龙");
  EXPECT_TRUE(At(Role::kTextBox, "Wrong").invalid);
  EXPECT_EQ(At(Role::kPassword, "Secret").value, "");
  EXPECT_TRUE(driver_.Type("Message", "one\ntwo\nthree"));
  driver_.Settle();
  const float grown = At(Role::kTextArea, "Message").rect.height;
  EXPECT_TRUE(driver_.Submit("Message"));
  driver_.Frame();
  EXPECT_LT(At(Role::kTextArea, "Message").rect.height, grown);
  EXPECT_THAT(state_.last, HasSubstr("three"));
  EXPECT_EQ(At(Role::kDate, "Day").value, "2026-11-28");
  EXPECT_TRUE(driver_.Type("Day", "2026-12-24"));
  EXPECT_EQ(At(Role::kDate, "Day").value, "2026-12-24");
  EXPECT_TRUE(driver_.Choose("Presence", 2));
  EXPECT_EQ(state_.choice, 2);
}

TEST_F(Gallery, FieldsThatAreOffKeepWhatTheyHaveAndWrongOnesSayWhy) {
  for (const auto& [role, label] : {std::pair{Role::kTextBox, "Off"}, {Role::kDate, "Fixed day"}}) {
    EXPECT_FALSE(At(role, label).enabled) << label;
    const std::string value = At(role, label).value;
    EXPECT_FALSE(driver_.Type(label, "another"));
    driver_.Frame();
    EXPECT_EQ(At(role, label).value, value);
  }
  EXPECT_FALSE(At(Role::kSelect, "Language").enabled);
  EXPECT_TRUE(At(Role::kTextBox, "E-mail").invalid);
  EXPECT_EQ(At(Role::kTextBox, "E-mail").description, "This is not an e-mail address.");
  EXPECT_TRUE(At(Role::kDate, "Late day").invalid);
  EXPECT_TRUE(At(Role::kSelect, "Reason").invalid);
  EXPECT_TRUE(driver_.Choose("Reason", 1));
  driver_.Frame();
  EXPECT_FALSE(At(Role::kSelect, "Reason").invalid);
  EXPECT_EQ(At(Role::kSwitch, "On, and set by the owner").checked, Toggle::kOn);
  EXPECT_FALSE(driver_.Click("On, and set by the owner"));
}

TEST_F(Gallery, AMenuIsAsHighAsAFingerWants) {
  for (const float least : {24.0f, 44.0f}) {
    driver_.input().touch = least > 24;
    state_.menu_open = true;
    driver_.Frame();
    driver_.Frame();
    const std::vector<const Node*> items = driver_.All(Role::kMenuItem);
    ASSERT_EQ(items.size(), 3u);
    for (const Node* item : items) EXPECT_GE(item->rect.height, least) << item->label;
    EXPECT_LE(items.back()->rect.bottom(), At(Role::kMenu, "Actions").rect.bottom());
  }
}

TEST_F(Gallery, AListOfAThousandRowsHasTheFewThatAreSeen) {
  std::vector<const Node*> rows = driver_.All(Role::kOption);
  EXPECT_LT(rows.size(), 14u);
  EXPECT_EQ(rows[0]->position, 1);
  EXPECT_EQ(rows[0]->set_size, 1000);
  EXPECT_EQ(At(Role::kListBox, "A thousand rows").content_height, 44000);
  EXPECT_TRUE(driver_.ScrollTo("A thousand rows", 22000));
  rows = driver_.All(Role::kOption);
  EXPECT_LT(rows.size(), 16u);
  EXPECT_EQ(rows[2]->label, "Customer 501");
  driver_.ui().OnClick(rows[2]->id);
  driver_.Frame();
  EXPECT_EQ(state_.row, 500);
  driver_.Frame();
  EXPECT_EQ(driver_.All(Role::kOption)[2]->selected, Toggle::kOn);
}

TEST_F(Gallery, AMenuTakesTheKeyboardAndGivesItBack) {
  EXPECT_TRUE(driver_.Click("Open the menu"));
  EXPECT_TRUE(At(Role::kMenuItem, "Transfer").takes_focus);
  driver_.Frame();
  EXPECT_FALSE(At(Role::kMenuItem, "Transfer").takes_focus);
  EXPECT_EQ(driver_.All(Role::kMenuItem).size(), 3u);
  driver_.Press(ui::Key::kEscape);
  driver_.Frame();
  EXPECT_EQ(driver_.Find(Role::kMenu), nullptr);
  EXPECT_TRUE(driver_.Click("Open the menu"));
  driver_.Frame();
  EXPECT_TRUE(driver_.Click("End the conversation"));
  EXPECT_EQ(state_.last, "End the conversation");
}

TEST_F(Gallery, ADialogWaitsForAnAnswer) {
  EXPECT_TRUE(driver_.Click("Ask something"));
  driver_.Frame();
  const ui::NodeId dialog = At(Role::kDialog, "Close this conversation?").id;
  EXPECT_EQ(At(Role::kButton, "Go on").parent, dialog);
  driver_.Press(ui::Key::kEscape);
  driver_.Frame();
  EXPECT_EQ(driver_.Find(Role::kDialog), nullptr);
  EXPECT_TRUE(driver_.Click("Ask something"));
  driver_.Frame();
  EXPECT_TRUE(driver_.Click("Close it"));
  EXPECT_EQ(state_.last, "Closed it");
}

TEST_F(Gallery, NewsIsSaidAsUrgentlyAsItIs) {
  EXPECT_EQ(At(Role::kStatus, "Reconnecting").role, Role::kStatus);
  EXPECT_EQ(At(Role::kAlert, "It could not be sent.").role, Role::kAlert);
  EXPECT_TRUE(driver_.Click("Show a toast"));
  driver_.Frame();
  EXPECT_EQ(At(Role::kStatus, "Copied").label, "Copied to the clipboard");
}

TEST_F(Gallery, ProgressTellsItsPart) {
  EXPECT_EQ(At(Role::kProgress, "Uploading").value, "42");
  EXPECT_EQ(At(Role::kProgress, "Done").value, "100");
  ui::Driver driver;
  driver.Frame([](ui::Ui& ui) { ui.Progress({0, 0, 100, 12}, {.label = "Waiting"}); });
  EXPECT_EQ(driver.Find("Waiting")->value, "");
  EXPECT_GT(driver.ui().NextFrameInMs(), 0) << "it moves";
  driver.input().reduced_motion = true;
  driver.Frame();
  EXPECT_LT(driver.ui().NextFrameInMs(), 0) << "it does not, for those who want it still";
}

TEST_F(Gallery, WhatIsOnItsWayMovesOnlyWhereItIsAskedFor) {
  EXPECT_EQ(At(Role::kImage, "A picture on its way").label, "A picture on its way");
  EXPECT_EQ(driver_.Find(Role::kProgress, "Waiting for an answer"), nullptr);
  EXPECT_TRUE(driver_.Click("Wait for an answer"));
  driver_.Frame();
  EXPECT_EQ(At(Role::kProgress, "Waiting for an answer").value, "") << "nobody knows how long";
  EXPECT_GT(driver_.ui().NextFrameInMs(), 0);
  EXPECT_TRUE(driver_.Click("Wait for an answer"));
  driver_.Settle();
  EXPECT_EQ(driver_.Find(Role::kProgress, "Waiting for an answer"), nullptr);
  EXPECT_LT(driver_.ui().NextFrameInMs(), 0);
}

TEST_F(Gallery, HintsComeToWhoWaitsAndToTheKeyboard) {
  const ui::NodeId attach = At(Role::kButton, "Attach").id;
  driver_.ui().OnHover(attach);
  driver_.Frame();
  driver_.Frame();
  EXPECT_GT(driver_.ui().NextFrameInMs(), 0) << "a frame is asked for when it is time";
  ui::Driver driver;
  driver.Frame([](ui::Ui& ui) {
    ui.IconButton({0, 0, 32, 32}, ui::Icon::kSend, "Send");
    ui.Tooltip({0, 0, 32, 32}, "Send it now, or with Enter");
  });
  EXPECT_EQ(driver.Find("Send")->description, "Send it now, or with Enter");
}

TEST_F(Gallery, PicturesAreDrawnOnceAndTellWhatTheyShow) {
  EXPECT_EQ(At(Role::kImage, "A white disc").role, Role::kImage);
  driver_.Frame();
  driver_.Frame();
  EXPECT_EQ(pictures_.rasterised, 1);
}

TEST_F(Gallery, ChartsAreTheirNumbersForThoseWhoListen) {
  EXPECT_EQ(At(Role::kImage, "Conversations an hour").label, "Conversations an hour: 3, 5, 9, 14, 22, 18, 12, 7");
  EXPECT_THAT(At(Role::kImage, "Conversations a day").label, HasSubstr(". By the assistant: 20, 30"));
  EXPECT_THAT(At(Role::kImage, "When customers write").label, HasSubstr(". Mon: "));
}

TEST_F(Gallery, AsksForNoFrameWhileNothingHappens) { EXPECT_LT(driver_.ui().NextFrameInMs(), 0); }

TEST_F(Gallery, StaysInsideTheScreenFromPhonesToWideWindows) {
  for (const bool right_to_left : {false, true}) {
    for (const float width : {320.0f, 390.0f, 768.0f, 1024.0f, 1920.0f}) {
      SCOPED_TRACE(width);
      ui::Driver driver({.width = width, .height = 800, .right_to_left = right_to_left});
      driver.Frame([this](ui::Ui& ui) { DrawGallery(ui, pictures_, state_); });
      for (const Node& node : driver.ui().nodes()) {
        EXPECT_GE(node.rect.x, 0) << node.label;
        EXPECT_LE(node.rect.right(), width) << node.label;
      }
    }
  }
}

TEST(LongLog, KeepsInTheTreeWhatIsNearAndKnowsHowHighTheRestIs) {
  const std::vector<conversation::LogEntry> entries = LongLog(3000);
  ui::Driver driver;
  conversation::LogState state;
  uint64_t version = 0;
  driver.Frame([&](ui::Ui& ui) {
    conversation::DrawLog(ui, ui.Screen(), entries, state, {.label = "Log", .version = version});
  });
  const float height = driver.Find("Log")->content_height;
  const auto seen = [&](int message) {
    return driver.Find(Role::kText, "Message " + std::to_string(message) + ": ") != nullptr;
  };
  EXPECT_TRUE(seen(3000));
  EXPECT_TRUE(seen(2900));
  EXPECT_FALSE(seen(2800));
  const float y = driver.Find(Role::kText, "Message 2990: ")->rect.y;

  // The same where nothing is measured anew.
  version = 7;
  for (int i = 0; i < 2; ++i) {
    driver.Frame();
    EXPECT_EQ(driver.Find("Log")->content_height, height);
    EXPECT_EQ(driver.Find(Role::kText, "Message 2990: ")->rect.y, y);
  }
  EXPECT_TRUE(driver.ScrollTo("Log", height / 2));
  EXPECT_TRUE(seen(1500));
  EXPECT_FALSE(seen(3000));
  EXPECT_FALSE(seen(1));
  EXPECT_LT(driver.ui().nodes().size(), 400u);
  EXPECT_FALSE(driver.Find(Role::kText, "Message 1500: ")->is_news) << "it was not written just now";
  // Another width breaks lines elsewhere.
  driver.input().width = 300;
  driver.Frame();
  EXPECT_GT(driver.Find("Log")->content_height, height);
}

TEST(GalleryLines, AreTwoHundredOfOneLineEach) {
  ui::Driver driver({.width = 900, .height = 800});
  ui::ScrollState scroll;
  driver.Frame([&](ui::Ui& ui) { DrawLines(ui, scroll); });
  EXPECT_EQ(driver.All(Role::kText).size(), static_cast<size_t>(kLines));
}

}  // namespace
}  // namespace alcove::gallery
