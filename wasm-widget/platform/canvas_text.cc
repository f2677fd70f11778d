#include "wasm-widget/platform/canvas_text.h"

#include <cstring>

#include "wasm-widget/platform/javascript.h"

namespace alcove::platform {

std::vector<ui::Line> CanvasText::Layout(std::string_view text, const ui::Font& font, float width_max) {
  constexpr size_t kNumbers = 7;
  const auto count = static_cast<size_t>(js_layout(font.size, font.weight, text.data(), text.size(), width_max));
  std::vector<float> numbers(count * kNumbers);
  js_lines(numbers.data());
  std::vector<ui::Line> lines(count);
  for (size_t i = 0; i < count; ++i) {
    const float* of = &numbers[i * kNumbers];
    lines[i] = {.begin = static_cast<uint32_t>(of[0]),
                .end = static_cast<uint32_t>(of[1]),
                .ending = static_cast<ui::LineEnd>(of[2]),
                .right_to_left = of[3] != 0,
                .width = of[4],
                .ink_left = of[5],
                .ink_right = of[6]};
  }
  return lines;
}

void CanvasText::Rasterise(std::string_view line, const ui::Font& font, bool right_to_left, ui::Color color,
                           float origin_x, float baseline, const ui::Pixels& pixels) {
  const uint32_t rgb = static_cast<uint32_t>(color.red) << 16 | static_cast<uint32_t>(color.green) << 8 | color.blue;
  js_rasterise(line.data(), line.size(), font.size, font.weight, right_to_left ? 1 : 0, rgb, origin_x, baseline,
               pixels.data, pixels.width, pixels.height, pixels.pitch);
}

float CanvasText::Baseline(const ui::Font& font, float line_height) {
  return js_baseline(font.size, font.weight, line_height);
}

void CanvasText::RasteriseIcon(const char* path, float grid, float stroke, const ui::Pixels& pixels) {
  js_rasterise_icon(path, std::strlen(path), grid, stroke, pixels.data, pixels.width, pixels.pitch);
}

}  // namespace alcove::platform
