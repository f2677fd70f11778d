// Text by the browser's canvas.
#pragma once

#include "wasm-widget/ui/text.h"

namespace alcove::platform {

class CanvasText : public ui::TextEngine {
 public:
  std::vector<ui::Line> Layout(std::string_view text, std::span<const ui::Run> runs, const ui::Font& font,
                               float width_max) override;
  void Rasterise(std::string_view piece, const ui::Font& font, bool right_to_left, ui::Color color, float origin_x,
                 float baseline, const ui::Pixels& pixels) override;
  float Baseline(const ui::Font& font, float line_height) override;
  void RasteriseIcon(const char* path, float grid, float stroke, const ui::Pixels& pixels) override;
};

}  // namespace alcove::platform
