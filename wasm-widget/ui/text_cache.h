// Texts laid out and lines rasterised, kept as long as they are of use.
//
// A piece of a line is drawn by the browser once, in its final colour, into the atlas of
// ImGui, and from then on is one textured rectangle. The atlas is bounded: above
// the budget the lines not seen longest give up their place.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "wasm-widget/ui/function_ref.h"
#include "wasm-widget/ui/geometry.h"
#include "wasm-widget/ui/text.h"
#include "wasm-widget/ui/theme.h"

struct ImFontAtlas;

namespace alcove::ui {

// A piece of a line in the atlas. Its top left pixel is drawn `origin_x` left of the piece's origin and `kBleed` above
// its box.
struct LineImage {
  int rect = -1;  // of the atlas; -1: nothing to draw
  int width = 0;
  int height = 0;
  float origin_x = 0;
  uint64_t used_in = 0;
};

class TextCache {
 public:
  // Room above and below a line's box, for accents and emoji that are taller than it.
  static constexpr int kBleed = 3;
  // Layouts kept beyond those of the last frame: about 1 MB.
  static constexpr size_t kLayoutsMax = 2000;

  TextCache(TextEngine& engine, ImFontAtlas& atlas) : engine_(engine), atlas_(atlas) {}

  // Starts a frame. `budget_pixels` bounds what lines out of sight may hold of the atlas.
  void Begin(float device_pixel_ratio, int budget_pixels);

  // `width_max` in physical pixels. The reference lives until the next Begin.
  const TextLayout& Layout(std::string_view text, const TextStyle& style, float width_max, int lines_max);
  // The same of a text in Markdown.
  const TextLayout& LayoutMarked(std::string_view source, const TextStyle& style, float width_max);
  // The piece of `text` in the atlas, rasterised if it is not there. The reference lives until the next call.
  const LineImage& Image(std::string_view text, const Piece& piece, const TextStyle& style, Color color);

  void Clear();

  int lines() const { return static_cast<int>(images_.size()); }
  int pixels() const { return pixels_; }
  int layouts() const { return static_cast<int>(layouts_.size()); }
  int rasterised_in_frame() const { return rasterised_in_frame_; }

 private:
  struct KeptLayout {
    TextLayout layout;
    uint64_t used_in = 0;
  };

  Font FontOf(const TextStyle& style) const { return {style.size * ratio_, style.weight}; }
  // The layout of a text, which `make` lays out if it is not there.
  const TextLayout& Kept(uint64_t key, const TextStyle& style, float width_max, FunctionRef<void(TextLayout&)> make);
  void CutToLines(TextLayout& layout, const Font& font, float width_max, int lines_max);
  void MakeRoom();
  void Release(const LineImage& image);

  TextEngine& engine_;
  ImFontAtlas& atlas_;
  float ratio_ = 1;
  int budget_pixels_ = 0;
  uint64_t frame_ = 0;
  int pixels_ = 0;
  int rasterised_in_frame_ = 0;
  std::unordered_map<uint64_t, KeptLayout> layouts_;
  std::unordered_map<uint64_t, LineImage> images_;
};

}  // namespace alcove::ui
