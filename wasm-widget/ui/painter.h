// Draws shapes and lines of text into ImGui's draw list: takes CSS pixels, snaps
// to physical ones, and mirrors the shapes where the screen is read from the right.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "wasm-widget/ui/geometry.h"
#include "wasm-widget/ui/icons.h"
#include "wasm-widget/ui/pictures.h"
#include "wasm-widget/ui/text_cache.h"
#include "wasm-widget/ui/ui.h"

struct ImDrawData;

namespace alcove::ui {

class Canvas;

class Painter {
 public:
  explicit Painter(TextEngine& engine);
  ~Painter();
  Painter(const Painter&) = delete;
  Painter& operator=(const Painter&) = delete;

  void Begin(const FrameInput& input);
  void End();

  // CSS pixels to physical ones.
  float Physical(float css) const;
  float Css(float physical) const { return physical / ratio_; }

  void PushClip(const Rect& rect);
  void PopClip();
  bool Visible(const Rect& rect) const { return rect.Overlaps(clips_.back()); }

  void Fill(const Rect& rect, Color color, const Corners& corners);
  void FillGradient(const Rect& rect, Color from, Color to, Ui::Direction direction, const Corners& corners);
  void Border(const Rect& rect, Color color, const Corners& corners, float width);
  void DashedBorder(const Rect& rect, Color color, float radius);
  void Shadow(const Rect& rect, float blur, float offset_y, Color color);
  void Circle(float x, float y, float radius, Color color);
  // Joined by straight lines; the area between them and `bottom`.
  void Polyline(std::span<const Point> points, Color color, float width);
  void FillBelow(std::span<const Point> points, float bottom, Color color);
  void DrawIcon(const Rect& rect, Icon icon, Color color, float size);
  // A piece of `text` in a line whose box starts at this physical place.
  void DrawPiece(std::string_view text, const Piece& piece, const TextStyle& style, Color color, float physical_x,
                 float physical_y);

  // The picture at `url`, stretched over `rect`; false where the atlas has no room. REQUIRES: it is ready.
  bool DrawPicture(const Rect& rect, Pictures& pictures, std::string_view url, float radius);

  const ImDrawData& data() const;
  // The renderer forgot its textures: they are created again.
  void OnContextLost();

  TextCache& texts() { return texts_; }
  const TextCache& texts() const { return texts_; }
  // Icons and the shadow are drawn anew when the density changed.
  void ForgetImages();

 private:
  struct IconImage {
    Icon icon;
    int size;
    int rect;
  };

  // Where it is on the screen, which may be mirrored.
  Rect Placed(const Rect& rect) const { return mirrored_ ? rect.Mirrored(width_) : rect; }
  float Placed(float x) const { return mirrored_ ? width_ - x : x; }
  // A picture in the atlas at the size it is drawn in.
  struct PictureImage {
    uint64_t key;
    int rect;
    int pixels;
    uint64_t used_in;
  };

  void Path(const Rect& rect, const Corners& corners, float inset);
  void MakeRoomForPictures();
  int ShadowImage();
  int ImageOf(Icon icon, int size);

  TextEngine& engine_;
  std::unique_ptr<Canvas> canvas_;
  TextCache texts_;
  float ratio_ = 1;
  float width_ = 0;  // of the screen
  bool mirrored_ = false;
  std::vector<Rect> clips_;
  std::vector<IconImage> icons_;
  std::vector<PictureImage> pictures_;
  uint64_t frame_ = 0;
  int shadow_ = -1;
};

}  // namespace alcove::ui
