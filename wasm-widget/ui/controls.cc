// Buttons, tabs, selects and what can be pressed.
#include <algorithm>
#include <cmath>
#include <string>

#include "wasm-widget/ui/events.h"
#include "wasm-widget/ui/hash.h"
#include "wasm-widget/ui/painter.h"
#include "wasm-widget/ui/ui.h"

namespace alcove::ui {

namespace {

constexpr float kButtonPadding = 14;
constexpr float kIconGap = 6;
constexpr float kTabPadding = 10;
constexpr float kTabPaddingMin = 2;
constexpr float kTabGap = 4;

struct ButtonLook {
  Color fill;
  Color ink;
  Color border;
};

constexpr Color kNone = {0, 0, 0, 0};

ButtonLook LookOf(ButtonKind kind, bool enabled, const PressState& press, const Theme& theme) {
  const float shade = press.held ? 0.16f : press.hovered ? 0.08f : 0;
  ButtonLook look;
  switch (kind) {
    case ButtonKind::kPrimary:
      look = {theme.accent.Mix(theme.accent_ink, shade), theme.accent_ink, kNone};
      break;
    case ButtonKind::kDanger:
      look = {theme.bad.Mix(theme.bg, shade), theme.bg, kNone};
      break;
    case ButtonKind::kOutline:
      look = {theme.bg.Mix(theme.ink, shade / 2), theme.ink, theme.line_strong};
      break;
    case ButtonKind::kLink:
      look = {press.hovered ? theme.accent_soft : kNone, theme.accent, kNone};
      break;
    case ButtonKind::kQuiet:
      look = {press.hovered ? theme.bg_sunken.Mix(theme.ink, shade / 2) : kNone, theme.ink_soft, kNone};
      break;
  }
  if (!enabled) {
    look.border = look.fill.alpha == 0 ? kNone : theme.off_line;
    look.fill = look.fill.alpha == 0 ? kNone : theme.off_fill;
    look.ink = theme.off;
  }
  return look;
}

std::string TextOf(const Tab& tab) {
  std::string text(tab.label);
  if (tab.count > 0) text += " " + std::to_string(tab.count);
  return text;
}

}  // namespace

float Ui::ButtonWidth(std::string_view label, const ButtonOptions& options) {
  const float padding = options.kind == ButtonKind::kLink ? kButtonPadding / 2 : kButtonPadding;
  float width = Measure(label, options.style).width + 2 * padding;
  if (options.icon != Icon::kNone) width += options.style.line + kIconGap;
  return std::ceil(width);
}

bool Ui::Button(const Rect& rect, std::string_view label, const ButtonOptions& options) {
  const Interaction button = Interact(Role::kButton, label, rect, label, options.enabled, options.radius);
  if (button.node >= 0) nodes_.back().takes_focus = options.takes_focus;
  if (!Drawing(rect)) return button.clicked;
  const ButtonLook look = LookOf(options.kind, options.enabled, button.press, theme_);
  Fill(rect, look.fill, options.radius);
  if (look.border.alpha != 0) Border(rect, look.border, options.radius);

  const float icon = options.icon == Icon::kNone ? 0 : options.style.line + kIconGap;
  const float text_width = std::min(Measure(label, options.style).width, std::max(0.0f, rect.width - icon - 8));
  Rect inner = rect.Centered(icon + text_width, rect.height);
  if (icon > 0) DrawIcon(inner.CutLeft(icon).CutLeft(options.style.line), options.icon, look.ink, options.style.line);
  Label(inner, label, {.style = options.style, .color = look.ink, .align = Align::kCenter, .silent = true});
  return button.clicked;
}

bool Ui::IconButton(const Rect& rect, Icon icon, std::string_view label, const IconButtonOptions& options) {
  const Interaction button = Interact(Role::kButton, label, rect, label, options.enabled, options.radius);
  if (button.node >= 0) {
    nodes_.back().pressed = options.pressed;
    nodes_.back().expanded = options.expanded;
    nodes_.back().takes_focus = options.takes_focus;
  }
  if (!Drawing(rect)) return button.clicked;
  Color fill = kNone;
  Color ink = theme_.ink_soft;
  const float shade = button.press.held ? 0.16f : 0.08f;
  switch (options.kind) {
    case IconButtonKind::kPrimary:
      fill = button.press.hovered ? theme_.accent.Mix(theme_.accent_ink, shade) : theme_.accent;
      ink = theme_.accent_ink;
      break;
    case IconButtonKind::kSelected:
      fill = theme_.accent_soft;
      ink = theme_.accent;
      break;
    case IconButtonKind::kQuiet:
      if (button.press.hovered) fill = theme_.bg.Mix(theme_.ink, shade);
      break;
  }
  if (!options.enabled) {
    fill = options.kind == IconButtonKind::kPrimary ? theme_.off_fill : kNone;
    ink = theme_.off;
  }
  Fill(rect, fill, options.radius);
  if (!options.enabled && fill.alpha != 0) Border(rect, theme_.off_line, options.radius);
  DrawIcon(rect, icon, ink, options.icon_size);
  if (options.badge > 0) Badge(rect.right() + 2, rect.y + 8, options.badge);
  return button.clicked;
}

bool Ui::Pressable(const Rect& rect, std::string_view key, const PressableOptions& options,
                   FunctionRef<void(PressState)> body) {
  const Interaction press = Interact(options.role, key, rect, options.label, options.enabled, options.radius);
  if (press.node >= 0) {
    nodes_.back().selected = options.selected;
    nodes_.back().checked = options.checked;
    nodes_.back().takes_focus = options.takes_focus;
  }

  const bool outer = silent_;
  silent_ = true;
  silent_text_.clear();
  Scope(key, [&] { body(press.press); });
  silent_ = outer;
  if (press.node >= 0 && options.label.empty()) nodes_[static_cast<size_t>(press.node)].label = silent_text_;
  return press.clicked;
}

bool Ui::Row(const Rect& rect, std::string_view key, bool selected, FunctionRef<void(PressState)> body) {
  const PressableOptions options = {.role = Role::kOption, .selected = selected ? Toggle::kOn : Toggle::kOff};
  return Pressable(rect, key, options, [&](PressState press) {
    if (Drawing(rect)) {
      if (selected) {
        Fill(rect, theme_.accent_soft);
        Fill({rect.x, rect.y, 3, rect.height}, theme_.accent);
      } else if (press.hovered) {
        Fill(rect, theme_.bg_sunken);
      }
    }
    body(press);
  });
}

bool Ui::DrawTab(const Rect& box, const Tab& tab, const TextStyle& style, bool selected) {
  const std::string label = TextOf(tab);
  const Interaction press = Interact(Role::kTab, tab.label, box, label, true, 8);
  if (press.node >= 0) nodes_.back().selected = selected ? Toggle::kOn : Toggle::kOff;
  if (selected) {
    Fill(box, theme_.accent_soft, 8);
  } else if (press.press.hovered) {
    Fill(box, theme_.bg_sunken, 8);
  }
  const Color ink = selected ? Readable(theme_.accent, theme_.accent_soft, theme_.ink) : theme_.ink_soft;
  Label(box, label, {.style = style, .color = ink, .align = Align::kCenter, .silent = true});
  return press.clicked;
}

int Ui::Tabs(const Rect& rect, std::string_view label, std::span<const Tab> tabs, int selected) {
  int result = selected;
  const auto count = static_cast<float>(tabs.size());
  TextStyle style = kTextM.Medium();
  float gap = kTabGap;
  const auto width_of = [&](const Tab& tab) { return std::ceil(Measure(TextOf(tab), style).width); };
  // What is left for paddings where every word is whole.
  const auto spare = [&] {
    float rest = rect.width - gap * (count - 1);
    for (const Tab& tab : tabs) rest -= width_of(tab);
    return rest;
  };
  // Long words stand nearer to each other rather than beside what holds them; then they are small; then they are cut.
  if (spare() < 2 * kTabPaddingMin * count) {
    style = kTextS.Medium();
    gap = kTabGap / 2;
  }
  const float padding = std::clamp(spare() / (2 * count), kTabPaddingMin, kTabPadding);
  const float cut = std::max(0.0f, 2 * kTabPaddingMin * count - spare()) / count;
  Group(Role::kTabList, label, rect, [&] {
    Rect rest = rect;
    for (int i = 0; i < static_cast<int>(tabs.size()); ++i) {
      const Tab& tab = tabs[static_cast<size_t>(i)];
      if (DrawTab(rest.CutLeft(width_of(tab) + 2 * padding - cut), tab, style, i == selected)) result = i;
      rest.CutLeft(gap);
    }
  });
  return result;
}

int Ui::Select(const Rect& rect, std::string_view label, std::span<const SelectOption> options, int selected,
               bool enabled) {
  const Interaction select = Interact(Role::kSelect, label, rect, label, enabled, 8);
  int result = selected;
  if (select.node >= 0) {
    for (const auto& [id, index] : events_->choices) {
      if (id == select.id && enabled && index >= 0 && index < static_cast<int>(options.size())) result = index;
    }
    Node& node = nodes_.back();
    for (const SelectOption& option : options) node.options.emplace_back(option.label);
    node.chosen = result;
  }
  if (!Drawing(rect)) return result;
  const Color fill = select.press.hovered ? theme_.bg_sunken : theme_.bg_raised;
  const Color edge = select.press.focused ? theme_.accent : theme_.line_strong;
  Fill(rect, enabled ? fill : theme_.off_fill, 8);
  Border(rect, enabled ? edge : theme_.off_line, 8);
  Rect inner = rect.Inset(10, 0);
  DrawIcon(inner.CutRight(14), Icon::kChevronDown, enabled ? theme_.ink_soft : theme_.off, 14);
  if (result < 0 || result >= static_cast<int>(options.size())) return result;
  const SelectOption& option = options[static_cast<size_t>(result)];
  if (option.dot.alpha != 0) {
    const Rect dot = inner.CutLeft(14);
    Circle(dot.x + 4, dot.center_y(), 4, option.dot);
  }
  Label(inner, option.label, {.color = enabled ? theme_.ink : theme_.off, .silent = true});
  return result;
}

void Ui::MarkWrong(const Rect& field, std::string_view why, const WrongOptions& options) {
  bool focused = false;
  if (last_ >= 0) {
    Node& node = nodes_[static_cast<size_t>(last_)];
    focused = events_->focused == node.id;
    node.invalid = true;
    node.description = why;
    node.takes_focus = node.takes_focus || options.takes_focus;
  }
  // As wide as the edge of what has the keyboard, which would shine through.
  if (Drawing(field)) Border(field, theme_.bad, options.radius, focused ? 2 : 1);
}

}  // namespace alcove::ui
