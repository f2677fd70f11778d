// What opens over the rest and goes away by itself: panels and lists of things to do.
#include <algorithm>

#include "wasm-widget/ui/strings.h"
#include "wasm-widget/ui/ui.h"

namespace alcove::ui {

namespace {

constexpr float kGap = 4;   // between the panel and what it belongs to
constexpr float kEdge = 8;  // between the panel and the edge of the screen
constexpr float kPadding = 6;
constexpr float kMargin = kPadding - 1;  // within the border
constexpr float kItemHeight = 40;
constexpr float kItemsMax = 8.5f;  // half of one tells that there are more
constexpr float kSectionHeight = 28;

bool BeginsSection(std::span<const MenuItem> items, size_t i) {
  return !items[i].section.empty() && (i == 0 || items[i - 1].section != items[i].section);
}

}  // namespace

bool Ui::Popover(const Rect& anchor, Size size, std::string_view label, FunctionRef<void(const Rect& inside)> body) {
  // A press beside it closes it, and does nothing else.
  bool closes = Pressable(Screen(), "beside", {.label = strings::kCloseMenu}, [](PressState) {});
  closes = Pressed(Key::kEscape) || closes;
  size.width = std::min(size.width, Screen().width - 2 * kEdge);
  size.height = std::min(size.height, Screen().height - 2 * kEdge);
  Rect panel = {anchor.right() - size.width, anchor.bottom() + kGap, size.width, size.height};
  panel.x = std::max(kEdge, std::min(panel.x, Screen().right() - kEdge - panel.width));
  // What hangs from the foot of the screen opens upwards.
  const float above = anchor.y - kGap - panel.height;
  if (panel.bottom() > Screen().bottom() - kEdge && above >= kEdge) panel.y = above;
  panel.y = std::max(kEdge, std::min(panel.y, Screen().bottom() - kEdge - panel.height));
  Cover(panel);
  Group(Role::kGroup, label, panel, [&] {
    ShadowPanel(panel);
    Fill(panel, theme_.bg_raised, 12);
    Border(panel, theme_.line, 12);
    body(panel);
  });
  return closes;
}

MenuResult Ui::Menu(const Rect& anchor, float width, std::string_view label, std::span<const MenuItem> items,
                    MenuState& state) {
  MenuResult result;
  const float height = touch() ? kTouchTarget : kItemHeight;
  float items_height = 0;
  for (size_t i = 0; i < items.size(); ++i) items_height += height + (BeginsSection(items, i) ? kSectionHeight : 0);
  items_height = std::min(items_height, kItemsMax * height);
  const bool takes_focus = std::exchange(state.moved, false);
  result.closed = Popover(anchor, {width, items_height + 2 * kPadding}, label, [&](const Rect& inside) {
    // To the edges: what has the keyboard is ringed outside of its item.
    Scroll(inside.Inset(1), state.scroll, {.label = label, .role = Role::kMenu}, [&](const ScrollView& list) {
      Rect place = {list.content.x + kMargin, list.content.y + kMargin, list.content.width - 2 * kMargin, height};
      for (size_t i = 0; i < items.size(); ++i) {
        const MenuItem& item = items[i];
        if (BeginsSection(items, i)) {
          Label(Rect{place.x, place.y, place.width, kSectionHeight}.Inset(12, 0), item.section,
                {.style = kTextXs.Bold(), .color = theme_.ink_soft, .silent = true});
          place.y += kSectionHeight;
        }
        Scope(item.key.empty() ? item.label : item.key, [&] {
          const PressableOptions options = {.role = Role::kMenuItem, .radius = 8, .takes_focus = takes_focus && i == 0};
          const bool asked = Pressable(place, item.label, options, [&](PressState press) {
            if (press.hovered) Fill(place, theme_.bg_sunken, 8);
            Rect rest = place.Inset(12, 0);
            if (item.dot.alpha != 0) {
              const Rect dot = rest.CutLeft(16);
              Circle(dot.x + 4, dot.center_y(), 4, item.dot);
            }
            if (!item.detail.empty()) {
              const Rect detail = rest.CutRight(Measure(item.detail, kTextS).width);
              rest.CutRight(8);
              Label(rest, item.label);
              Label(detail, item.detail, {.style = kTextS, .color = theme_.ink_soft, .align = Align::kEnd});
            } else {
              Label(rest, item.label);
            }
            // Whoever listens does not see what it stands under.
            if (!item.section.empty()) Label({}, item.section);
          });
          if (asked) result.chosen = static_cast<int>(i);
        });
        place.y += height;
      }
      return place.y + kMargin - list.content.y;
    });
  });
  return result;
}

}  // namespace alcove::ui
