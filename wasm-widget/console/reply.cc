#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>

#include "functions/wire/limits.h"
#include "wasm-widget/console/parts.h"
#include "wasm-widget/console/strings.h"
#include "wasm-widget/conversation/log.h"
#include "wasm-widget/conversation/strings.h"
#include "wasm-widget/ui/strings.h"

namespace alcove::console {
namespace {

using ui::Rect;

constexpr float kMarginX = 20;
constexpr float kPaddingX = 12;
constexpr float kTopRow = 24;  // what WCAG 2.2 asks of a target, at the least; so do its tabs across
constexpr float kTopGap = 2;
constexpr float kBottomRow = 32;
constexpr float kTextHeightMin = 46;

// Whose eyes it is for, by first name, where it is whispered.
std::string Whispered(ui::Phrase phrase, const ConversationView& view) {
  const std::optional<wire::Actor>& agent = view.conversation->agent;
  return ui::Fill(phrase, {conversation::FirstName(agent ? agent->name : "")});
}

// What the box says of itself, which outlives its options.
struct BoxWords {
  std::string label;
  std::string placeholder;
};
BoxWords WordsOf(Writing writing, const ConversationView& view) {
  switch (writing) {
    case Writing::kReply:
      break;
    case Writing::kNote:
      return {std::string(strings::kNote), std::string(strings::kWriteANote)};
    case Writing::kWhisper:
      return {Whispered(strings::kWhisperTo, view), Whispered(strings::kWriteAWhisper, view)};
  }
  return {std::string(strings::kReply), std::string(strings::kWriteAReply)};
}

ui::TextBoxOptions BoxOptions(const BoxWords& words) {
  return {.label = words.label,
          .placeholder = words.placeholder,
          .lines_max = 8,
          .padding_x = 0,
          .padding_y = 3,
          .framed = false,
          .bytes_max = static_cast<uint32_t>(wire::kMessageTextBytesMax)};
}

float TextHeight(ui::Ui& ui, float width, const ConsoleState& state) {
  return std::max(kTextHeightMin, ui.TextBoxHeight(width - 2 * (kMarginX + kPaddingX), state.composer, BoxOptions({})));
}

std::string_view TabOf(Writing writing) {
  switch (writing) {
    case Writing::kReply:
      break;
    case Writing::kNote:
      return strings::kNote;
    case Writing::kWhisper:
      return strings::kWhisper;
  }
  return strings::kReply;
}

// What is written, of what can be. Cuts the tabs off `row`.
void DrawModes(ui::Ui& ui, Rect& row, std::initializer_list<Writing> modes, ConsoleState& state,
               ConsoleRequest& request) {
  ui.Group(ui::Role::kTabList, strings::kReplyOrNote, row, [&] {
    for (const Writing mode : modes) {
      const std::string_view label = TabOf(mode);
      const bool chosen = state.writing == mode;
      const ui::TextStyle style = chosen ? ui::kTextM.Bold() : ui::kTextM;
      const float width = ui.Measure(label, style).width + 2;
      // A short word, as some languages have it, stands in the midst of its room.
      const Rect place = row.CutLeft(std::max(width, kTopRow));
      row.CutLeft(12);
      const ui::PressableOptions options = {
          .role = ui::Role::kTab, .selected = chosen ? ui::Toggle::kOn : ui::Toggle::kOff, .radius = ui::kRadiusS};
      const bool asked = ui.Pressable(place, label, options, [&](ui::PressState press) {
        const ui::Color told = mode == Writing::kReply ? ui.theme().accent : ui.theme().note_ink;
        const ui::Color ink = chosen ? told : ui.theme().ink_soft;
        ui.Label(place, label,
                 {.style = style,
                  .color = press.hovered ? ink.Mix(ui.theme().ink, 0.4f) : ink,
                  .align = ui::Align::kCenter});
      });
      if (!asked || chosen) continue;
      state.writing = mode;
      state.composer.Focus();
      request.mode_changed = true;
    }
  });
}

// No reply can be written: what is instead, and the way back.
void DrawNoteHead(ui::Ui& ui, Rect& row, const ConversationView& view, ConsoleState& state, ConsoleRequest& request) {
  const Rect close = row.CutRight(24);
  row.CutRight(8);
  if (view.can_whisper) {
    DrawModes(ui, row, {Writing::kNote, Writing::kWhisper}, state, request);
  } else {
    ui.Label(row, strings::kNote, {.style = ui::kTextM.Bold(), .color = ui.theme().note_ink, .silent = true});
  }
  if (ui.IconButton(close.Centered(24, 24), ui::Icon::kClose, strings::kNoNote, {.icon_size = 14})) {
    state.writing = Writing::kReply;
    request.mode_changed = true;
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

void DrawHints(ui::Ui& ui, const Rect& row) {
  const auto width_of = [&](std::string_view key, std::string_view hint) {
    return ui.Measure(key, ui::kTextXs).width + 12 + 6 + ui.Measure(hint, ui::kTextS).width + 2 + 10;
  };
  const float width =
      width_of(strings::kEnterKey, strings::kSendHint) + width_of(strings::kShiftEnterKey, strings::kNewLineHint);
  // A finger has no such keys.
  if (row.width < width || ui.touch()) return;
  float x = row.right() - width;
  x = DrawHint(ui, DrawKey(ui, x, row, strings::kEnterKey), row, strings::kSendHint);
  DrawHint(ui, DrawKey(ui, x, row, strings::kShiftEnterKey), row, strings::kNewLineHint);
}

// That the customer may be answered twice: beside what sends, where the eye is then. Said once, to who listens.
void DrawWarning(ui::Ui& ui, Rect row, std::string_view text) {
  constexpr float kIcon = 16;
  const float width = std::min(row.width, ui.Measure(text, ui::kTextS.Medium()).width + kIcon + 7);
  row = row.CutRight(width);
  ui.Group(ui::Role::kStatus, text, row, [&] {
    ui.DrawIcon(row.CutLeft(kIcon), ui::Icon::kAlert, ui.theme().warn, kIcon);
    row.CutLeft(6);
    ui.Label(row, text, {.style = ui::kTextS.Medium(), .color = ui.theme().warn, .silent = true});
  });
}

std::string_view SendLabel(Writing writing) {
  switch (writing) {
    case Writing::kReply:
      break;
    case Writing::kNote:
      return strings::kAddNote;
    case Writing::kWhisper:
      return strings::kWhisper;
  }
  return strings::kSend;
}

}  // namespace

float ReplyHeight(ui::Ui& ui, float width, const ConsoleState& state) {
  return 12 + 10 + kTopRow + kTopGap + TextHeight(ui, width, state) + 4 + kBottomRow + 10 + 14;
}

void DrawReply(ui::Ui& ui, const Rect& rect, const ConsoleView& console, Replies replies, ConsoleState& state,
               ConsoleRequest& request) {
  const ConversationView& view = *console.open;
  const bool is_reply = state.writing == Writing::kReply;
  ui.LineAcross(rect.x, rect.right(), rect.y, ui.theme().line);
  Rect box = rect.Inset(kMarginX, 0);
  box.CutTop(12);
  box.CutBottom(14);
  ui.Fill(box, is_reply ? ui.theme().bg : ui.theme().note, 12);
  Rect rest = box.Inset(kPaddingX, 10);

  Rect top = rest.CutTop(kTopRow);
  if (replies == Replies::kCan) {
    DrawModes(ui, top, {Writing::kReply, Writing::kNote}, state, request);
  } else {
    DrawNoteHead(ui, top, view, state, request);
  }
  if (!view.draft.empty()) {
    ui.Label(top, ui::Fill(strings::kSeesLive, {Tail(view.draft) + "▌"}),
             {.style = ui::kTextS, .color = ui.theme().ink_soft, .align = ui::Align::kEnd});
  }
  rest.CutTop(kTopGap);
  Rect bottom = rest.CutBottom(kBottomRow);
  rest.CutBottom(4);
  // A slash leads there from wherever nobody writes.
  if (ui.Pressed(ui::Key::kSlash)) state.composer.Focus();
  const BoxWords words = WordsOf(state.writing, view);
  const ui::TextBoxResult text = ui.TextBox(rest, state.composer, BoxOptions(words));
  request.typed = request.typed || (text.changed && is_reply);
  const ui::Color edge = is_reply ? ui.theme().line_strong : ui.theme().note_line;
  ui.Border(box, text.focused ? ui.theme().accent : edge, 12, text.focused ? 1.5f : 1.0f);

  DrawReadyButtons(ui, bottom, box, console, state);
  const bool can_send = !state.composer.Blank() && (!is_reply || replies == Replies::kCan);
  const std::string_view send = SendLabel(state.writing);
  const ui::ButtonOptions options = {.enabled = can_send, .radius = 8};
  const Rect button = bottom.CutRight(ui.ButtonWidth(send, options));
  bottom.CutRight(12);
  if (is_reply && !view.also_writes.empty()) {
    DrawWarning(ui, bottom, view.also_writes);
  } else {
    DrawHints(ui, bottom);
  }
  const bool pressed = ui.Button(button, send, options) || ui.Pressed(ui::Key::kSubmit);
  if (can_send && (pressed || text.submitted)) request.send = true;
}

}  // namespace alcove::console
