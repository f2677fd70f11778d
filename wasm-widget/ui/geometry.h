// Rectangles and colours. Every length of the toolkit is in CSS pixels; the
// Ui snaps to physical pixels when it draws.
#pragma once

#include <algorithm>
#include <cstdint>

namespace alcove::ui {

struct Size {
  float width = 0;
  float height = 0;
};

struct Point {
  float x = 0;
  float y = 0;
};

// A face lays itself out by cutting strips off a rectangle:
//
//   Rect rest = ui.Screen();
//   const Rect header = rest.CutTop(64);
//   const Rect composer = rest.CutBottom(61);
//   DrawLog(ui, rest);
//
// A cut never gives more than there is: sizes do not become negative.
struct Rect {
  float x = 0;
  float y = 0;
  float width = 0;
  float height = 0;

  float right() const { return x + width; }
  float bottom() const { return y + height; }
  float center_x() const { return x + width / 2; }
  float center_y() const { return y + height / 2; }

  Rect CutTop(float amount) {
    const Rect cut = {x, y, width, Take(height, amount)};
    y += cut.height;
    return cut;
  }
  Rect CutBottom(float amount) {
    const float cut = Take(height, amount);
    return {x, bottom(), width, cut};
  }
  Rect CutLeft(float amount) {
    const Rect cut = {x, y, Take(width, amount), height};
    x += cut.width;
    return cut;
  }
  Rect CutRight(float amount) {
    const float cut = Take(width, amount);
    return {right(), y, cut, height};
  }

  Rect Inset(float horizontal, float vertical) const {
    const float w = std::max(0.0f, width - 2 * horizontal);
    const float h = std::max(0.0f, height - 2 * vertical);
    return {x + horizontal, y + vertical, w, h};
  }
  Rect Inset(float all) const { return Inset(all, all); }
  Rect Offset(float dx, float dy) const { return {x + dx, y + dy, width, height}; }
  // As it lies in a mirror of this width.
  Rect Mirrored(float screen_width) const { return {screen_width - right(), y, width, height}; }
  // A rectangle of this size in the middle of this one.
  Rect Centered(float w, float h) const { return {center_x() - w / 2, center_y() - h / 2, w, h}; }
  Rect Centered(Size size) const { return Centered(size.width, size.height); }

  bool Overlaps(const Rect& other) const {
    return x < other.right() && other.x < right() && y < other.bottom() && other.y < bottom();
  }
  bool empty() const { return width <= 0 || height <= 0; }
  friend bool operator==(const Rect&, const Rect&) = default;

 private:
  // Takes as much of `length` as there is, `amount` at the most.
  static float Take(float& length, float amount) {
    amount = std::clamp(amount, 0.0f, length);
    length -= amount;
    return amount;
  }
};

// Places in a column, one after the other in rows that wrap: chips, buttons, cards.
//
//   Flow flow(rest, 8);
//   for (...) ui.Chip(flow.Next({width, 20}));
//   rest.CutTop(flow.height());
class Flow {
 public:
  // `gap` is between neighbours and between rows.
  Flow(const Rect& column, float gap) : column_(column), gap_(gap), x_(column.x), y_(column.y) {}

  // What is wider than the column is cut to it.
  Rect Next(Size size) {
    size.width = std::min(size.width, column_.width);
    if (x_ > column_.x && x_ + size.width > column_.right()) {
      x_ = column_.x;
      y_ += row_ + gap_;
      row_ = 0;
    }
    const Rect place = {x_, y_, size.width, size.height};
    x_ += size.width + gap_;
    row_ = std::max(row_, size.height);
    return place;
  }
  float height() const { return y_ - column_.y + row_; }

 private:
  Rect column_;
  float gap_;
  float x_;
  float y_;
  float row_ = 0;  // the highest of this row
};

// Radii of a rounded rectangle, from the top left clockwise.
struct Corners {
  float top_left = 0;
  float top_right = 0;
  float bottom_right = 0;
  float bottom_left = 0;
  constexpr Corners() = default;
  constexpr Corners(float all) : top_left(all), top_right(all), bottom_right(all), bottom_left(all) {}  // NOLINT
  constexpr Corners(float tl, float tr, float br, float bl)
      : top_left(tl), top_right(tr), bottom_right(br), bottom_left(bl) {}
  constexpr Corners Mirrored() const { return {top_right, top_left, bottom_left, bottom_right}; }
};

// Straight (not premultiplied) sRGB.
struct Color {
  uint8_t red = 0;
  uint8_t green = 0;
  uint8_t blue = 0;
  uint8_t alpha = 255;

  // 0xRRGGBB, as tokens.css writes it.
  static constexpr Color Hex(uint32_t rgb) {
    return {static_cast<uint8_t>(rgb >> 16), static_cast<uint8_t>(rgb >> 8), static_cast<uint8_t>(rgb), 255};
  }
  constexpr Color WithAlpha(float opacity) const {
    return {red, green, blue, static_cast<uint8_t>(opacity * 255 + 0.5f)};
  }
  // This colour, `amount` (0 to 1) of the way to `other`.
  constexpr Color Mix(Color other, float amount) const {
    const auto mix = [amount](uint8_t a, uint8_t b) {
      return static_cast<uint8_t>(static_cast<float>(a) + (static_cast<float>(b) - static_cast<float>(a)) * amount +
                                  0.5f);
    };
    return {mix(red, other.red), mix(green, other.green), mix(blue, other.blue), mix(alpha, other.alpha)};
  }
  friend bool operator==(const Color&, const Color&) = default;
};

inline constexpr Color kWhite = {255, 255, 255, 255};

}  // namespace alcove::ui
