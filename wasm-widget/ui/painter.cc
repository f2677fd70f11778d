#include "wasm-widget/ui/painter.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "wasm-widget/ui/canvas.h"
#include "wasm-widget/ui/hash.h"

namespace alcove::ui {

namespace {

constexpr int kShadowSize = 64;

// A picture is never drawn larger than a screen's, and those out of sight hold 6 MB of the atlas at the most.
constexpr int kPictureSizeMax = 2048;
constexpr int kPicturePixelsMax = 1500000;

ImU32 Pack(Color color) { return IM_COL32(color.red, color.green, color.blue, color.alpha); }

}  // namespace

Painter::Painter(TextEngine& engine)
    : engine_(engine), canvas_(std::make_unique<Canvas>()), texts_(engine, canvas_->atlas()) {}

Painter::~Painter() = default;

void Painter::Begin(const FrameInput& input) {
  if (ratio_ != input.device_pixel_ratio) ForgetImages();
  ratio_ = input.device_pixel_ratio;
  width_ = input.width;
  mirrored_ = input.right_to_left;
  const float width = Physical(input.width);
  const float height = Physical(input.height);
  // The text that fills a screen covers less than half of it: one screen's worth
  // keeps what was just scrolled away, and 1.2 million pixels serve a small widget.
  texts_.Begin(ratio_, static_cast<int>(std::clamp(width * height, 1.2e6f, 6e6f)));
  ++frame_;
  canvas_->Begin(width, height);
  clips_.assign(1, Rect{0, 0, input.width, input.height});
}

void Painter::End() { canvas_->End(); }

const ImDrawData& Painter::data() const { return canvas_->data(); }

void Painter::OnContextLost() {
  for (ImTextureData* texture : canvas_->atlas().TexList) {
    texture->SetTexID(ImTextureID_Invalid);
    texture->SetStatus(ImTextureStatus_WantCreate);
  }
}

float Painter::Physical(float css) const { return std::round(css * ratio_); }

void Painter::PushClip(const Rect& rect) {
  Rect clip = clips_.back();
  const float x = std::max(clip.x, rect.x);
  const float y = std::max(clip.y, rect.y);
  clip = {x, y, std::min(clip.right(), rect.right()) - x, std::min(clip.bottom(), rect.bottom()) - y};
  clips_.push_back(clip);
  const Rect placed = Placed(rect);
  canvas_->list().PushClipRect(ImVec2(Physical(placed.x), Physical(placed.y)),
                               ImVec2(Physical(placed.right()), Physical(placed.bottom())), true);
}

void Painter::PopClip() {
  clips_.pop_back();
  canvas_->list().PopClipRect();
}

// The outline of a rounded rectangle, `inset` physical pixels inside it.
void Painter::Path(const Rect& wanted, const Corners& wanted_corners, float inset) {
  const Rect rect = Placed(wanted);
  const Corners corners = mirrored_ ? wanted_corners.Mirrored() : wanted_corners;
  const float left = Physical(rect.x) + inset;
  const float top = Physical(rect.y) + inset;
  const float right = Physical(rect.right()) - inset;
  const float bottom = Physical(rect.bottom()) - inset;
  const float radius_max = std::max(0.0f, std::min(right - left, bottom - top) / 2);
  const auto corner = [&](float radius, float x_sign, float y_sign, float x, float y, int from) {
    const float r = std::clamp(radius * ratio_ - inset, 0.0f, radius_max);
    canvas_->list().PathArcToFast(ImVec2(x + x_sign * r, y + y_sign * r), r, from, from + 3);
  };
  corner(corners.top_left, 1, 1, left, top, 6);
  corner(corners.top_right, -1, 1, right, top, 9);
  corner(corners.bottom_right, -1, -1, right, bottom, 0);
  corner(corners.bottom_left, 1, -1, left, bottom, 3);

  // Where two arcs meet their points coincide, and a stroke has no direction there.
  ImVector<ImVec2>& path = canvas_->list()._Path;
  const auto same = [](const ImVec2& a, const ImVec2& b) { return std::abs(a.x - b.x) + std::abs(a.y - b.y) < 0.01f; };
  const ImVec2* end = std::unique(path.begin(), path.end(), same);
  path.resize(static_cast<int>(end - path.begin()));
  if (path.Size > 1 && same(path.front(), path.back())) path.pop_back();
}

void Painter::Fill(const Rect& rect, Color color, const Corners& corners) {
  if (!Visible(rect) || color.alpha == 0) return;
  if (corners.top_left + corners.top_right + corners.bottom_right + corners.bottom_left == 0) {
    const Rect placed = Placed(rect);
    canvas_->list().AddRectFilled(ImVec2(Physical(placed.x), Physical(placed.y)),
                                  ImVec2(Physical(placed.right()), Physical(placed.bottom())), Pack(color));
    return;
  }
  Path(rect, corners, 0);
  canvas_->list().PathFillConvex(Pack(color));
}

void Painter::FillGradient(const Rect& rect, Color from, Color to, Ui::Direction direction, const Corners& corners) {
  if (!Visible(rect)) return;
  const int first = canvas_->list().VtxBuffer.Size;
  Path(rect, corners, 0);
  canvas_->list().PathFillConvex(Pack(kWhite));
  const Rect placed = Placed(rect);
  ImVec2 start(Physical(placed.x), Physical(placed.y));
  ImVec2 end(Physical(placed.right()), Physical(placed.bottom()));
  if (mirrored_) std::swap(start.x, end.x);
  if (direction == Ui::Direction::kHorizontal) end.y = start.y;
  if (direction == Ui::Direction::kVertical) end.x = start.x;
  ImGui::ShadeVertsLinearColorGradientKeepAlpha(&canvas_->list(), first, canvas_->list().VtxBuffer.Size, start, end,
                                                Pack(from), Pack(to));
}

void Painter::Border(const Rect& rect, Color color, const Corners& corners, float width) {
  if (!Visible(rect)) return;
  const float thickness = std::max(1.0f, Physical(width));
  Path(rect, corners, thickness / 2);
  canvas_->list().PathStroke(Pack(color), ImDrawFlags_Closed, thickness);
}

void Painter::DashedBorder(const Rect& rect, Color color, float radius) {
  if (!Visible(rect)) return;
  Path(rect, radius, 0.5f);
  ImVector<ImVec2> path;
  path.swap(canvas_->list()._Path);
  path.push_back(path[0]);
  const float dash = Physical(4);
  const float gap = Physical(3);
  bool drawing = true;
  float left = dash;
  for (int i = 1; i < path.Size; ++i) {
    ImVec2 at = path[i - 1];
    const ImVec2 to = path[i];
    float length = std::sqrt((to.x - at.x) * (to.x - at.x) + (to.y - at.y) * (to.y - at.y));
    while (length > 0) {
      const float step = std::min(length, left);
      const ImVec2 next(at.x + (to.x - at.x) * step / length, at.y + (to.y - at.y) * step / length);
      if (drawing) canvas_->list().AddLine(at, next, Pack(color), std::max(1.0f, Physical(1)));
      at = next;
      length -= step;
      left -= step;
      if (left <= 0) {
        drawing = !drawing;
        left = drawing ? dash : gap;
      }
    }
  }
}

// A soft disc, stretched as nine parts over what casts the shadow.
int Painter::ShadowImage() {
  if (shadow_ >= 0) return shadow_;
  ImFontAtlas& atlas = canvas_->atlas();
  ImFontAtlasRect rect;
  shadow_ = atlas.AddCustomRect(kShadowSize, kShadowSize, &rect);
  if (shadow_ < 0) return shadow_;
  const float center = kShadowSize / 2.0f;
  for (int y = 0; y < kShadowSize; ++y) {
    auto* row = static_cast<ImU32*>(atlas.TexData->GetPixelsAt(rect.x, rect.y + y));
    for (int x = 0; x < kShadowSize; ++x) {
      const float dx = static_cast<float>(x) + 0.5f - center;
      const float dy = static_cast<float>(y) + 0.5f - center;
      const float t = std::clamp(1 - std::sqrt(dx * dx + dy * dy) / center, 0.0f, 1.0f);
      row[x] = IM_COL32(255, 255, 255, static_cast<int>(t * t * (3 - 2 * t) * 255));
    }
  }
  return shadow_;
}

void Painter::Shadow(const Rect& rect, float blur, float offset_y, Color color) {
  Rect reach = {rect.x - blur, rect.y - blur + offset_y, rect.width + 2 * blur, rect.height + 2 * blur};
  if (!Visible(reach)) return;
  reach = Placed(reach);
  ImFontAtlas& atlas = canvas_->atlas();
  ImFontAtlasRect image;
  if (ShadowImage() < 0 || !atlas.GetCustomRect(shadow_, &image)) return;
  const ImVec2 a(Physical(reach.x), Physical(reach.y));
  const ImVec2 b(Physical(reach.right()), Physical(reach.bottom()));
  // As CSS blurs: half the colour at the edge of what casts it, all of it `blur` inside. What is smaller never reaches
  // all of it.
  const float edge = std::min(Physical(2 * blur), std::min(b.x - a.x, b.y - a.y) / 2);
  const auto peak = [blur](float length) {
    const float t = std::clamp(0.5f + length / (4 * blur), 0.0f, 1.0f);
    return 2 * t * t * (3 - 2 * t) - 1;
  };
  color = color.WithAlpha(static_cast<float>(color.alpha) / 255 * peak(rect.width) * peak(rect.height));
  const float u = (image.uv0.x + image.uv1.x) / 2;
  const float v = (image.uv0.y + image.uv1.y) / 2;
  const float xs[4] = {a.x, a.x + edge, b.x - edge, b.x};
  const float ys[4] = {a.y, a.y + edge, b.y - edge, b.y};
  // Half a texel inside, so that stretching does not fetch the neighbour's.
  const float du = atlas.TexUvScale.x / 2;
  const float dv = atlas.TexUvScale.y / 2;
  const float us[4] = {image.uv0.x + du, u, u, image.uv1.x - du};
  const float vs[4] = {image.uv0.y + dv, v, v, image.uv1.y - dv};
  for (int j = 0; j < 3; ++j) {
    for (int i = 0; i < 3; ++i) {
      canvas_->list().AddImage(atlas.TexRef, ImVec2(xs[i], ys[j]), ImVec2(xs[i + 1], ys[j + 1]), ImVec2(us[i], vs[j]),
                               ImVec2(us[i + 1], vs[j + 1]), Pack(color));
    }
  }
}

void Painter::Circle(float x, float y, float radius, Color color) {
  if (!Visible({x - radius, y - radius, 2 * radius, 2 * radius})) return;
  canvas_->list().AddCircleFilled(ImVec2(Placed(x) * ratio_, y * ratio_), radius * ratio_, Pack(color));
}

int Painter::ImageOf(Icon icon, int size) {
  for (const IconImage& image : icons_) {
    if (image.icon == icon && image.size == size) return image.rect;
  }
  ImFontAtlas& atlas = canvas_->atlas();
  ImFontAtlasRect rect;
  const int id = atlas.AddCustomRect(size, size, &rect);
  if (id < 0) return id;
  engine_.RasteriseIcon(
      PathOf(icon), kIconGrid, kIconStroke,
      {static_cast<uint8_t*>(atlas.TexData->GetPixelsAt(rect.x, rect.y)), size, size, atlas.TexData->GetPitch()});
  icons_.push_back({icon, size, id});
  return id;
}

void Painter::DrawIcon(const Rect& rect, Icon icon, Color color, float size) {
  const int pixels = static_cast<int>(Physical(size));
  if (icon == Icon::kNone || pixels <= 0 || !Visible(rect)) return;
  ImFontAtlas& atlas = canvas_->atlas();
  ImFontAtlasRect image;
  const int id = ImageOf(icon, pixels);
  if (id < 0 || !atlas.GetCustomRect(id, &image)) return;
  const float half = static_cast<float>(pixels) / 2;
  const Rect placed = Placed(rect);
  const ImVec2 a(std::floor(placed.center_x() * ratio_ - half), std::floor(placed.center_y() * ratio_ - half));
  const ImVec2 b(a.x + static_cast<float>(pixels), a.y + static_cast<float>(pixels));
  if (mirrored_ && PointsAlong(icon)) std::swap(image.uv0.x, image.uv1.x);
  canvas_->list().AddImage(atlas.TexRef, a, b, image.uv0, image.uv1, Pack(color));
}

void Painter::Polyline(std::span<const Point> points, Color color, float width) {
  for (const Point& point : points) {
    canvas_->list().PathLineTo(ImVec2(Placed(point.x) * ratio_, point.y * ratio_));
  }
  canvas_->list().PathStroke(Pack(color), 0, std::max(1.0f, width * ratio_));
}

void Painter::FillBelow(std::span<const Point> points, float bottom, Color color) {
  ImDrawList& list = canvas_->list();
  const ImDrawListFlags flags = list.Flags;
  // Neighbours share an edge: softened, it would be seen.
  list.Flags &= ~ImDrawListFlags_AntiAliasedFill;
  for (size_t i = 0; i + 1 < points.size(); ++i) {
    const Point& from = points[i];
    const Point& to = points[i + 1];
    const float x = Placed(from.x) * ratio_;
    const float next_x = Placed(to.x) * ratio_;
    list.AddQuadFilled(ImVec2(x, from.y * ratio_), ImVec2(next_x, to.y * ratio_), ImVec2(next_x, bottom * ratio_),
                       ImVec2(x, bottom * ratio_), Pack(color));
  }
  list.Flags = flags;
}

bool Painter::DrawPicture(const Rect& rect, Pictures& pictures, std::string_view url, float radius) {
  const Rect placed = Placed(rect);
  const ImVec2 a(Physical(placed.x), Physical(placed.y));
  const ImVec2 b(Physical(placed.right()), Physical(placed.bottom()));
  const int width = std::clamp(static_cast<int>(b.x - a.x), 1, kPictureSizeMax);
  const int height = std::clamp(static_cast<int>(b.y - a.y), 1, kPictureSizeMax);
  const uint64_t key = HashNumber(static_cast<uint64_t>(width) << 32 | static_cast<uint32_t>(height), HashBytes(url));
  ImFontAtlas& atlas = canvas_->atlas();
  auto image = std::find_if(pictures_.begin(), pictures_.end(), [key](const auto& kept) { return kept.key == key; });
  ImFontAtlasRect place;
  if (image == pictures_.end()) {
    MakeRoomForPictures();
    const int id = atlas.AddCustomRect(width, height, &place);
    if (id < 0) return false;
    atlas.TexData->UseColors = true;
    pictures.Rasterise(url, {static_cast<uint8_t*>(atlas.TexData->GetPixelsAt(place.x, place.y)), width, height,
                             atlas.TexData->GetPitch()});
    pictures_.push_back({key, id, width * height, frame_});
    image = pictures_.end() - 1;
  }
  image->used_in = frame_;
  if (!atlas.GetCustomRect(image->rect, &place)) return false;
  canvas_->list().AddImageRounded(atlas.TexRef, a, b, place.uv0, place.uv1, Pack(kWhite), radius * ratio_);
  return true;
}

// What is on the screen stays, whatever the bound.
void Painter::MakeRoomForPictures() {
  int pixels = 0;
  for (const PictureImage& image : pictures_) pixels += image.pixels;
  std::erase_if(pictures_, [&](const PictureImage& image) {
    if (pixels <= kPicturePixelsMax || image.used_in + 1 >= frame_) return false;
    pixels -= image.pixels;
    canvas_->atlas().RemoveCustomRect(image.rect);
    return true;
  });
}

void Painter::DrawPiece(std::string_view text, const Piece& piece, const TextStyle& style, Color color,
                        float physical_x, float physical_y) {
  const LineImage& image = texts_.Image(text, piece, style, color);
  ImFontAtlas& atlas = canvas_->atlas();
  ImFontAtlasRect rect;
  if (image.rect < 0 || !atlas.GetCustomRect(image.rect, &rect)) return;
  const ImVec2 a(std::floor(physical_x + piece.x) - image.origin_x, std::floor(physical_y) - TextCache::kBleed);
  const ImVec2 b(a.x + static_cast<float>(image.width), a.y + static_cast<float>(image.height));
  // The colour is in the pixels already, so that emoji keep theirs; only opacity is applied here.
  canvas_->list().AddImage(atlas.TexRef, a, b, rect.uv0, rect.uv1, IM_COL32(255, 255, 255, color.alpha));
}

void Painter::ForgetImages() {
  texts_.Clear();
  ImFontAtlas& atlas = canvas_->atlas();
  for (const IconImage& image : icons_) atlas.RemoveCustomRect(image.rect);
  icons_.clear();
  for (const PictureImage& image : pictures_) atlas.RemoveCustomRect(image.rect);
  pictures_.clear();
}

}  // namespace alcove::ui
