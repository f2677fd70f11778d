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

ui::TextBoxOptions BoxOptions(const ConsoleState& state) {
  return {.label = state.writes_note ? strings::kNote : strings::kReply,
          .placeholder = state.writes_note ? strings::kWriteANote : strings::kWriteAReply,
          .lines_max = 8,
          .padding_x = 0,
          .padding_y = 3,
          .framed = false,
          .bytes_max = static_cast<uint32_t>(wire::kMessageTextBytesMax)};
}

float TextHeight(ui::Ui& ui, float width, const ConsoleState& state) {
  return std::max(kTextHeightMin,
                  ui.TextBoxHeight(width - 2 * (kMarginX + kPaddingX), state.composer, BoxOptions(state)));
}

// What is written: a reply, or a note for colleagues. Cuts the tabs off `row`.
void DrawModes(ui::Ui& ui, Rect& row, ConsoleState& state, ConsoleRequest& request) {
  ui.Group(ui::Role::kTabList, strings::kReplyOrNote, row, [&] {
    for (const bool note : {false, true}) {
      const std::string_view label = note ? strings::kNote : strings::kReply;
      const bool chosen = state.writes_note == note;
      const ui::TextStyle style = chosen ? ui::kTextM.Bold() : ui::kTextM;
      const Rect place = row.CutLeft(ui.Measure(label, style).width + 2);
      row.CutLeft(12);
      const ui::PressableOptions options = {
          .role = ui::Role::kTab, .selected = chosen ? ui::Toggle::kOn : ui::Toggle::kOff, .radius = ui::kRadiusS};
      const bool asked = ui.Pressable(place, label, options, [&](ui::PressState press) {
        const ui::Color ink = chosen ? (note ? ui.theme().note_ink : ui.theme().accent) : ui.theme().ink_soft;
        ui.Label(place, label, {.style = style, .color = press.hovered ? ink.Mix(ui.theme().ink, 0.4f) : ink});
      });
      if (!asked || chosen) continue;
      state.writes_note = note;
      state.composer.Focus();
      request.mode_changed = true;
    }
  });
}

// A note alone can be written: what it is, and the way back.
void DrawNoteHead(ui::Ui& ui, Rect& row, ConsoleState& state) {
  const Rect close = row.CutRight(24);
  ui.Label(row, strings::kNote, {.style = ui::kTextM.Bold(), .color = ui.theme().note_ink, .silent = true});
  if (ui.IconButton(close.Centered(24, 24), ui::Icon::kClose, strings::kNoNote, {.icon_size = 14})) {
    state.writes_note = false;
  }
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

void DrawReply(ui::Ui& ui, const Rect& rect, const ConversationView& view, Replies replies, ConsoleState& state,
               ConsoleRequest& request) {
  ui.LineAcross(rect.x, rect.right(), rect.y, ui.theme().line);
  Rect box = rect.Inset(kMarginX, 0);
  box.CutTop(12);
  box.CutBottom(14);
  ui.Fill(box, state.writes_note ? ui.theme().note : ui.theme().bg, 12);
  Rect rest = box.Inset(kPaddingX, 10);

  Rect top = rest.CutTop(kTopRow);
  if (replies == Replies::kCan) {
    DrawModes(ui, top, state, request);
  } else {
    DrawNoteHead(ui, top, state);
  }
  if (!view.draft.empty()) {
    ui.Label(top, ui::Fill(strings::kSeesLive, {Tail(view.draft) + "▌"}),
             {.style = ui::kTextS, .color = ui.theme().ink_soft, .align = ui::Align::kEnd});
  }
  rest.CutTop(6);
  Rect bottom = rest.CutBottom(kBottomRow);
  rest.CutBottom(4);
  // A slash leads there from wherever nobody writes.
  if (ui.Pressed(ui::Key::kSlash)) state.composer.Focus();
  const ui::TextBoxResult text = ui.TextBox(rest, state.composer, BoxOptions(state));
  request.typed = request.typed || (text.changed && !state.writes_note);
  const ui::Color edge = state.writes_note ? ui.theme().note_line : ui.theme().line_strong;
  ui.Border(box, text.focused ? ui.theme().accent : edge, 12, text.focused ? 1.5f : 1.0f);

  const bool can_send = !state.composer.Blank() && (state.writes_note || replies == Replies::kCan);
  const std::string_view send = state.writes_note ? strings::kAddNote : std::string_view(strings::kSend);
  const ui::ButtonOptions options = {.enabled = can_send, .radius = 8};
  const Rect button = bottom.CutRight(ui.ButtonWidth(send, options));
  const bool pressed = ui.Button(button, send, options) || ui.Pressed(ui::Key::kSubmit);
  if (can_send && (pressed || text.submitted)) request.send = true;

  bottom.CutRight(12);
  constexpr float kHintsWidth = 170;
  // A finger has no such keys.
  if (bottom.width < kHintsWidth || ui.touch()) return;
  float x = bottom.right() - kHintsWidth;
  x = DrawHint(ui, DrawKey(ui, x, bottom, strings::kEnterKey), bottom, strings::kSendHint);
  DrawHint(ui, DrawKey(ui, x, bottom, strings::kShiftEnterKey), bottom, strings::kNewLineHint);
}

}  // namespace alcove::console
