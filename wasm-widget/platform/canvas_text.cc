#include "wasm-widget/platform/canvas_text.h"

#include <cstring>

#include "wasm-widget/platform/javascript.h"

namespace alcove::platform {

std::vector<ui::Line> CanvasText::Layout(std::string_view text, std::span<const ui::Run> runs, const ui::Font& font,
                                         float width_max) {
  constexpr size_t kOfLine = 7;
  constexpr size_t kOfPiece = 8;
  const auto count = static_cast<size_t>(
      js_layout(font.size, font.weight, text.data(), text.size(), width_max, runs.data(), runs.size()));
  std::vector<float> numbers(count * kOfLine);
  std::vector<float> of_pieces(static_cast<size_t>(js_lines(numbers.data())) * kOfPiece);
  js_pieces(of_pieces.data());
  std::vector<ui::Line> lines(count);
  const float* piece = of_pieces.data();
  for (size_t i = 0; i < count; ++i) {
    const float* of = &numbers[i * kOfLine];
    ui::Line& line = lines[i];
    line.begin = static_cast<uint32_t>(of[0]);
    line.end = static_cast<uint32_t>(of[1]);
    line.ending = static_cast<ui::LineEnd>(of[2]);
    line.right_to_left = of[3] != 0;
    line.width = of[4];
    line.indent = of[5];
    line.pieces.resize(static_cast<size_t>(of[6]));
    for (ui::Piece& its : line.pieces) {
      its = {.begin = static_cast<uint32_t>(piece[0]),
             .end = static_cast<uint32_t>(piece[1]),
             .look = static_cast<uint32_t>(piece[2]),
             .right_to_left = piece[3] != 0,
             .x = piece[4],
             .width = piece[5],
             .ink_left = piece[6],
             .ink_right = piece[7]};
      piece += kOfPiece;
    }
  }
  return lines;
}

void CanvasText::Rasterise(std::string_view piece, const ui::Font& font, bool right_to_left, ui::Color color,
                           float origin_x, float baseline, const ui::Pixels& pixels) {
  const uint32_t rgb = static_cast<uint32_t>(color.red) << 16 | static_cast<uint32_t>(color.green) << 8 | color.blue;
  js_rasterise(piece.data(), piece.size(), font.size, font.weight, font.look, right_to_left ? 1 : 0, rgb, origin_x,
               baseline, pixels.data, pixels.width, pixels.height, pixels.pitch);
}

float CanvasText::Baseline(const ui::Font& font, float line_height) {
  return js_baseline(font.size, font.weight, line_height);
}

void CanvasText::RasteriseIcon(const char* path, float grid, float stroke, const ui::Pixels& pixels) {
  js_rasterise_icon(path, std::strlen(path), grid, stroke, pixels.data, pixels.width, pixels.pitch);
}

}  // namespace alcove::platform
