// Scrolled areas. In the page each is a real scrolling element: wheel, touch
// with momentum, keys, scroll bar, find-in-page and screen readers are the
// browser's; here the drawing follows where it is.
#include <algorithm>

#include "wasm-widget/ui/events.h"
#include "wasm-widget/ui/painter.h"
#include "wasm-widget/ui/ui.h"

namespace alcove::ui {

namespace {

// Browsers round scroll positions, so the end is reached a little before it.
constexpr float kAtBottomTolerance = 3;

}  // namespace

void Ui::Scroll(const Rect& rect, ScrollState& state, const ScrollOptions& options,
                FunctionRef<float(const ScrollView&)> body) {
  const NodeId id = MakeId(options.role, options.label);
  state.view_height = rect.height;
  if (!measuring_) {
    for (const auto& [scrolled, top] : events_->scrolls) {
      if (scrolled != id) continue;
      state.offset = top;
      state.at_bottom = top + rect.height >= state.content_height - kAtBottomTolerance;
    }
  }

  // "To the end" is asked for as a place far beyond it, where a float has no room for the height of a line.
  state.offset = std::clamp(state.offset, 0.0f, std::max(0.0f, state.content_height - rect.height));

  const auto run = [&] {
    float height = 0;
    Scope(options.label, [&] {
      height = body({.content = {rect.x, rect.y - state.offset, rect.width, state.content_height},
                     .view = rect,
                     .only_height = measuring_});
    });
    return height;
  };

  // The height is needed first: to stay at the end, what was added must be known
  // before it is drawn, and what was removed must not leave the view beyond the end.
  const bool outer = measuring_;
  measuring_ = true;
  state.content_height = run();
  measuring_ = outer;
  const float end = std::max(0.0f, state.content_height - rect.height);
  if (options.stick_to_bottom && state.at_bottom) state.offset = end;
  state.offset = std::clamp(state.offset, 0.0f, end);
  state.at_bottom = state.offset >= end - kAtBottomTolerance;
  if (measuring_) return;

  const int index = Emit(id, options.role, rect, options.label);
  const int outer_parent = parent_;
  if (index >= 0) {
    nodes_.back().content_height = state.content_height;
    nodes_.back().scroll_top = state.offset;
    parent_ = index;
  }
  painter_->PushClip(rect);
  run();
  painter_->PopClip();
  parent_ = outer_parent;
}

}  // namespace alcove::ui
