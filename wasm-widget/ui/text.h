// Text: measured, wrapped, shaped and rasterised one visual line at a time by
// a TextEngine, which is the browser's canvas in the faces and a font of fixed
// metrics in native tests. So every script works and no font ships.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wasm-widget/ui/geometry.h"
#include "wasm-widget/ui/markdown.h"
#include "wasm-widget/ui/theme.h"

namespace alcove::ui {

// A style at the density of the screen; lengths in physical pixels.
struct Font {
  float size = 14;
  int weight = 400;
  uint32_t look = 0;  // see Run: bold, italic and code are other fonts
  friend bool operator==(const Font&, const Font&) = default;
};

// Why a line ended: what stands between it and the next in the original.
enum class LineEnd : uint8_t {
  kWhiteSpace,  // broken at white space, which is left out of both lines
  kNothing,     // broken inside a word, or between ideographs
  kNewline,
};

// What of a line is drawn at once, since it looks alike and runs one way. Lengths are physical pixels.
struct Piece {
  uint32_t begin = 0;  // in the text
  uint32_t end = 0;
  uint32_t look = 0;
  bool right_to_left = false;
  float x = 0;          // of its origin, from the left of the line
  float width = 0;      // the advance
  float ink_left = 0;   // how far ink reaches left of the origin
  float ink_right = 0;  // and right of it
};

// One visual line: bytes [begin, end) of the text, and its size in physical pixels.
struct Line {
  uint32_t begin = 0;
  uint32_t end = 0;
  LineEnd ending = LineEnd::kWhiteSpace;
  bool right_to_left = false;  // of its paragraph, by the first strong character
  float indent = 0;            // from where reading starts
  float width = 0;             // of its pieces, together
  std::vector<Piece> pieces;   // none where nothing is drawn
};

// Pixels of an image: RGBA, straight alpha, `pitch` bytes a row.
struct Pixels {
  uint8_t* data = nullptr;
  int width = 0;
  int height = 0;
  int pitch = 0;
};

class TextEngine {
 public:
  virtual ~TextEngine() = default;

  // Breaks `text` into visual lines at most `width_max` physical pixels wide
  // (an unbreakable cluster may be wider). Never empty: "" is one empty line.
  virtual std::vector<Line> Layout(std::string_view text, std::span<const Run> runs, const Font& font,
                                   float width_max) = 0;

  // Draws one piece in its final colour. The origin is `origin_x`, `baseline` from the top left.
  virtual void Rasterise(std::string_view piece, const Font& font, bool right_to_left, Color color, float origin_x,
                         float baseline, const Pixels& pixels) = 0;

  // Distance from the top of a line box of `line_height` to its baseline.
  virtual float Baseline(const Font& font, float line_height) = 0;

  // Draws an icon's path in white; the alpha is its coverage.
  virtual void RasteriseIcon(const char* path, float grid, float stroke, const Pixels& pixels) = 0;
};

// A text laid out for a width: the lines and their box, in physical pixels. The text is what the lines index; it ends
// with an ellipsis where it was cut.
struct TextLayout : Marked {
  std::vector<Line> lines;
  float width = 0;
  float line_height = 0;
  float height() const { return line_height * static_cast<float>(lines.size()); }
};

}  // namespace alcove::ui
