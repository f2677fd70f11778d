#include <algorithm>
#include <string>

#include "functions/wire/limits.h"
#include "wasm-widget/console/parts.h"
#include "wasm-widget/console/strings.h"
#include "wasm-widget/ui/strings.h"

namespace alcove::console {
namespace {

using ui::Rect;

constexpr float kMarginX = 20;
constexpr float kPaddingX = 12;
constexpr float kTopRow = 20;
constexpr float kBottomRow = 32;
constexpr float kTextHeightMin = 46;

const ui::TextBoxOptions& BoxOptions() {
  static const ui::TextBoxOptions options = {.label = strings::kReply,
                                             .placeholder = strings::kWriteAReply,
                                             .lines_max = 8,
                                             .padding_x = 0,
                                             .padding_y = 3,
                                             .framed = false,
                                             .bytes_max = static_cast<uint32_t>(wire::kMessageTextBytesMax)};
  return options;
}

float TextHeight(ui::Ui& ui, float width, const ConsoleState& state) {
  return std::max(kTextHeightMin, ui.TextBoxHeight(width - 2 * (kMarginX + kPaddingX), state.composer, BoxOptions()));
}

// The end of a draft says more than its start: it is where the customer is.
std::string Tail(std::string_view draft) {
  constexpr size_t kBytes = 120;
  if (draft.size() <= kBytes) return std::string(draft);
  size_t begin = draft.size() - kBytes;
  // Not inside a character: continuation bytes are 10xxxxxx.
  while (begin < draft.size() && (static_cast<unsigned char>(draft[begin]) & 0xC0) == 0x80) ++begin;
  return "…" + std::string(draft.substr(begin));
}

// A key as it is printed on keyboards; returns the x after it.
float DrawKey(ui::Ui& ui, float x, const Rect& row, std::string_view key) {
  const float width = ui.Measure(key, ui::kTextXs).width + 12;
  const Rect cap = Rect{x, row.y, width, row.height}.Centered(width, 18);
  ui.Fill(cap, ui.theme().bg_sunken, 4);
  ui.Border(cap, ui.theme().line_strong, 4);
  ui.Label(cap, key, {.style = ui::kTextXs, .color = ui.theme().ink_soft, .align = ui::Align::kCenter, .silent = true});
  return cap.right() + 6;
}

float DrawHint(ui::Ui& ui, float x, const Rect& row, std::string_view text) {
  const Rect place = {x, row.y, ui.Measure(text, ui::kTextS).width + 2, row.height};
  ui.Label(place, text, {.style = ui::kTextS, .color = ui.theme().ink_soft, .silent = true});
  return place.right() + 10;
}

}  // namespace

float ReplyHeight(ui::Ui& ui, float width, const ConsoleState& state) {
  return 12 + 10 + kTopRow + 6 + TextHeight(ui, width, state) + 4 + kBottomRow + 10 + 14;
}

void DrawReply(ui::Ui& ui, const Rect& rect, const ConversationView& view, ConsoleState& state,
               ConsoleRequest& request) {
  ui.LineAcross(rect.x, rect.right(), rect.y, ui.theme().line);
  Rect box = rect.Inset(kMarginX, 0);
  box.CutTop(12);
  box.CutBottom(14);
  ui.Fill(box, ui.theme().bg, 12);
  Rect rest = box.Inset(kPaddingX, 10);

  Rect top = rest.CutTop(kTopRow);
  ui.Label(top.CutLeft(56), strings::kReply, {.style = ui::kTextM.Bold(), .color = ui.theme().accent, .silent = true});
  if (!view.draft.empty()) {
    ui.Label(top, ui::Fill(strings::kSeesLive, {Tail(view.draft) + "▌"}),
             {.style = ui::kTextS, .color = ui.theme().ink_soft, .align = ui::Align::kEnd});
  }
  rest.CutTop(6);
  Rect bottom = rest.CutBottom(kBottomRow);
  rest.CutBottom(4);
  // A slash leads there from wherever nobody writes.
  if (ui.Pressed(ui::Key::kSlash)) state.composer.Focus();
  const ui::TextBoxResult text = ui.TextBox(rest, state.composer, BoxOptions());
  request.typed = request.typed || text.changed;
  ui.Border(box, text.focused ? ui.theme().accent : ui.theme().line_strong, 12, text.focused ? 1.5f : 1.0f);

  const bool can_send = !state.composer.Blank();
  const ui::ButtonOptions options = {.enabled = can_send, .radius = 8};
  const Rect button = bottom.CutRight(ui.ButtonWidth(strings::kSend, options));
  const bool pressed = ui.Button(button, strings::kSend, options) || ui.Pressed(ui::Key::kSubmit);
  if (can_send && (pressed || text.submitted)) request.send = true;

  bottom.CutRight(12);
  constexpr float kHintsWidth = 170;
  if (bottom.width < kHintsWidth) return;
  float x = bottom.right() - kHintsWidth;
  x = DrawHint(ui, DrawKey(ui, x, bottom, strings::kEnterKey), bottom, strings::kSendHint);
  DrawHint(ui, DrawKey(ui, x, bottom, strings::kShiftEnterKey), bottom, strings::kNewLineHint);
}

}  // namespace alcove::console
