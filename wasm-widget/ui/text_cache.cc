#include "wasm-widget/ui/text_cache.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "imgui.h"
#include "wasm-widget/ui/hash.h"

namespace alcove::ui {

namespace {

constexpr std::string_view kEllipsis = "…";

// The widest line that is rasterised: the largest texture that every WebGL has is 4096.
constexpr int kLineWidthMax = 4000;

uint64_t HashStyle(const TextStyle& style, uint64_t hash) {
  hash = HashNumber(static_cast<uint64_t>(style.size * 64), hash);
  hash = HashNumber(static_cast<uint64_t>(style.line * 64), hash);
  return HashNumber(static_cast<uint64_t>(style.weight), hash);
}

bool IsContinuation(char c) { return (static_cast<uint8_t>(c) & 0xc0) == 0x80; }

uint32_t DecodeAt(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) {
    return i < text.size() ? static_cast<uint32_t>(static_cast<uint8_t>(text[i])) : 0u;
  };
  const uint32_t first = byte(at);
  if (first < 0x80) return first;
  if (first < 0xe0) return (first & 0x1f) << 6 | (byte(at + 1) & 0x3f);
  if (first < 0xf0) return (first & 0xf) << 12 | (byte(at + 1) & 0x3f) << 6 | (byte(at + 2) & 0x3f);
  return (first & 7) << 18 | (byte(at + 1) & 0x3f) << 12 | (byte(at + 2) & 0x3f) << 6 | (byte(at + 3) & 0x3f);
}

// Whether the code point belongs to the character before it, so that no cut may come between them.
bool Joins(uint32_t c) {
  return (c >= 0x300 && c <= 0x36f) || c == 0x200d || (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0x1f3fb && c <= 0x1f3ff);
}

// The byte offsets where `text` can be cut, from 0 on, without the end of it.
std::vector<size_t> Cuts(std::string_view text) {
  std::vector<size_t> cuts;
  bool after_joiner = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (IsContinuation(text[i])) continue;
    const uint32_t c = DecodeAt(text, i);
    if (!Joins(c) && !after_joiner) cuts.push_back(i);
    after_joiner = c == 0x200d;
  }
  if (cuts.empty()) cuts.push_back(0);
  return cuts;
}

}  // namespace

void TextCache::Begin(float device_pixel_ratio, int budget_pixels) {
  if (ratio_ != device_pixel_ratio) Clear();
  ratio_ = device_pixel_ratio;
  budget_pixels_ = budget_pixels;
  ++frame_;
  rasterised_in_frame_ = 0;
  if (layouts_.size() > kLayoutsMax) {
    std::erase_if(layouts_, [this](const auto& kept) { return kept.second.used_in + 1 < frame_; });
  }
}

const TextLayout& TextCache::Layout(std::string_view text, const TextStyle& style, float width_max, int lines_max) {
  const uint64_t key = HashNumber(static_cast<uint64_t>(lines_max), HashBytes(text));
  return Kept(key, style, width_max, [&](TextLayout& layout) {
    layout.text = text;
    const Font font = FontOf(style);
    layout.lines = engine_.Layout(text, {}, font, width_max);
    if (lines_max > 0) CutToLines(layout, font, width_max, lines_max);
  });
}

const TextLayout& TextCache::LayoutMarked(std::string_view source, const TextStyle& style, float width_max) {
  constexpr uint64_t kIsMarked = 1ull << 32;  // no number of lines
  return Kept(HashNumber(kIsMarked, HashBytes(source)), style, width_max, [&](TextLayout& layout) {
    static_cast<Marked&>(layout) = ParseMarkdown(source);
    layout.lines = engine_.Layout(layout.text, layout.runs, FontOf(style), width_max);
  });
}

const TextLayout& TextCache::Kept(uint64_t key, const TextStyle& style, float width_max,
                                  FunctionRef<void(TextLayout&)> make) {
  key = HashNumber(static_cast<uint64_t>(width_max), HashStyle(style, key));
  KeptLayout& kept = layouts_[key];
  if (kept.used_in == 0) {
    TextLayout& layout = kept.layout;
    make(layout);
    layout.line_height = std::round(style.line * ratio_);
    for (const Line& line : layout.lines) layout.width = std::max(layout.width, line.indent + line.width);
  }
  kept.used_in = frame_;
  return kept.layout;
}

