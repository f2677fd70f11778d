#include <algorithm>
#include <utility>

#include "wasm-widget/customer/parts.h"
#include "wasm-widget/customer/strings.h"

namespace alcove::customer {
namespace {

using ui::Rect;

constexpr float kWidth = 248;
constexpr float kItemHeight = 40;
constexpr float kPadding = 6;
constexpr float kButtonHeight = 36;

void Go(Menu menu, CustomerState& state) {
  state.menu = menu;
  state.menu_moved = true;
}

// Returns the panel's inside.
Rect DrawPanel(ui::Ui& ui, const Rect& header, float height, float padding) {
  const float width = std::min(kWidth, header.width - 24);
  const Rect panel = {header.right() - 12 - width, header.bottom() - 8, width, height + 2 * padding};
  ui.ShadowPanel(panel);
  ui.Fill(panel, ui.theme().bg_raised, 12);
  ui.Border(panel, ui.theme().line, 12);
  return panel.Inset(padding);
}

void DrawItems(ui::Ui& ui, const Rect& header, bool takes_focus, CustomerState& state) {
  const Rect item = DrawPanel(ui, header, kItemHeight, kPadding);
  const ui::PressableOptions options = {.label = strings::kEndConversation, .radius = 8, .takes_focus = takes_focus};
  const bool asked = ui.Pressable(item, strings::kEndConversation, options, [&](ui::PressState press) {
    if (press.hovered) ui.Fill(item, ui.theme().bg_sunken, 8);
    ui.Label(item.Inset(12, 0), strings::kEndConversation);
  });
  if (asked) Go(Menu::kAsks, state);
}

void DrawQuestion(ui::Ui& ui, const Rect& header, bool takes_focus, CustomerState& state, CustomerRequest& request) {
  Rect rest = DrawPanel(ui, header, 20 + 12 + kButtonHeight, 14);
  ui.Label(rest.CutTop(20), strings::kEndQuestion, {.style = ui::kTextM.Bold()});
  rest.CutTop(12);
  Rect keep = rest.CutLeft((rest.width - 8) / 2);
  rest.CutLeft(8);
  // The way back takes the keyboard: Enter twice by mistake ends nothing.
  if (ui.Button(keep, strings::kEndNo, {.kind = ui::ButtonKind::kOutline, .radius = 8, .takes_focus = takes_focus})) {
    Go(Menu::kClosed, state);
  }
  if (ui.Button(rest, strings::kEndYes, {.kind = ui::ButtonKind::kDanger, .radius = 8})) {
    request.end = true;
    state.ended_here = true;
    state.menu = Menu::kClosed;
  }
}

}  // namespace

void DrawMenu(ui::Ui& ui, const Rect& header, CustomerState& state, CustomerRequest& request) {
  if (state.menu == Menu::kClosed) return;
  if (ui.Pressed(ui::Key::kEscape)) {
    Go(Menu::kClosed, state);
    return;
  }
  // A press beside it closes it, and does nothing else.
  const ui::PressableOptions beside = {.label = strings::kCloseMenu};
  const bool closes = ui.Pressable(ui.Screen(), "beside", beside, [](ui::PressState) {});
  const bool takes_focus = std::exchange(state.menu_moved, false);
  const bool asks = state.menu == Menu::kAsks;
  ui.Group(ui::Role::kGroup, asks ? strings::kEndQuestion : strings::kMenu, header, [&] {
    if (asks) {
      DrawQuestion(ui, header, takes_focus, state, request);
    } else {
      DrawItems(ui, header, takes_focus, state);
    }
  });
  if (closes) Go(Menu::kClosed, state);
}

}  // namespace alcove::customer
