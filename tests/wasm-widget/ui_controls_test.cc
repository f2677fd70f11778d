// Controls: what each emits in its states, and what it answers when it is used.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "wasm-widget/ui/testing.h"

namespace alcove::ui {
namespace {

TEST(Button, IsTrueOnceWhenClicked) {
  Driver driver;
  int clicks = 0;
  driver.Frame([&](Ui& ui) {
    if (ui.Button({10, 10, 100, 40}, "Send")) ++clicks;
  });
  ASSERT_NE(driver.Find(Role::kButton, "Send"), nullptr);
  EXPECT_TRUE(driver.Click("Send"));
  EXPECT_EQ(clicks, 1);
  driver.Frame();
  EXPECT_EQ(clicks, 1);
}

TEST(Button, IgnoresClicksWhileDisabled) {
  Driver driver;
  int clicks = 0;
  driver.Frame([&](Ui& ui) {
    if (ui.Button({10, 10, 100, 40}, "Send", {.enabled = false})) ++clicks;
  });
  const Node* node = driver.Find(Role::kButton, "Send");
  ASSERT_NE(node, nullptr);
  EXPECT_FALSE(node->enabled);
  EXPECT_FALSE(driver.Click("Send"));
  // Not even when the page, a frame behind, still let it through.
  driver.ui().OnClick(driver.Find("Send")->id);
  driver.Frame();
  EXPECT_EQ(clicks, 0);
}

TEST(Button, OfTheSameNameAreToldApart) {
  Driver driver;
  std::vector<int> clicked;
  driver.Frame([&](Ui& ui) {
    for (int i = 0; i < 3; ++i) {
      if (ui.Button({10, 50.0f * static_cast<float>(i), 100, 40}, "Retry")) clicked.push_back(i);
    }
  });
  const std::vector<const Node*> buttons = driver.All(Role::kButton);
  ASSERT_EQ(buttons.size(), 3u);
  driver.ui().OnClick(buttons[1]->id);
  driver.Frame();
  EXPECT_THAT(clicked, testing::ElementsAre(1));
}

TEST(Button, KeepsItsIdWhenOthersComeBeforeIt) {
  Driver driver;
  bool more = false;
  driver.Frame([&](Ui& ui) {
    if (more) ui.Scope("a", [&] { ui.Button({10, 10, 100, 40}, "Claim"); });
    ui.Scope("b", [&] { ui.Button({10, 60, 100, 40}, "Claim"); });
  });
  const NodeId before = driver.Find("Claim")->id;
  more = true;
  driver.Frame();
  EXPECT_EQ(driver.All(Role::kButton)[1]->id, before);
}

TEST(Button, ThatIsGoneLosesItsClick) {
  Driver driver;
  bool shown = true;
  int clicks = 0;
  driver.Frame([&](Ui& ui) {
    if (shown && ui.Button({10, 10, 100, 40}, "Send")) ++clicks;
  });
  driver.ui().OnClick(driver.Find("Send")->id);
  shown = false;
  driver.Frame();
  shown = true;
  driver.Frame();
  EXPECT_EQ(clicks, 0);
}

TEST(IconButton, SaysItsNameAndWhetherItIsPressed) {
  Driver driver;
  driver.Frame(
      [&](Ui& ui) { ui.IconButton({0, 0, 32, 32}, Icon::kInbox, "Inbox", {.pressed = Toggle::kOn, .badge = 7}); });
  const Node* node = driver.Find(Role::kButton, "Inbox");
  ASSERT_NE(node, nullptr);
  EXPECT_EQ(node->pressed, Toggle::kOn);
}

TEST(Tabs, ChangeToTheOneThatWasClicked) {
  Driver driver;
  int selected = 0;
  driver.Frame([&](Ui& ui) {
    const Tab tabs[] = {{"Mine", 4}, {"Waiting", 0}, {"Closed", 0}};
    selected = ui.Tabs({0, 0, 300, 32}, "Views", tabs, selected);
  });
  EXPECT_EQ(driver.Find("Mine 4")->selected, Toggle::kOn);
  EXPECT_EQ(driver.Find("Waiting")->selected, Toggle::kOff);
  EXPECT_EQ(driver.Find("Waiting")->parent, driver.Find(Role::kTabList)->id);
  EXPECT_TRUE(driver.Click("Waiting"));
  driver.Settle();
  EXPECT_EQ(selected, 1);
  EXPECT_EQ(driver.Find("Mine 4")->selected, Toggle::kOff);
  EXPECT_EQ(driver.Find("Waiting")->selected, Toggle::kOn);
}

TEST(Select, AnswersTheChoiceAndRefusesWhatIsNotThere) {
  Driver driver;
  int selected = 0;
  driver.Frame([&](Ui& ui) {
    const SelectOption options[] = {{"Online", {}}, {"Away", {}}};
    selected = ui.Select({0, 0, 160, 36}, "Presence", options, selected);
  });
  EXPECT_THAT(driver.Find("Presence")->options, testing::ElementsAre("Online", "Away"));
  EXPECT_TRUE(driver.Choose("Presence", 1));
  EXPECT_EQ(selected, 1);
  for (const int outside : {-1, 2}) {
    SCOPED_TRACE(outside);
    driver.Choose("Presence", outside);
    EXPECT_EQ(selected, 1);
  }
}

TEST(Row, IsNamedByTheTextsInIt) {
  Driver driver;
  bool opened = false;
  driver.Frame([&](Ui& ui) {
    opened = ui.Row({0, 0, 300, 84}, "cnv_1", true, [&](PressState) {
      ui.Label({60, 10, 200, 20}, "Priya Shah");
      ui.Label({60, 30, 200, 20}, "typing…");
      ui.Badge(290, 40, 2);
    });
  });
  const Node* row = driver.Find(Role::kOption);
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->label, "Priya Shah, typing…, 2");
  EXPECT_EQ(row->selected, Toggle::kOn);
  // Its texts are its name and no nodes of their own: they would be read twice.
  EXPECT_EQ(driver.ui().nodes().size(), 1u);
  driver.Click(row->label);
  EXPECT_TRUE(opened);
}

TEST(TextBox, HoldsWhatWasTyped) {
  Driver driver;
  TextBoxState state;
  TextBoxResult result;
  driver.Frame([&](Ui& ui) {
    result = ui.TextBox({10, 10, 200, 38}, state, {.label = "Message", .placeholder = "Write", .lines_max = 5});
  });
  EXPECT_EQ(driver.Find(Role::kTextArea, "Message")->placeholder, "Write");
  EXPECT_TRUE(driver.Type("Message", "Hello"));
  EXPECT_TRUE(result.changed);
  EXPECT_TRUE(result.focused);
  EXPECT_EQ(state.text, "Hello");
  driver.Frame();
  EXPECT_FALSE(result.changed);
  EXPECT_TRUE(driver.Submit("Message"));
  EXPECT_TRUE(result.submitted);
}

TEST(TextBox, ShowsTextThatTheFaceSets) {
  Driver driver;
  TextBoxState state;
  driver.Frame([&](Ui& ui) { ui.TextBox({10, 10, 200, 38}, state, {.label = "Message"}); });
  driver.Type("Message", "Hello");
  state.text.clear();
  driver.Frame();
  EXPECT_EQ(driver.Find("Message")->value, "");
}

TEST(TextBox, TakesTheFocusOnceWhenAsked) {
  Driver driver;
  TextBoxState state;
  driver.Frame([&](Ui& ui) { ui.TextBox({10, 10, 200, 38}, state, {.label = "Message"}); });
  EXPECT_FALSE(driver.Find("Message")->takes_focus);
  state.Focus();
  driver.Frame();
  EXPECT_TRUE(driver.Find("Message")->takes_focus);
  driver.Frame();
  EXPECT_FALSE(driver.Find("Message")->takes_focus);
}

TEST(TextBox, CutsAtItsLimitBetweenCharacters) {
  Driver driver;
  TextBoxState state;
  driver.Frame([&](Ui& ui) { ui.TextBox({10, 10, 200, 38}, state, {.label = "Name", .bytes_max = 5}); });
  const struct {
    const char* name;
    const char* typed;
    const char* kept;
  } cases[] = {
      {"under it", "abcd", "abcd"},
      {"at it", "abcde", "abcde"},
      {"over it", "abcdef", "abcde"},
      {"in a character", "abcdé", "abcd"},
      {"in a character of four bytes", "abc👍", "abc"},
  };
  for (const auto& test : cases) {
    SCOPED_TRACE(test.name);
    driver.Type("Name", test.typed);
    EXPECT_EQ(state.text, test.kept);
  }
}

TEST(TextBox, GrowsWithItsLinesUpToTheLimit) {
  Driver driver;
  TextBoxState state;
  const TextBoxOptions options = {.label = "Message", .lines_max = 3, .padding_y = 9};
  driver.Frame([](Ui&) {});
  const struct {
    const char* text;
    float lines;
  } cases[] = {{"", 1}, {"one", 1}, {"one\ntwo", 2}, {"one\ntwo\n", 3}, {"1\n2\n3\n4", 3}};
  for (const auto& test : cases) {
    SCOPED_TRACE(test.text);
    state.text = test.text;
    EXPECT_EQ(driver.ui().TextBoxHeight(200, state, options), test.lines * 20 + 18);
  }
}

TEST(TextBox, WritesAtSixteenPixelsWhereAFingerPoints) {
  Driver driver;
  TextBoxState state;
  // 30 letters of 8 px fill the 240 px of a line; at 16 px they are two lines of 22 px.
  state.text = "aaaaaaaaaaaaaaaaaaaa aaaaaaaaa";
  float height = 0;
  const auto face = [&](Ui& ui) {
    const TextBoxOptions options = {.label = "Message", .lines_max = 4, .padding_x = 0, .padding_y = 9};
    height = ui.TextBoxHeight(240, state, options);
    ui.TextBox({0, 0, 240, height}, state, options);
  };
  driver.Frame(face);
  EXPECT_EQ(driver.Find("Message")->style, kTextM);
  EXPECT_EQ(height, 20 + 18);
  driver.input().touch = true;
  driver.Frame(face);
  EXPECT_EQ(driver.Find("Message")->style, (TextStyle{16, 22, 400}));
  EXPECT_EQ(height, 2 * 22 + 18);
}

TEST(Button, CanBeFoundByAFinger) {
  const struct {
    const char* name;
    bool touch;
    Rect drawn;
    Rect target;
  } cases[] = {
      {"as drawn for a mouse", false, {100, 100, 32, 32}, {100, 100, 32, 32}},
      {"about its middle for a finger", true, {100, 100, 32, 32}, {94, 94, 44, 44}},
      {"only where it is too small", true, {100, 100, 80, 40}, {100, 98, 80, 44}},
      {"as drawn when it is large", true, {100, 100, 44, 44}, {100, 100, 44, 44}},
  };
  for (const auto& each : cases) {
    SCOPED_TRACE(each.name);
    Driver driver({.touch = each.touch});
    driver.Frame([&](Ui& ui) { ui.IconButton(each.drawn, Icon::kClose, "Close"); });
    EXPECT_EQ(driver.Find("Close")->rect, each.target);
    EXPECT_EQ(driver.Find("Close")->local_x, each.target.x);
  }
}

TEST(TextBoxState, IsBlankWhenOnlyWhiteSpaceIsInIt) {
  for (const char* blank : {"", " ", "\n", " \t\r\n "}) EXPECT_TRUE(TextBoxState{.text = blank}.Blank());
  for (const char* text : {"a", " a ", "\n.", "👍"}) EXPECT_FALSE(TextBoxState{.text = text}.Blank());
}

// What was typed between Enter and the frame that sees it, and between that frame and the one that draws the box empty.
TEST(TextBox, EnterTakesTheTextOfItsMomentAndWhatFollowsStays) {
  const struct {
    const char* name;
    const char* before;
    std::vector<const char*> after_enter;  // the element's text, as keys change it
    std::vector<const char*> after_frame;
    const char* taken;
    const char* stays;
  } cases[] = {
      {"nothing follows", "hello", {}, {}, "hello", ""},
      {"at the end", "hello", {"hellox"}, {"helloxy"}, "hello", "xy"},
      {"at the end, the same letter", "hello", {"helloo"}, {}, "hello", "o"},
      {"in the middle", "hello", {"hel-lo"}, {"hel--lo"}, "hello", "--"},
      {"at the beginning", "hello", {}, {"ahello"}, "hello", "a"},
      {"taken away", "hello", {"hell"}, {}, "hello", ""},
      {"another character of the same first byte", "é", {"éè"}, {}, "é", "è"},
      {"a paste over all of it", "hello", {"bye"}, {}, "hello", "bye"},
      {"a paste over all of it that begins and ends like it", "«a0»", {"«a1»"}, {}, "«a0»", "«a1»"},
      {"the same before the box is drawn empty", "«a0»", {}, {"«a1»"}, "«a0»", "«a1»"},
      {"nothing but white space is not taken", " ", {" x"}, {}, " ", "x"},
  };
  for (const auto& each : cases) {
    SCOPED_TRACE(each.name);
    Driver driver;
    TextBoxState state;
    std::string taken;
    bool takes = true;
    driver.Frame([&](Ui& ui) {
      const TextBoxResult box = ui.TextBox({0, 0, 300, 40}, state, {.label = "Message", .lines_max = 6});
      if (box.submitted && takes) taken = state.Take();
    });
    const NodeId id = driver.Find("Message")->id;
    driver.Type("Message", each.before);
    driver.ui().OnSubmit(id);
    for (const char* text : each.after_enter) driver.ui().OnInput(id, text);
    driver.Frame();
    for (const char* text : each.after_frame) driver.ui().OnInput(id, text);
    driver.Frame();
    EXPECT_EQ(taken, each.taken);
    EXPECT_EQ(state.text, each.stays);
    EXPECT_EQ(driver.Find("Message")->value, each.stays);
    // From then on the element holds what the state does.
    driver.Type("Message", "anew");
    EXPECT_EQ(state.text, "anew");
  }
}

TEST(TextBox, WhatAButtonTakesLeavesWhatIsTypedBeforeTheBoxIsDrawnEmpty) {
  Driver driver;
  TextBoxState state;
  std::string taken;
  driver.Frame([&](Ui& ui) {
    ui.TextBox({0, 0, 300, 40}, state, {.label = "Message"});
    if (ui.Button({0, 50, 80, 40}, "Send")) taken = state.Take();
  });
  driver.Type("Message", "hello");
  driver.Click("Send");
  driver.Type("Message", "hellox");
  EXPECT_EQ(taken, "hello");
  EXPECT_EQ(state.text, "x");
}

TEST(Key, IsTheBrowsersWhereNothingAsksForIt) {
  Driver driver;
  bool listens = false;
  int pressed = 0;
  driver.Frame([&](Ui& ui) {
    if (listens && ui.Pressed(Key::kSlash)) ++pressed;
  });
  EXPECT_FALSE(driver.ui().OnKey(Key::kSlash));
  listens = true;
  driver.Frame();
  EXPECT_FALSE(driver.ui().OnKey(Key::kEscape));
  EXPECT_TRUE(driver.ui().OnKey(Key::kSlash));
  driver.Frame();
  EXPECT_EQ(pressed, 1);
  listens = false;
  driver.Frame();
  EXPECT_FALSE(driver.ui().OnKey(Key::kSlash));
}

TEST(Key, IsPressedOnce) {
  Driver driver;
  int pressed = 0;
  driver.Frame([&](Ui& ui) {
    if (ui.Pressed(Key::kEscape)) ++pressed;
    if (ui.Pressed(Key::kEscape)) ++pressed;
  });
  driver.Press(Key::kEscape);
  driver.Frame();
  EXPECT_EQ(pressed, 1);
}

TEST(Banner, IsAnAlertWhenBadAndHasItsAction) {
  Driver driver;
  bool asked = false;
  Tone tone = Tone::kWarn;
  driver.Frame([&](Ui& ui) { asked = ui.Banner({0, 0, 300, 36}, "Reconnecting…", tone, "Retry"); });
  EXPECT_NE(driver.Find(Role::kStatus, "Reconnecting…"), nullptr);
  driver.Click("Retry");
  EXPECT_TRUE(asked);
  tone = Tone::kBad;
  driver.Frame();
  EXPECT_NE(driver.Find(Role::kAlert, "Reconnecting…"), nullptr);
}

TEST(Frames, StopWhenNothingHappens) {
  Driver driver;
  driver.Frame([](Ui& ui) { ui.Button({10, 10, 100, 40}, "Send"); });
  driver.Settle();
  EXPECT_LT(driver.ui().NextFrameInMs(), 0);
  // What a click changed may have been drawn before it was known: one more frame, then rest.
  driver.Click("Send");
  EXPECT_EQ(driver.ui().NextFrameInMs(), 0);
  driver.Frame();
  EXPECT_LT(driver.ui().NextFrameInMs(), 0);
}

TEST(Frames, AreNotAskedForByTheDotsWhichThePageMoves) {
  Driver driver;
  driver.Frame([](Ui& ui) { ui.TypingDots({0, 0, 300, 0}, "Mara is typing"); });
  const Node* dots = driver.Find(Role::kStatus, "Mara is typing");
  ASSERT_NE(dots, nullptr);
  EXPECT_TRUE(dots->dots);
  EXPECT_LT(driver.ui().NextFrameInMs(), 0);
}

// The page draws them over the canvas: what is drawn over them later would not be.
TEST(Frames, HaveNoDotsUnderWhatLiesOverThem) {
  struct {
    const char* name;
    std::function<void(Ui&)> over;
    bool dots;
  } const cases[] = {
      {"nothing", [](Ui&) {}, true},
      {"a dialog", [](Ui& ui) { ui.Dialog(100, 20, "Close?", [](const Rect&) {}); }, false},
      {"a popover there", [](Ui& ui) { ui.Popover({0, 0, 100, 0}, {100, 40}, "Menu", [](const Rect&) {}); }, false},
      {"one elsewhere", [](Ui& ui) { ui.Popover({200, 300, 100, 0}, {80, 40}, "Menu", [](const Rect&) {}); }, true},
      {"a toast", [](Ui& ui) { ui.Toast({0, 0, 300, 60}, "It was copied to the clipboard"); }, false},
  };
  for (const auto& expected : cases) {
    SCOPED_TRACE(expected.name);
    Driver driver;
    driver.Frame([&](Ui& ui) {
      ui.TypingDots({16, 10, 300, 0}, "Mara is typing");
      expected.over(ui);
    });
    EXPECT_EQ(driver.Find(Role::kStatus, "Mara is typing")->dots, expected.dots);
  }
}

TEST(Announcement, StaysUntilAnother) {
  Driver driver;
  driver.Frame([](Ui& ui) { ui.Announce("Copied"); });
  driver.Frame([](Ui&) {});
  EXPECT_NE(driver.Find(Role::kStatus, "Copied"), nullptr);
}

TEST(Tabs, LongWordsStandNearerThanShortOnes) {
  Driver driver;
  const std::array<Tab, 4> tabs = {{{"Moje", 13}, {"Waiting long", 6}, {"Some team"}, {"Finished ones"}}};
  const auto draw = [&](float width) {
    driver.Frame([&](Ui& ui) { ui.Tabs({0, 0, width, 30}, "Lists", tabs, 0); });
    return driver.All(Role::kTab);
  };
  const float natural = draw(1000).back()->rect.right();
  EXPECT_LE(draw(natural).back()->rect.right(), natural);
  const float less = natural - 40;
  const auto nearer = draw(less);
  ASSERT_EQ(nearer.size(), 4U);
  EXPECT_LE(nearer.back()->rect.right(), less);
  for (size_t i = 1; i < nearer.size(); ++i) EXPECT_GE(nearer[i]->rect.x, nearer[i - 1]->rect.right());
}

TEST(Tabs, StayInsideOfWhatHoldsThemHoweverNarrowItIs) {
  const std::array<Tab, 5> tabs = {{{"Mine", 4}, {"Waiting", 3}, {"Team", 0}, {"Closed", 0}, {"Bot", 2}}};
  for (const float width : {400.0f, 260.0f, 240.0f, 200.0f, 160.0f}) {
    SCOPED_TRACE(width);
    Driver driver;
    driver.Frame([&](Ui& ui) { ui.Tabs({0, 0, width, 30}, "Lists", tabs, 0); });
    const std::vector<const Node*> shown = driver.All(Role::kTab);
    ASSERT_EQ(shown.size(), tabs.size());
    EXPECT_LE(shown.back()->rect.right(), width + 0.5f);
    for (const Node* tab : shown) EXPECT_GE(tab->rect.width, 12) << tab->label;
    EXPECT_EQ(shown[1]->label, "Waiting 3") << "its name is whole";
    for (size_t i = 1; i < shown.size(); ++i) EXPECT_GE(shown[i]->rect.x, shown[i - 1]->rect.right());
  }
}

}  // namespace
}  // namespace alcove::ui
