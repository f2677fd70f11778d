#include <utility>

#include "wasm-widget/customer/parts.h"
#include "wasm-widget/customer/strings.h"
#include "wasm-widget/ui/strings.h"

namespace alcove::customer {
namespace {

using ui::Rect;

constexpr float kWidth = 248;
constexpr float kPadding = 14;
constexpr float kQuestionButtonHeight = 36;

void Go(Menu menu, CustomerState& state) {
  state.menu = menu;
  state.menu_state.moved = true;
}

// Where the menu hangs from.
Rect Anchor(const Rect& header) { return {header.x, header.y, header.width - 12, header.height - 12}; }

void DrawItems(ui::Ui& ui, const Rect& header, CustomerState& state) {
  const ui::MenuItem items[] = {{strings::kEndConversation}};
  const ui::MenuResult result = ui.Menu(Anchor(header), kWidth, strings::kMore, items, state.menu_state);
  if (result.closed) Go(Menu::kClosed, state);
  if (result.chosen == 0) Go(Menu::kAsks, state);
}

void DrawQuestion(ui::Ui& ui, const Rect& header, CustomerState& state, CustomerRequest& request) {
  const bool takes_focus = std::exchange(state.menu_state.moved, false);
  const ui::Size size = {kWidth, 20 + 12 + kQuestionButtonHeight + 2 * kPadding};
  const bool closes = ui.Popover(Anchor(header), size, strings::kEndQuestion, [&](const Rect& inside) {
    Rect rest = inside.Inset(kPadding);
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
  });
  if (closes) Go(Menu::kClosed, state);
}

}  // namespace

void DrawMenu(ui::Ui& ui, const Rect& header, CustomerState& state, CustomerRequest& request) {
  if (state.menu == Menu::kOpen) {
    DrawItems(ui, header, state);
  } else if (state.menu == Menu::kAsks) {
    DrawQuestion(ui, header, state, request);
  }
}

}  // namespace alcove::customer
