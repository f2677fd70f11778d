// What lies over the rest: dialogs and hints.
#include <algorithm>

#include "wasm-widget/ui/events.h"
#include "wasm-widget/ui/strings.h"
#include "wasm-widget/ui/ui.h"

namespace alcove::ui {

namespace {

constexpr float kDialogPadding = 20;
constexpr float kTitleHeight = 28;
constexpr float kScreenEdge = 8;
// Long enough that nothing flickers under a pointer on its way, short enough to be found.
constexpr double kHintAfterMs = 400;

}  // namespace

bool Ui::Dialog(float width, float height, std::string_view title, FunctionRef<void(const Rect& inside)> body) {
  const Rect screen = Screen();
  Cover(screen);
  Fill(screen, Color::Hex(0x12151f).WithAlpha(0.45f));
  width = std::min(width, screen.width - 2 * kScreenEdge);
  height = std::min(height + 2 * kDialogPadding + kTitleHeight + 8, screen.height - 2 * kScreenEdge);
  const Rect panel = screen.Centered(width, height);
  bool closes = Pressable(screen, "beside", {.label = strings::kClose}, [](PressState) {});
  closes = Pressed(Key::kEscape) || closes;
  Group(Role::kDialog, title, panel, [&] {
    ShadowPanel(panel);
    Fill(panel, theme_.bg_raised, kRadiusL);
    Border(panel, theme_.line, kRadiusL);
    Rect rest = panel.Inset(kDialogPadding);
    Label(rest.CutTop(kTitleHeight), title, {.style = kTextL.Bold(), .role = Role::kHeading});
    rest.CutTop(8);
    body(rest);
  });
  return closes;
}

void Ui::Tooltip(const Rect& anchor, std::string_view text) {
  if (last_ < 0) return;
  Node& node = nodes_[static_cast<size_t>(last_)];
  if (node.label != text) node.description = text;
  if (events_->hovered != node.id && events_->focused != node.id) {
    if (hinted_ == node.id) hinted_ = 0;
    return;
  }
  if (hinted_ != node.id) {
    hinted_ = node.id;
    hinted_since_ms_ = input_.now_ms;
  }
  const double left = hinted_since_ms_ + kHintAfterMs - input_.now_ms;
  if (left > 0) {
    RequestFrameIn(left);
    return;
  }
  tooltip_anchor_ = anchor;
  tooltip_ = text;
  late_ = &Ui::DrawTooltip;
}

void Ui::DrawTooltip() {
  const Rect screen = Screen();
  const Size size = Measure(tooltip_, kTextS, std::min(260.0f, screen.width - 2 * kScreenEdge - 20));
  Rect box = {tooltip_anchor_.center_x() - size.width / 2 - 10, tooltip_anchor_.bottom() + 6, size.width + 20,
              size.height + 12};
  if (box.bottom() > screen.bottom() - kScreenEdge) box.y = tooltip_anchor_.y - 6 - box.height;
  box.x = std::clamp(box.x, kScreenEdge, std::max(kScreenEdge, screen.right() - kScreenEdge - box.width));
  Cover(box);
  Fill(box, theme_.ink, 8);
  Paragraph(box.Inset(10, 6), tooltip_, {.style = kTextS, .color = theme_.bg, .silent = true});
}

}  // namespace alcove::ui
