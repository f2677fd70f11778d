// Avatars, chips, badges, bubbles, banners: what the faces are made of besides controls.
#include <algorithm>
#include <cmath>
#include <string>

#include "wasm-widget/ui/hash.h"
#include "wasm-widget/ui/painter.h"
#include "wasm-widget/ui/ui.h"

namespace alcove::ui {

namespace {

constexpr float kBubblePaddingX = 13;
constexpr float kBubblePaddingY = 9;
constexpr float kBubbleRadius = 16;
constexpr float kTailRadius = 5;

constexpr Color kAvatarColors[] = {Color::Hex(0x7b5bea), Color::Hex(0xc9512f), Color::Hex(0x12805c),
                                   Color::Hex(0x2f5bea), Color::Hex(0xb0307e), Color::Hex(0x6d7486),
                                   Color::Hex(0x9a5b00), Color::Hex(0x0b7a8f)};

size_t CharacterBytes(char first) {
  const auto byte = static_cast<uint8_t>(first);
  return byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

// First letters of the first and last word; one for a name in one word, and for ideographs, which are wide.
std::string Initials(std::string_view name) {
  const auto letter = [](std::string_view word) {
    std::string first(word.substr(0, CharacterBytes(word.front())));
    if (first.size() == 1 && first[0] >= 'a' && first[0] <= 'z') first[0] = static_cast<char>(first[0] - 'a' + 'A');
    return first;
  };
  while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
  while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
  if (name.empty()) return "?";
  std::string initials = letter(name);
  const size_t space = name.rfind(' ');
  if (space == std::string_view::npos || initials.size() > 2) return initials;
  const std::string_view last = name.substr(space + 1);
  // "Visitor 4821" is V, not V4.
  if (last.front() >= '0' && last.front() <= '9') return initials;
  return initials + letter(last);
}

Color ToneColor(Tone tone, const Theme& theme) {
  switch (tone) {
    case Tone::kGood:
      return theme.good;
    case Tone::kWarn:
      return theme.warn;
    case Tone::kBad:
      return theme.bad;
    case Tone::kAccent:
      return theme.accent;
    case Tone::kNeutral:
      break;
  }
  return theme.ink_soft;
}

}  // namespace

void Ui::Avatar(float x, float y, std::string_view name, const AvatarOptions& options) {
  const float radius = options.size / 2;
  const Rect rect = {x, y, options.size, options.size};
  if (!Drawing(rect)) return;
  const Color ring = options.ring.alpha == 0 ? theme_.bg : options.ring;
  if (options.outlined) Circle(x + radius, y + radius, radius + 2, ring);
  Circle(x + radius, y + radius, radius, kAvatarColors[(HashBytes(name) >> 40) % std::size(kAvatarColors)]);
  const TextStyle style = {std::round(options.size * 0.36f), std::round(options.size * 0.5f), 600};
  Label(rect, Initials(name), {.style = style, .color = kWhite, .align = Align::kCenter, .silent = true});
  if (!options.online) return;
  const float dot = std::round(options.size * 0.28f) / 2;
  Circle(rect.right() + 1 - dot, rect.bottom() + 1 - dot, dot + 2, ring);
  Circle(rect.right() + 1 - dot, rect.bottom() + 1 - dot, dot, theme_.online);
}

float Ui::ChipWidth(std::string_view text) { return std::ceil(Measure(text, kTextXs).width + 16); }

float Ui::Chip(float x, float y, std::string_view text, Tone tone) {
  const Rect rect = {x, y, ChipWidth(text), kChipHeight};
  Tint tint = TintOf(ToneColor(tone, theme_), theme_);
  if (tone == Tone::kNeutral) tint = {theme_.bg_sunken, theme_.line, theme_.ink_soft};
  Fill(rect, tint.fill, kRadiusS);
  Border(rect, tint.line, kRadiusS);
  Label(rect, text, {.style = kTextXs, .color = tint.ink, .align = Align::kCenter});
  return rect.width;
}

float Ui::Badge(float right, float y, int count, Tone tone) {
  if (count <= 0) return 0;
  const std::string text = count > 99 ? "99+" : std::to_string(count);
  const TextStyle style = kTextXs.Bold();
  const float height = 18;
  const float width = std::max(height, Measure(text, style).width + 12);
  const Rect rect = {right - width, y - height / 2, width, height};
  Fill(rect, tone == Tone::kAccent ? theme_.accent : ToneColor(tone, theme_), kRadiusFull);
  Label(rect, text,
        {.style = style,
         .color = tone == Tone::kAccent ? theme_.accent_ink : theme_.bg,
         .align = Align::kCenter,
         .silent = !silent_});
  return width;
}

float Ui::BubbleHeight(std::string_view text, const BubbleOptions& options) {
  return MeasureMarked(text, kTextM, options.width_max - 2 * kBubblePaddingX).height + 2 * kBubblePaddingY;
}

Rect Ui::Bubble(const Rect& row, std::string_view text, const BubbleOptions& options) {
  const float width_max = std::min(options.width_max, row.width);
  const Size size = MeasureMarked(text, kTextM, width_max - 2 * kBubblePaddingX);
  Rect rect = {row.x, row.y, size.width + 2 * kBubblePaddingX, size.height + 2 * kBubblePaddingY};
  const bool is_theirs = options.side == BubbleSide::kThem || options.side == BubbleSide::kTheirNote;
  const bool is_note = options.side == BubbleSide::kNote || options.side == BubbleSide::kTheirNote;
  if (!is_theirs) rect.x = row.right() - rect.width;

  Color ink = theme_.ink;
  if (Drawing(rect)) {
    Corners corners = kBubbleRadius;
    if (options.last_of_group && options.side == BubbleSide::kThem) corners.bottom_left = kTailRadius;
    if (options.last_of_group && options.side == BubbleSide::kMe) corners.bottom_right = kTailRadius;
    switch (options.side) {
      case BubbleSide::kThem:
        Fill(rect, theme_.bubble_them, corners);
        break;
      case BubbleSide::kMe:
        Fill(rect, theme_.bg.Mix(theme_.bubble_me, options.opacity), corners);
        break;
      case BubbleSide::kNote:
      case BubbleSide::kTheirNote:
        Fill(rect, theme_.note, corners);
        DashedBorder(rect, theme_.note_line, kBubbleRadius);
        break;
    }
    // A shade of the background is too little for them to tell where it ends.
    if (input_.high_contrast && !is_note) Border(rect, theme_.line_strong, corners);
  }
  if (options.side == BubbleSide::kMe) ink = theme_.accent_ink;
  if (is_note) ink = theme_.note_ink;
  const Color link = options.side == BubbleSide::kThem ? Readable(theme_.accent, theme_.bubble_them, theme_.ink) : ink;
  const Rect inner = {rect.x + kBubblePaddingX, rect.y + kBubblePaddingY, size.width, size.height};
  // As wide as it was measured: the wrapping must come out the same.
  Paragraph(inner, text,
            {.color = ink,
             .align = Align::kText,
             .spoken_before = options.spoken_before,
             .is_news = options.is_news,
             .markdown = true,
             .link = link});
  return rect;
}

Rect Ui::TypingDots(const Rect& row, std::string_view label) {
  const Rect rect = {row.x, row.y, 56, 34};
  if (measuring_) return rect;
  const int index = Emit(MakeId(Role::kStatus, label), Role::kStatus, rect, label);
  if (index >= 0) nodes_.back().dots = true;
  Fill(rect, theme_.bubble_them, Corners(kBubbleRadius, kBubbleRadius, kBubbleRadius, kTailRadius));
  return rect;
}

bool Ui::Banner(const Rect& rect, std::string_view text, Tone tone, std::string_view action) {
  const Tint tint = TintOf(ToneColor(tone, theme_), theme_);
  Fill(rect, tint.fill);
  Rect inner = rect.Inset(16, 0);
  bool asked = false;
  if (!action.empty()) {
    const ButtonOptions options = {.kind = ButtonKind::kLink};
    const Rect place = inner.CutRight(ButtonWidth(action, options));
    asked = Button(place.Centered(place.width, 28), action, options);
    inner.CutRight(8);
  }
  const Role role = tone == Tone::kBad ? Role::kAlert : Role::kStatus;
  if (!measuring_) Emit(MakeId(role, text), role, inner, text);
  Label(inner, text, {.style = kTextS.Medium(), .color = tint.ink, .align = Align::kCenter, .silent = true});
  return asked;
}

void Ui::Toast(const Rect& area, std::string_view text) {
  const float width = std::min(area.width - 32, Measure(text, kTextM).width + 32);
  const Rect rect = {area.center_x() - width / 2, area.bottom() - 16 - 40, width, 40};
  Cover(rect);
  ShadowPanel(rect);
  Fill(rect, theme_.ink, kRadiusM);
  if (!measuring_) Emit(MakeId(Role::kStatus, text), Role::kStatus, rect, text);
  Label(rect.Inset(16, 0), text, {.color = theme_.bg, .align = Align::kCenter, .silent = true});
}

}  // namespace alcove::ui
