#include "wasm-widget/conversation/draw_log.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

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

// As tall as a finger.
constexpr float kQuickReplyHeight = 36;
constexpr float kQuickReplyGap = 8;
constexpr ui::ButtonOptions kQuickReply = {.kind = ui::ButtonKind::kOutline};

// What comes into the tree further up than this was not written just now.
constexpr size_t kNewsMax = 20;

enum class Age : uint8_t { kNew, kOld };

ui::BubbleOptions BubbleOf(const LogEntry& entry, float width_max, Age age = Age::kNew) {
  const ui::BubbleSide note = entry.mine ? ui::BubbleSide::kNote : ui::BubbleSide::kTheirNote;
  const ui::BubbleSide message = entry.mine ? ui::BubbleSide::kMe : ui::BubbleSide::kThem;
  return {.side = entry.note ? note : message,
          .last_of_group = entry.last_of_group,
          .width_max = width_max,
          .spoken_before = entry.spoken_before,
          .opacity = entry.sending || entry.failed || entry.gone ? 0.7f : 1.0f,
          .is_news = age == Age::kNew};
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
void DrawMessage(ui::Ui& ui, const Rect& row, const LogEntry& entry, Age age, const LogOptions& options,
                 LogResult& result) {
  ui.Scope(entry.key, [&] {
    const Rect bubble = ui.Bubble(row, entry.text, BubbleOf(entry, WidthMax(row, options), age));
    if (entry.meta.empty()) return;
    const Rect meta = {row.x + kMetaIndent, bubble.bottom() + kMetaTop, row.width - 2 * kMetaIndent, ui::kTextS.line};
    if (entry.failed) {
      DrawFailure(ui, meta, entry, result);
    } else {
      ui.Label(meta, ui.InReadingOrder(entry.meta),
               {.style = ui::kTextS,
                .color = ui.theme().ink_faint,
                .align = entry.mine ? ui::Align::kEnd : ui::Align::kStart});
    }
  });
}

// Fills `state.heights`, unless they are those of these lines already.
void MeasureAll(ui::Ui& ui, std::span<const LogEntry> entries, const Rect& column, LogState& state,
                const LogOptions& options) {
  // Lines of type are rounded to the pixels of the screen.
  const ui::Size density = ui.Measure("x", ui::kTextM);
  const bool same = options.version != 0 && options.version == state.heights_version &&
                    entries.size() == state.heights.size() && column.width == state.heights_width &&
                    density.width == state.heights_density.width && density.height == state.heights_density.height;
  if (same) return;
  state.heights.clear();
  for (const LogEntry& entry : entries) state.heights.push_back(HeightOf(ui, entry, column, options));
  state.heights_version = options.version;
  state.heights_width = column.width;
  state.heights_density = density;
}

// Which lines are in the tree.
struct Kept {
  size_t begin = 0;
  size_t end = 0;
};
Kept KeptOf(const ui::ScrollView& view, float first_y, const std::vector<float>& heights) {
  size_t first = 0;
  float y = first_y;
  while (first < heights.size() && y + heights[first] < view.view.y) y += heights[first++];
  size_t last = first;
  while (last < heights.size() && y < view.view.bottom()) y += heights[last++];
  return {first - std::min<size_t>(first, kLinesKept), std::min(last + kLinesKept, heights.size())};
}

// Older lines came in above: what the reader was looking at stays where it was.
void KeepPlace(std::span<const LogEntry> entries, LogState& state) {
  if (entries.empty()) return;
  if (!state.first_key.empty() && state.first_key != entries.front().key && !state.scroll.at_bottom) {
    const auto was_first = std::find_if(entries.begin(), entries.end(),
                                        [&](const LogEntry& entry) { return entry.key == state.first_key; });
    if (was_first != entries.end()) {
      const auto added = was_first - entries.begin();
      state.scroll.offset += std::accumulate(state.heights.begin(), state.heights.begin() + added, 0.0f);
    }
  }
  state.first_key = entries.front().key;
}

}  // namespace

LogResult DrawLog(ui::Ui& ui, const Rect& rect, std::span<const LogEntry> entries, LogState& state,
                  const LogOptions& options) {
  LogResult result;
  MeasureAll(ui, entries, rect.Inset(options.gutter, 0), state, options);
  KeepPlace(entries, state);
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
              const Kept kept = KeptOf(view, row.y, state.heights);
              for (size_t i = 0; i < entries.size(); ++i) {
                const LogEntry& entry = entries[i];
                row.height = state.heights[i];
                if (view.only_height || i < kept.begin || i >= kept.end) {
                  row.y += row.height;
                  continue;
                }
                const Age age = i + kNewsMax < entries.size() ? Age::kOld : Age::kNew;
                if (entry.kind == LogEntry::Kind::kMessage) {
                  DrawMessage(ui, row, entry, age, options, result);
                } else {
                  ui.Scope(entry.key, [&] {
                    ui.Paragraph(row.Offset(0, kBubbleGap), entry.text,
                                 {.style = ui::kTextS,
                                  .color = ui.theme().ink_faint,
                                  .align = ui::Align::kCenter,
                                  .is_news = age == Age::kNew});
                  });
                }
                row.y += row.height;
              }
              for (const std::string& reply : options.quick_replies) {
                const float width = std::min(ui.ButtonWidth(reply, kQuickReply), row.width);
                const Rect button = {row.right() - width, row.y, width, kQuickReplyHeight};
                if (!view.only_height && ui.Button(button, reply, kQuickReply)) result.quick_reply = reply;
                row.y += kQuickReplyHeight + kQuickReplyGap;
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
