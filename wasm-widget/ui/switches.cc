// Links, chips that can be pressed, switches, boxes to tick, days.
#include <algorithm>
#include <cmath>
#include <utility>

#include "wasm-widget/ui/painter.h"
#include "wasm-widget/ui/ui.h"

namespace alcove::ui {

namespace {

constexpr float kTrackWidth = 36;
constexpr float kTrackHeight = 20;
constexpr float kBoxSize = 18;
constexpr float kLabelGap = 10;
constexpr float kChipPadding = 12;
constexpr float kChipIcon = 16;

}  // namespace

void Ui::Link(const Rect& rect, std::string_view label, std::string_view url, const TextStyle& style) {
  if (!IsHarmlessUrl(url)) {
    Label(rect, label, {.style = style});
    return;
  }
  const float width = std::min(rect.width, Measure(label, style).width);
  const Rect place = Rect{rect.x, rect.y, width, rect.height}.Centered(width, std::max(24.0f, style.line));
  const Interaction link = Interact(Role::kLink, label, place, label, true, kRadiusS);
  if (link.node >= 0) nodes_.back().value = url;
  if (!Drawing(place)) return;
  const Color ink = link.press.hovered ? theme_.accent.Mix(theme_.ink, 0.3f) : theme_.accent;
  Label(place, label, {.style = style, .color = ink, .silent = true});
  const float line = place.center_y() + style.line * 0.36f;
  LineAcross(place.x, place.right(), std::round(line), ink);
}

float Ui::ChipButtonWidth(std::string_view text, const ChipOptions& options) {
  const float icon = options.icon == Icon::kNone ? 0 : kChipIcon + 2;
  return std::ceil(Measure(text, kTextM).width + 2 * kChipPadding + icon);
}

bool Ui::ChipButton(const Rect& rect, std::string_view text, const ChipOptions& options) {
  const std::string_view label = options.label.empty() ? text : options.label;
  const Interaction chip = Interact(Role::kButton, text, rect, label, options.enabled, kRadiusFull);
  if (chip.node >= 0) {
    nodes_.back().pressed = options.pressed;
    nodes_.back().takes_focus = options.takes_focus;
  }
  if (!Drawing(rect)) return chip.clicked;
  const bool on = options.pressed == Toggle::kOn;
  const float shade = chip.press.held ? 0.12f : chip.press.hovered ? 0.06f : 0;
  const Color edge = options.enabled ? theme_.accent : theme_.off_line;
  const Color ink = !options.enabled ? theme_.off : on ? theme_.accent_ink : theme_.accent;
  const Color fill = !options.enabled ? theme_.off_fill : on ? theme_.accent : theme_.bg;
  Fill(rect, fill.Mix(on ? theme_.accent_ink : theme_.accent, shade), kRadiusFull);
  Border(rect, edge, kRadiusFull);
  Rect inner = rect.Inset(kChipPadding, 0);
  if (options.icon != Icon::kNone) DrawIcon(inner.CutRight(kChipIcon), options.icon, ink, kChipIcon - 2);
  Label(inner, text, {.color = ink, .silent = true});
  return chip.clicked;
}

bool Ui::Tick(Role role, const Rect& rect, std::string_view label, bool& on, const SwitchOptions& options,
              FunctionRef<void(const Interaction&)> draw) {
  const Interaction tick = Interact(role, label, rect, label, options.enabled, kRadiusS);
  if (tick.clicked) on = !on;
  if (tick.node >= 0) nodes_.back().checked = on ? Toggle::kOn : Toggle::kOff;
  if (!Drawing(rect)) return tick.clicked;
  draw(tick);
  return tick.clicked;
}

bool Ui::Switch(const Rect& rect, std::string_view label, bool& on, const SwitchOptions& options) {
  return Tick(Role::kSwitch, rect, label, on, options, [&](const Interaction& tick) {
    Rect rest = rect;
    const Rect track = rest.CutLeft(kTrackWidth).Centered(kTrackWidth, kTrackHeight);
    rest.CutLeft(kLabelGap);
    const Color off = tick.press.hovered ? theme_.ink_soft : theme_.ink_faint;
    const Color fill = on ? theme_.accent.Mix(theme_.accent_ink, tick.press.hovered ? 0.08f : 0) : off;
    Fill(track, options.enabled ? fill : theme_.off_fill, kRadiusFull);
    if (!options.enabled) Border(track, theme_.off_line, kRadiusFull, 1.5f);
    const float x = on ? track.right() - kTrackHeight / 2 : track.x + kTrackHeight / 2;
    Circle(x, track.center_y(), 7, !options.enabled ? theme_.off : on ? theme_.accent_ink : theme_.bg);
    Label(rest, label, {.color = options.enabled ? theme_.ink : theme_.off, .silent = true});
  });
}

bool Ui::Checkbox(const Rect& rect, std::string_view label, bool& on, const SwitchOptions& options) {
  return Tick(Role::kCheckbox, rect, label, on, options, [&](const Interaction& tick) {
    Rect rest = rect;
    const Rect box = rest.CutLeft(kBoxSize).Centered(kBoxSize, kBoxSize);
    rest.CutLeft(kLabelGap);
    const Color edge = tick.press.hovered ? theme_.ink : theme_.ink_soft;
    const Color fill = on ? theme_.accent : theme_.bg_raised;
    Fill(box, options.enabled ? fill : theme_.off_fill, 5);
    if (!on || !options.enabled) Border(box, options.enabled ? edge : theme_.off_line, 5, 1.5f);
    if (on) DrawIcon(box, Icon::kCheck, options.enabled ? theme_.accent_ink : theme_.off, 14);
    Label(rest, label, {.color = options.enabled ? theme_.ink : theme_.off, .silent = true});
  });
}

bool Ui::DateField(const Rect& rect, std::string& date, const DateOptions& options) {
  TextBoxState state = {.text = std::move(date)};
  const TextBoxResult box = TextBox(
      rect, state,
      {.label = options.label, .date = true, .enabled = options.enabled, .invalid = options.invalid, .padding_y = 4});
  date = std::move(state.text);
  return box.changed;
}

}  // namespace alcove::ui
