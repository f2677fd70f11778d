#include <algorithm>
#include <cmath>

#include "wasm-widget/ui/painter.h"
#include "wasm-widget/ui/ui.h"

namespace alcove::ui {

Size Ui::Measure(std::string_view text, const TextStyle& style, float width_max, int lines_max) {
  const float width = std::floor(width_max * input_.device_pixel_ratio);
  const TextLayout& layout = painter_->texts().Layout(text, style, width, lines_max);
  // Rounded up: a text must fit the box made from its own measure.
  return {std::ceil(painter_->Css(layout.width)), painter_->Css(layout.height())};
}

void Ui::DrawLines(const TextLayout& layout, const TextStyle& style, Color color, Align align, float x, float y,
                   float width) {
  float top = painter_->Physical(y);
  const Rect placed = Placed(Rect{x, y, width, 0});
  const float left = painter_->Physical(placed.x);
  const float room = painter_->Physical(placed.right()) - left;
  const TextSide side = Placed(align);
  for (const Line& line : layout.lines) {
    const Rect box = {x, painter_->Css(top), width, painter_->Css(layout.line_height)};
    if (painter_->Visible(box)) {
      float offset = 0;
      if (side == TextSide::kMiddle) offset = (room - line.width) / 2;
      if (side == TextSide::kRight || (side == TextSide::kByText && line.right_to_left)) offset = room - line.width;
      painter_->DrawLine(layout.text, line, style, color, left + std::max(0.0f, offset), top);
    }
    top += layout.line_height;
  }
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
  if (painter_->Visible(box)) DrawLines(fitting, options.style, color, Align::kStart, box.x, box.y, box.width);

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

float Ui::DrawText(const Rect& rect, std::string_view text, const ParagraphOptions& options, Color color) {
  const float room = std::floor(rect.width * input_.device_pixel_ratio);
  const TextLayout& layout = painter_->texts().Layout(text, options.style, room, options.lines_max);
  const float height = painter_->Css(layout.height());
  if (measuring_) return height;
  const Rect box = {rect.x, rect.y, rect.width, height};
  if (painter_->Visible(box)) DrawLines(layout, options.style, color, options.align, box.x, box.y, box.width);

  if (silent_ && !options.silent) {
    if (!silent_text_.empty()) silent_text_ += ", ";
    silent_text_ += text;
  }
  if (options.silent) return height;
  const int index = Emit(MakeId(options.role, text), options.role, box, layout.text);
  if (index < 0) return height;
  Node& node = nodes_.back();
  node.style = options.style;
  node.side = Placed(options.align);
  node.spoken_before = options.spoken_before;
  node.is_news = options.is_news;
  node.lines.reserve(layout.lines.size());
  for (const Line& line : layout.lines) node.lines.push_back({line.begin, line.end, line.ending});
  return height;
}

float Ui::Paragraph(const Rect& rect, std::string_view text, const ParagraphOptions& options) {
  if (text.empty()) return 0;
  return DrawText(rect, text, options, Ink(options.color));
}

}  // namespace alcove::ui
