#include "wasm-widget/conversation/draw_log.h"

#include <algorithm>

#include "wasm-widget/conversation/strings.h"

namespace alcove::conversation {
namespace {

using ui::Rect;

constexpr float kPadding = 16;     // above the first and under the last line
constexpr float kBubbleGap = 4;    // between bubbles of one group
constexpr float kMetaTop = 2;      // between a bubble and its meta
constexpr float kMetaBottom = 10;  // between a meta and the next group
constexpr float kMetaIndent = 4;
constexpr float kWordReach = 6;  // of a word under a message, above and below its line
constexpr float kNewsBottom = 8;
constexpr float kEarlierHeight = 36;
constexpr float kDotsHeight = 34;

ui::BubbleOptions BubbleOf(const LogEntry& entry, float width_max) {
  const ui::BubbleSide note = entry.mine ? ui::BubbleSide::kNote : ui::BubbleSide::kTheirNote;
  const ui::BubbleSide message = entry.mine ? ui::BubbleSide::kMe : ui::BubbleSide::kThem;
  return {.side = entry.note ? note : message,
          .last_of_group = entry.last_of_group,
          .width_max = width_max,
          .spoken_before = entry.spoken_before,
          .opacity = entry.sending || entry.failed ? 0.7f : 1.0f};
}

float WidthMax(const Rect& column, const LogOptions& options) {
  return std::min(options.bubble_width_max, column.width * 0.86f);
}

float HeightOf(ui::Ui& ui, const LogEntry& entry, const Rect& column, const LogOptions& options) {
  if (entry.kind != LogEntry::Kind::kMessage) {
    const float wrapped = ui.Measure(entry.text, ui::kTextS, column.width).height;
    return kBubbleGap + wrapped + kNewsBottom;
  }
  const float bubble = ui.BubbleHeight(entry.text, BubbleOf(entry, WidthMax(column, options)));
  if (entry.meta.empty()) return bubble + kBubbleGap;
  return bubble + kMetaTop + ui::kTextS.line + kMetaBottom;
}

// One of the words under a failed message that can be pressed; moves `line` to the left of it.
bool DrawWord(ui::Ui& ui, Rect& line, std::string_view word, ui::Icon icon, ui::Color color) {
  const float icon_width = icon == ui::Icon::kNone ? 0.0f : 20.0f;
  // Taller than its text: a finger must find it.
  const Rect target =
      line.CutRight(ui.Measure(word, ui::kTextS.Medium()).width + icon_width + 2 * kMetaIndent).Inset(0, -kWordReach);
  return ui.Pressable(target, word, {.radius = ui::kRadiusS}, [&](ui::PressState press) {
    const ui::Color shade = press.hovered ? color.Mix(ui.theme().ink, 0.4f) : color;
    Rect rest = target.Inset(kMetaIndent, 0);
    if (icon != ui::Icon::kNone) ui.DrawIcon(rest.CutLeft(icon_width), icon, shade, 14);
    ui.Label(rest, word, {.style = ui::kTextS.Medium(), .color = shade, .align = ui::Align::kEnd});
  });
}

void DrawFailure(ui::Ui& ui, const Rect& line, const LogEntry& entry, LogResult& result) {
  Rect rest = line;
  if (DrawWord(ui, rest, strings::kDiscard, ui::Icon::kNone, ui.theme().ink_soft)) result.discard = entry.key;
  if (DrawWord(ui, rest, entry.meta, ui::Icon::kRetry, ui.theme().bad)) result.retry = entry.key;
}

// Draws one message from `row.y` on.
void DrawMessage(ui::Ui& ui, const Rect& row, const LogEntry& entry, const LogOptions& options, LogResult& result) {
  ui.Scope(entry.key, [&] {
    const Rect bubble = ui.Bubble(row, entry.text, BubbleOf(entry, WidthMax(row, options)));
    if (entry.meta.empty()) return;
    const Rect meta = {row.x + kMetaIndent, bubble.bottom() + kMetaTop, row.width - 2 * kMetaIndent, ui::kTextS.line};
    if (entry.failed) {
      DrawFailure(ui, meta, entry, result);
    } else {
      ui.Label(meta, entry.meta,
               {.style = ui::kTextS,
                .color = ui.theme().ink_faint,
                .align = entry.mine ? ui::Align::kEnd : ui::Align::kStart});
    }
  });
}

float HeightOfAll(ui::Ui& ui, std::span<const LogEntry> entries, const Rect& column, const LogOptions& options) {
  float height = 0;
  for (const LogEntry& entry : entries) height += HeightOf(ui, entry, column, options);
  return height;
}

// Older lines came in above: what the reader was looking at stays where it was.
void KeepPlace(ui::Ui& ui, const Rect& column, std::span<const LogEntry> entries, LogState& state,
               const LogOptions& options) {
  if (entries.empty()) return;
  if (!state.first_key.empty() && state.first_key != entries.front().key && !state.scroll.at_bottom) {
    const auto was_first = std::find_if(entries.begin(), entries.end(),
                                        [&](const LogEntry& entry) { return entry.key == state.first_key; });
    if (was_first != entries.end()) {
      const size_t added = static_cast<size_t>(was_first - entries.begin());
      state.scroll.offset += HeightOfAll(ui, entries.first(added), column, options);
    }
  }
  state.first_key = entries.front().key;
}

}  // namespace

LogResult DrawLog(ui::Ui& ui, const Rect& rect, std::span<const LogEntry> entries, LogState& state,
                  const LogOptions& options) {
  LogResult result;
  KeepPlace(ui, rect.Inset(options.gutter, 0), entries, state, options);
  ui.Scroll(rect, state.scroll, {.label = options.label, .role = ui::Role::kLog, .stick_to_bottom = true},
            [&](const ui::ScrollView& view) {
              Rect row = {view.content.x + options.gutter, view.content.y + kPadding,
                          view.content.width - 2 * options.gutter, 0};
              if (options.has_earlier) {
                row.height = kEarlierHeight - kNewsBottom;
                ui.Label(row, strings::kLoadingEarlier,
                         {.style = ui::kTextS, .color = ui.theme().ink_faint, .align = ui::Align::kCenter});
                row.y += kEarlierHeight;
              }
              for (const LogEntry& entry : entries) {
                row.height = HeightOf(ui, entry, row, options);
                if (entry.kind == LogEntry::Kind::kMessage) {
                  DrawMessage(ui, row, entry, options, result);
                } else {
                  ui.Scope(entry.key, [&] {
                    ui.Paragraph(row.Offset(0, kBubbleGap), entry.text,
                                 {.style = ui::kTextS, .color = ui.theme().ink_faint, .align = ui::Align::kCenter});
                  });
                }
                row.y += row.height;
              }
              if (!options.typing.empty()) {
                row.height = kDotsHeight;
                ui.TypingDots(row, options.typing);
                row.y += kDotsHeight + kBubbleGap;
              }
              return row.y - view.content.y + kPadding - kBubbleGap;
            });
  result.wants_earlier = options.has_earlier && state.scroll.at_top();
  return result;
}

}  // namespace alcove::conversation
