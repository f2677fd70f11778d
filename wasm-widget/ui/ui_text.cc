#include <algorithm>
#include <cmath>

#include "wasm-widget/ui/painter.h"
#include "wasm-widget/ui/ui.h"

namespace alcove::ui {

namespace {

// Of what stands behind code, in its ink.
constexpr float kCodeShade = 0.09f;
constexpr float kCodeReach = 2;
constexpr float kBlockReach = 6;

}  // namespace

Size Ui::SizeOf(const TextLayout& layout) const {
  // Rounded up: a text must fit the box made from its own measure.
  return {std::ceil(painter_->Css(layout.width)), painter_->Css(layout.height())};
}

Size Ui::Measure(std::string_view text, const TextStyle& style, float width_max, int lines_max) {
  const float width = std::floor(width_max * input_.device_pixel_ratio);
  return SizeOf(painter_->texts().Layout(text, style, width, lines_max));
}

Size Ui::MeasureMarked(std::string_view text, const TextStyle& style, float width_max) {
  return SizeOf(painter_->texts().LayoutMarked(text, style, std::floor(width_max * input_.device_pixel_ratio)));
}

void Ui::DrawLines(const TextLayout& layout, const TextStyle& style, const Inks& inks, Align align, const Rect& rect) {
  float top = painter_->Physical(rect.y);
  const Rect placed = Placed(rect);
  const float left = painter_->Physical(placed.x);
  const float room = painter_->Physical(placed.right()) - left;
  const TextSide side = Placed(align);
  for (const Run& run : layout.runs) {
    if ((run.look & kLookBlock) != 0) FillBlock(layout, run, rect, inks.plain);
  }
  for (const Line& line : layout.lines) {
    const Rect box = {rect.x, painter_->Css(top), rect.width, painter_->Css(layout.line_height)};
    if (painter_->Visible(box)) {
      float offset = line.indent;
      if (side == TextSide::kMiddle) offset = (room - line.width) / 2;
      if (side == TextSide::kRight || (side == TextSide::kByText && line.right_to_left)) {
        offset = room - line.width - line.indent;
      }
      offset = left + std::max(0.0f, offset);
      for (const Piece& piece : line.pieces) {
        const bool is_link = (piece.look & kLookLink) != 0;
        const Color ink = is_link ? inks.link : inks.plain;
        const Rect place = {painter_->Css(offset + piece.x), box.y, painter_->Css(piece.width), box.height};
        if ((piece.look & (kLookCode | kLookBlock)) == kLookCode) {
          Fill(Placed(place.Inset(-kCodeReach, 1)), ink.WithAlpha(kCodeShade), 4);
        }
        if (is_link) {
          Fill(Placed(Rect{place.x, std::round(box.center_y() + style.line * 0.36f), place.width, 1}), ink);
        }
        painter_->DrawPiece(layout.text, piece, style, ink, offset, top);
      }
    }
    top += layout.line_height;
  }
}

// What lines of code stand on, together.
void Ui::FillBlock(const TextLayout& layout, const Run& run, const Rect& rect, Color ink) {
  const auto begins_before = [](const Line& line, uint32_t at) { return line.begin < at; };
  const auto first = std::lower_bound(layout.lines.begin(), layout.lines.end(), run.begin, begins_before);
  const auto end = std::lower_bound(first, layout.lines.end(), run.end, begins_before);
  const float line = painter_->Css(layout.line_height);
  const float y = rect.y + line * static_cast<float>(first - layout.lines.begin());
  const Rect place = {rect.x, y, rect.width, line * static_cast<float>(end - first)};
  Fill(place.Inset(-kBlockReach, -1), ink.WithAlpha(kCodeShade), kRadiusS);
}

float Ui::Label(const Rect& rect, std::string_view text, const LabelOptions& options) {
  if (text.empty()) return 0;
  const float room = std::floor(rect.width * input_.device_pixel_ratio);
  const TextLayout& layout = painter_->texts().Layout(text, options.style, 1e6f, 0);
  // Two lookups only where the text is too long.
  const TextLayout& fitting = layout.width <= room && layout.lines.size() == 1
                                  ? layout
                                  : painter_->texts().Layout(text, options.style, room, 1);
  const float width = std::min(rect.width, std::ceil(painter_->Css(fitting.width)));
  if (measuring_) return width;

  const float line_height = painter_->Css(fitting.line_height);
  Rect box = {rect.x, rect.center_y() - line_height / 2, width, line_height};
  if (options.align == Align::kCenter) box.x = rect.center_x() - width / 2;
  if (options.align == Align::kEnd) box.x = rect.right() - width;
  const Color color = Ink(options.color);
  if (painter_->Visible(box)) DrawLines(fitting, options.style, {color, color}, Align::kStart, box);

  if (silent_ && !options.silent) {
    if (!silent_text_.empty()) silent_text_ += ", ";
    silent_text_ += text;
  }
  if (options.silent) return width;
  const int index = Emit(MakeId(options.role, text), options.role, box, text);
  if (index < 0) return width;
  Node& node = nodes_.back();
  node.style = options.style;
  node.single_line = true;
  node.lines = {{0, static_cast<uint32_t>(text.size()), LineEnd::kNothing}};
  return width;
}

float Ui::Paragraph(const Rect& rect, std::string_view text, const ParagraphOptions& options) {
  if (text.empty()) return 0;
  const float room = std::floor(rect.width * input_.device_pixel_ratio);
  TextCache& texts = painter_->texts();
  const TextLayout& layout = options.markdown ? texts.LayoutMarked(text, options.style, room)
                                              : texts.Layout(text, options.style, room, options.lines_max);
  const float height = painter_->Css(layout.height());
  if (measuring_) return height;
  const Rect box = {rect.x, rect.y, rect.width, height};
  if (painter_->Visible(box)) {
    DrawLines(layout, options.style, {Ink(options.color), Ink(options.link)}, options.align, box);
  }

  if (silent_ && !options.silent) {
    if (!silent_text_.empty()) silent_text_ += ", ";
    silent_text_ += layout.text;
  }
  if (options.silent) return height;
  const int index = Emit(MakeId(options.role, text), options.role, box, layout.text);
  if (index < 0) return height;
  Node& node = nodes_.back();
  node.style = options.style;
  node.side = Placed(options.align);
  node.spoken_before = options.spoken_before;
  node.is_news = options.is_news;
  node.runs = layout.runs;
  node.urls = layout.urls;
  node.lines.reserve(layout.lines.size());
  for (const Line& line : layout.lines) {
    const auto indent = static_cast<uint32_t>(painter_->Css(line.indent) * TextSpan::kIndentUnit);
    node.lines.push_back({line.begin, line.end, line.ending, indent});
  }
  return height;
}

}  // namespace alcove::ui