void TextCache::CutToLines(TextLayout& layout, const Font& font, float width_max, int lines_max) {
  const auto count = static_cast<size_t>(lines_max);
  const bool too_many = layout.lines.size() > count;
  const bool too_wide = layout.lines.size() == count && layout.lines.back().width > width_max;
  if (!too_many && !too_wide) return;

  const uint32_t begin = layout.lines[count - 1].begin;
  std::string_view rest = std::string_view(layout.text).substr(begin);
  rest = rest.substr(0, rest.find('\n'));
  const auto cut_line = [&](size_t bytes) { return std::string(rest.substr(0, bytes)) + std::string(kEllipsis); };

  // The longest start that fits with the ellipsis, by halving.
  const std::vector<size_t> cuts = Cuts(rest);
  const auto first_over = std::partition_point(cuts.begin() + 1, cuts.end(), [&](size_t cut) {
    return engine_.Layout(cut_line(cut), {}, font, 1e9f).front().width <= width_max;
  });
  size_t fits = *std::prev(first_over);
  while (fits > 0 && rest[fits - 1] == ' ') --fits;

  std::string line = cut_line(fits);
  Line metrics = engine_.Layout(line, {}, font, 1e9f).front();
  metrics.begin = begin;
  metrics.end = begin + static_cast<uint32_t>(line.size());
  for (Piece& piece : metrics.pieces) {
    piece.begin += begin;
    piece.end += begin;
  }
  layout.text.resize(begin);
  layout.text += line;
  layout.lines.resize(count);
  layout.lines.back() = std::move(metrics);
}

const LineImage& TextCache::Image(std::string_view text, const Piece& piece, const TextStyle& style, Color color) {
  const std::string_view drawn = text.substr(piece.begin, piece.end - piece.begin);
  uint64_t key = HashStyle(style, HashBytes(drawn));
  key = HashNumber(static_cast<uint64_t>(color.red) << 16 | static_cast<uint64_t>(color.green) << 8 | color.blue, key);
  const uint32_t look = piece.look & (kLookBold | kLookItalic | kLookCode);
  key = HashNumber(look << 1 | (piece.right_to_left ? 1 : 0), key);
  LineImage& image = images_[key];
  const bool is_new = image.used_in == 0;
  image.used_in = frame_;
  if (!is_new || drawn.empty()) return image;

  if (pixels_ > budget_pixels_) MakeRoom();
  Font font = FontOf(style);
  const float line_height = std::round(style.line * ratio_);
  // What looks otherwise stands on the same line.
  const float baseline = kBleed + engine_.Baseline(font, line_height);
  font.look = look;
  image.origin_x = std::ceil(std::max(0.0f, piece.ink_left)) + 1;
  const float reach = std::max(piece.ink_right, piece.width);
  image.width = std::min(kLineWidthMax, static_cast<int>(image.origin_x + std::ceil(reach)) + 1);
  image.height = static_cast<int>(line_height) + 2 * kBleed;

  ImFontAtlasRect rect;
  image.rect = atlas_.AddCustomRect(image.width, image.height, &rect);
  if (image.rect == ImFontAtlasRectId_Invalid) return image;
  ImTextureData& texture = *atlas_.TexData;
  texture.UseColors = true;
  const Pixels pixels = {static_cast<uint8_t*>(texture.GetPixelsAt(rect.x, rect.y)), image.width, image.height,
                         texture.GetPitch()};
  engine_.Rasterise(drawn, font, piece.right_to_left, color, image.origin_x, baseline, pixels);
  pixels_ += image.width * image.height;
  ++rasterised_in_frame_;
  return image;
}

// Lines of this frame and the last stay, whatever the budget: they are on the screen.
void TextCache::MakeRoom() {
  std::vector<std::pair<uint64_t, uint64_t>> by_age;  // used_in, key
  for (const auto& [key, image] : images_) {
    if (image.used_in + 1 < frame_) by_age.emplace_back(image.used_in, key);
  }
  // A quarter at a time, so that scrolling does not look at all of them for every line.
  const int target = budget_pixels_ / 4 * 3;
  // A heap, of which the oldest is the top: std::sort would be 425 bytes more of the download.
  const std::greater<> newer;
  std::make_heap(by_age.begin(), by_age.end(), newer);
  while (pixels_ > target && !by_age.empty()) {
    std::pop_heap(by_age.begin(), by_age.end(), newer);
    const auto oldest = images_.find(by_age.back().second);
    Release(oldest->second);
    images_.erase(oldest);
    by_age.pop_back();
  }
}

void TextCache::Release(const LineImage& image) {
  if (image.rect < 0) return;
  atlas_.RemoveCustomRect(image.rect);
  pixels_ -= image.width * image.height;
}

void TextCache::Clear() {
  for (const auto& [key, image] : images_) Release(image);
  images_.clear();
  layouts_.clear();
}

}  // namespace alcove::ui
