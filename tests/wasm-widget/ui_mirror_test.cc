// A screen that is read from the right: the same calls, everything at the other side.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "imgui.h"
#include "wasm-widget/ui/testing.h"

namespace alcove::ui {
namespace {

FrameInput FromTheRight() {
  FrameInput input;
  input.right_to_left = true;
  return input;
}

// How far what was drawn reaches on the screen.
Rect Drawn(Driver& driver) {
  Rect box = {1e9f, 1e9f, 0, 0};
  float right = 0;
  float bottom = 0;
  for (const ImDrawVert& vertex : driver.ui().drawn().CmdLists[0]->VtxBuffer) {
    box.x = std::min(box.x, vertex.pos.x);
    box.y = std::min(box.y, vertex.pos.y);
    right = std::max(right, vertex.pos.x);
    bottom = std::max(bottom, vertex.pos.y);
  }
  box.width = right - box.x;
  box.height = bottom - box.y;
  return box;
}

TEST(Mirrored, EveryNodeLiesAtTheOtherSide) {
  const auto draw = [](Ui& ui) {
    ui.Button({10, 10, 100, 40}, "Send");
    ui.Label({10, 60, 200, 20}, "Name");
    ui.Label({10, 90, 200, 20}, "Time", {.align = Align::kEnd});
    ui.Group(Role::kMain, "Main", {20, 120, 300, 200}, [&] { ui.Button({30, 130, 100, 40}, "Inside"); });
  };
  Driver plain;
  plain.Frame(draw);
  Driver mirrored(FromTheRight());
  mirrored.Frame(draw);
  const std::vector<Node>& nodes = mirrored.ui().nodes();
  ASSERT_EQ(nodes.size(), plain.ui().nodes().size());
  for (size_t i = 0; i < nodes.size(); ++i) {
    SCOPED_TRACE(nodes[i].label);
    EXPECT_EQ(nodes[i].id, plain.ui().nodes()[i].id);
    EXPECT_EQ(nodes[i].rect, plain.ui().nodes()[i].rect.Mirrored(380));
  }
  // Within its parent, too: from the parent's left edge, as the page places it.
  EXPECT_EQ(mirrored.Find("Inside")->local_x, 380 - 130 - (380 - 320));
}

TEST(Mirrored, WhatIsDrawnLiesUnderItsNode) {
  Driver driver(FromTheRight());
  driver.Frame([](Ui& ui) { ui.Fill({10, 20, 100, 40}, Color::Hex(0x112233)); });
  EXPECT_EQ(Drawn(driver), (Rect{270, 20, 100, 40}));
  driver.Frame([](Ui& ui) { ui.Fill({10, 20, 100, 40}, Color::Hex(0x112233), 10); });
  const Rect round = Drawn(driver);
  EXPECT_NEAR(round.x, 270, 1);
  EXPECT_NEAR(round.right(), 370, 1);
  driver.Frame([](Ui& ui) { ui.DrawIcon({10, 20, 20, 20}, Icon::kBack, Color::Hex(0x112233)); });
  EXPECT_EQ(Drawn(driver), (Rect{350, 20, 20, 20}));
}

TEST(Mirrored, IconsThatPointAlongTheTextPointTheOtherWay) {
  // The first corner drawn takes the right edge of the picture.
  const auto first_u_is_larger = [](Driver& driver) {
    const auto& vertices = driver.ui().drawn().CmdLists[0]->VtxBuffer;
    return vertices[0].uv.x > vertices[2].uv.x;
  };
  for (const Icon icon : {Icon::kBack, Icon::kChevronRight, Icon::kSignOut, Icon::kSend, Icon::kClose}) {
    Driver driver(FromTheRight());
    driver.Frame([&](Ui& ui) { ui.DrawIcon({10, 20, 20, 20}, icon, Color::Hex(0x112233)); });
    EXPECT_EQ(first_u_is_larger(driver), PointsAlong(icon));
  }
  EXPECT_TRUE(PointsAlong(Icon::kBack));
  EXPECT_FALSE(PointsAlong(Icon::kSend));
}

TEST(Mirrored, ParagraphsOfTheFaceBeginAtTheRightAndMessagesByTheirText) {
  Driver driver(FromTheRight());
  driver.Frame([](Ui& ui) {
    ui.Paragraph({10, 10, 200, 100}, "A hint");
    ui.Paragraph({10, 40, 200, 100}, "At the end", {.align = Align::kEnd});
    ui.Bubble({10, 100, 300, 0}, "Hello", {.side = BubbleSide::kThem});
  });
  EXPECT_EQ(driver.Find("A hint")->side, TextSide::kRight);
  EXPECT_EQ(driver.Find("At the end")->side, TextSide::kLeft);
  EXPECT_EQ(driver.Find("Hello")->side, TextSide::kByText);
  // Theirs stand where reading starts.
  EXPECT_GT(driver.Find("Hello")->rect.x, 190);
}

TEST(Mirrored, SeveralPartsInARowRunAsTheInterfaceDoes) {
  Driver driver(FromTheRight());
  driver.Frame([](Ui& ui) { ui.Label({10, 10, 200, 20}, ui.InReadingOrder("Mara · 10:41")); });
  EXPECT_EQ(driver.Find(Role::kText)->label, "\u200fMara \u200f·\u200f 10:41");
  Driver plain;
  plain.Frame([](Ui& ui) { ui.Label({10, 10, 200, 20}, ui.InReadingOrder("Mara · 10:41")); });
  EXPECT_EQ(plain.Find(Role::kText)->label, "Mara · 10:41");
}

TEST(Mirrored, AScrolledAreaClipsAtItsPlace) {
  Driver driver(FromTheRight());
  ScrollState state;
  driver.Frame([&](Ui& ui) {
    ui.Scroll({10, 10, 100, 100}, state, {.label = "List", .role = Role::kList}, [&](const ScrollView& view) {
      ui.Fill({view.content.x, view.content.y, 100, 20}, Color::Hex(0x112233));
      return 400.0f;
    });
  });
  EXPECT_EQ(driver.Find("List")->rect, (Rect{270, 10, 100, 100}));
  EXPECT_EQ(driver.ui().drawn().CmdLists[0]->CmdBuffer[0].ClipRect.x, 270);
}

}  // namespace
}  // namespace alcove::ui
