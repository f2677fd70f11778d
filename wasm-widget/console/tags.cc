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
constexpr float kTouchGap = 20;    // a finger's target is 44 px, and no two may overlap
constexpr float kChipHeight = 24;  // what WCAG 2.2 asks of a target, at the least
constexpr float kTagBoxHeight = 32;
constexpr float kCrossWidth = 16;

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

void DrawTags(ui::Ui& ui, Rect& rest, const ConversationView& view, bool takes_focus, ConsoleState& state,
              ConsoleRequest& request) {
  ui.Label(rest.CutTop(16), strings::kTagsTitle,
           {.style = ui::kTextS.Bold(), .color = ui.theme().ink_faint, .role = ui::Role::kHeading});
  rest.CutTop(8);
  const float gap = ui.touch() ? kTouchGap : kGap;
  ui::Flow flow(rest, gap);
  size_t count = 0;
  if (view.conversation->tags) {
    for (const std::string& tag : *view.conversation->tags) {
      const Rect place = flow.Next({WidthOf(ui, tag) + kCrossWidth, kChipHeight});
      const std::string label = ui::Fill(strings::kRemoveTag, {tag});
      if (DrawChip(ui, place, tag, ui::Icon::kClose, {.label = label, .radius = ui::kRadiusS}))
        request.remove_tag = tag;
      ++count;
    }
  }
  const bool may_add = count < wire::kTagsMax;
  if (!state.tagging && may_add) {
    const Rect place = flow.Next({WidthOf(ui, strings::kAddTagShort), kChipHeight});
    const ui::PressableOptions options = {
        .label = strings::kAddTag, .radius = ui::kRadiusS, .takes_focus = takes_focus};
    if (DrawChip(ui, place, strings::kAddTagShort, ui::Icon::kNone, options)) {
      state.tagging = true;
      state.tag.Focus();
    }
  }
  rest.CutTop(flow.height());
  state.tagging = state.tagging && may_add;
  if (!state.tagging) return;
  rest.CutTop(kGap);
  const ui::TextBoxResult box =
      ui.TextBox(rest.CutTop(kTagBoxHeight), state.tag,
                 {.label = strings::kAddTag, .padding_y = 6, .bytes_max = static_cast<uint32_t>(wire::kTagBytesMax)});
  const bool leaves = (box.focused && ui.Pressed(ui::Key::kEscape)) || (box.submitted && state.tag.Blank());
  if (box.submitted && !state.tag.Blank()) request.add_tag = state.tag.Take();
  if (!leaves) return;
  state.tag.text.clear();
  state.tagging = false;
  state.tagging_ended = true;
}

}  // namespace alcove::console
