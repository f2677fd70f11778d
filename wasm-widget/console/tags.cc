#include <algorithm>
#include <string>

#include "functions/wire/limits.h"
#include "wasm-widget/console/parts.h"
#include "wasm-widget/console/strings.h"
#include "wasm-widget/ui/strings.h"

namespace alcove::console {
namespace {

using ui::Rect;

constexpr float kGap = 6;
constexpr float kChipHeight = 24;  // what WCAG 2.2 asks of a target, at the least
constexpr float kBoxHeight = 32;
constexpr float kCrossWidth = 16;

// The next place of a flow of chips in `column`.
Rect Next(const Rect& column, float& x, float& y, float width) {
  width = std::min(width, column.width);
  if (x > column.x && x + width > column.right()) {
    x = column.x;
    y += kChipHeight + kGap;
  }
  const Rect place = {x, y, width, kChipHeight};
  x += width + kGap;
  return place;
}

float WidthOf(ui::Ui& ui, std::string_view text) { return ui.Measure(text, ui::kTextXs).width + 18; }

bool DrawChip(ui::Ui& ui, const Rect& rect, std::string_view text, ui::Icon icon, const ui::PressableOptions& options) {
  return ui.Pressable(rect, text, options, [&](ui::PressState press) {
    ui.Fill(rect, press.hovered ? ui.theme().line : ui.theme().bg_sunken, ui::kRadiusS);
    ui.Border(rect, ui.theme().line, ui::kRadiusS);
    Rect rest = rect.Inset(8, 0);
    if (icon != ui::Icon::kNone) ui.DrawIcon(rest.CutRight(kCrossWidth - 4), icon, ui.theme().ink_soft, 12);
    ui.Label(rest, text, {.style = ui::kTextXs, .color = ui.theme().ink_soft});
  });
}

}  // namespace

void DrawTags(ui::Ui& ui, Rect& rest, const ConversationView& view, ConsoleState& state, ConsoleRequest& request) {
  ui.Label(rest.CutTop(16), strings::kTagsTitle,
           {.style = ui::kTextS.Bold(), .color = ui.theme().ink_faint, .role = ui::Role::kHeading});
  rest.CutTop(8);
  float x = rest.x;
  float y = rest.y;
  size_t count = 0;
  if (view.conversation->tags) {
    for (const std::string& tag : *view.conversation->tags) {
      const Rect place = Next(rest, x, y, WidthOf(ui, tag) + kCrossWidth);
      const std::string label = ui::Fill(strings::kRemoveTag, {tag});
      if (DrawChip(ui, place, tag, ui::Icon::kClose, {.label = label, .radius = ui::kRadiusS}))
        request.remove_tag = tag;
      ++count;
    }
  }
  const bool may_add = count < wire::kTagsMax;
  if (!state.tagging && may_add) {
    const Rect place = Next(rest, x, y, WidthOf(ui, strings::kAddTagShort));
    const ui::PressableOptions options = {
        .label = strings::kAddTag, .radius = ui::kRadiusS, .takes_focus = std::exchange(state.tagging_ended, false)};
    if (DrawChip(ui, place, strings::kAddTagShort, ui::Icon::kNone, options)) {
      state.tagging = true;
      state.tag.Focus();
    }
  }
  if (x > rest.x) y += kChipHeight;
  rest.CutTop(y - rest.y);
  if (!state.tagging || !may_add) return;
  rest.CutTop(kGap);
  const ui::TextBoxResult box =
      ui.TextBox(rest.CutTop(kBoxHeight), state.tag,
                 {.label = strings::kAddTag, .padding_y = 6, .bytes_max = static_cast<uint32_t>(wire::kTagBytesMax)});
  const bool leaves = ui.Pressed(ui::Key::kEscape) || (box.submitted && state.tag.Blank());
  if (box.submitted && !state.tag.Blank()) request.add_tag = state.tag.Take();
  if (!leaves) return;
  state.tag.text.clear();
  state.tagging = false;
  state.tagging_ended = true;
}

}  // namespace alcove::console
