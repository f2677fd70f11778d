#include "wasm-widget/ui/theme.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace alcove::ui {

namespace {

constexpr Theme kLightTheme = {
    .accent = Color::Hex(0x2f5bea),
    .accent_ink = Color::Hex(0xffffff),
    .accent_soft = Color::Hex(0xe9eefe),
    .bg = Color::Hex(0xffffff),
    .bg_sunken = Color::Hex(0xf5f6f9),
    .bg_raised = Color::Hex(0xffffff),
    .ink = Color::Hex(0x12151f),
    .ink_soft = Color::Hex(0x5a6275),
    .ink_faint = Color::Hex(0x6b7386),
    .line = Color::Hex(0xe4e7ee),
    .line_strong = Color::Hex(0xcfd4df),
    .bubble_them = Color::Hex(0xf0f2f6),
    .bubble_me = Color::Hex(0x2f5bea),
    .note = Color::Hex(0xfff4d6),
    .note_ink = Color::Hex(0x6a4a00),
    .note_line = Color::Hex(0xe5c873),
    .good = Color::Hex(0x12805c),
    .warn = Color::Hex(0xb25e09),
    .bad = Color::Hex(0xc92a3e),
    .info = Color::Hex(0x2f5bea),
    .online = Color::Hex(0x23b07d),
    .off = Color::Hex(0x6b7386),
    .off_fill = Color::Hex(0xf5f6f9),
    .off_line = Color::Hex(0xe4e7ee),
};

constexpr Theme kDarkTheme = {
    .accent = Color::Hex(0x6b8cff),
    .accent_ink = Color::Hex(0x0b1020),
    .accent_soft = Color::Hex(0x1f2a4d),
    .bg = Color::Hex(0x14171f),
    .bg_sunken = Color::Hex(0x0e1117),
    .bg_raised = Color::Hex(0x1b1f2a),
    .ink = Color::Hex(0xeceff6),
    .ink_soft = Color::Hex(0xa3abbe),
    .ink_faint = Color::Hex(0x8089a0),
    .line = Color::Hex(0x272c39),
    .line_strong = Color::Hex(0x373e50),
    .bubble_them = Color::Hex(0x222734),
    .bubble_me = Color::Hex(0x6b8cff),
    .note = Color::Hex(0x3a2f10),
    .note_ink = Color::Hex(0xffd98a),
    .note_line = Color::Hex(0x6b5520),
    .good = Color::Hex(0x3ecf9b),
    .warn = Color::Hex(0xf0a44b),
    .bad = Color::Hex(0xff6b7d),
    .info = Color::Hex(0x6b8cff),
    .online = Color::Hex(0x23b07d),
    .off = Color::Hex(0x8089a0),
    .off_fill = Color::Hex(0x0e1117),
    .off_line = Color::Hex(0x272c39),
};

float Luminance(Color color) {
  const auto linear = [](uint8_t channel) {
    const float c = static_cast<float>(channel) / 255;
    return c <= 0.04045f ? c / 12.92f : std::pow((c + 0.055f) / 1.055f, 2.4f);
  };
  return 0.2126f * linear(color.red) + 0.7152f * linear(color.green) + 0.0722f * linear(color.blue);
}

}  // namespace

std::optional<Color> ParseHex(std::string_view text) {
  uint32_t rgb = 0;
  if (text.size() != 7 || text.front() != '#') return std::nullopt;
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), rgb, 16);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return Color::Hex(rgb);
}

const Theme& ThemeOf(Scheme scheme) { return scheme == Scheme::kDark ? kDarkTheme : kLightTheme; }

float Contrast(Color a, Color b) {
  const float one = Luminance(a) + 0.05f;
  const float other = Luminance(b) + 0.05f;
  return std::max(one, other) / std::min(one, other);
}

Color Readable(Color color, Color on, Color towards, float contrast) {
  Color result = color;
  for (int step = 1; Contrast(result, on) < contrast && step <= 20; ++step) {
    result = color.Mix(towards, static_cast<float>(step) / 20);
  }
  return result;
}

Tint TintOf(Color tone, const Theme& theme) {
  const Color fill = theme.bg.Mix(tone, 0.1f);
  return {fill, theme.bg.Mix(tone, 0.3f), Readable(tone, fill, theme.ink)};
}

Theme WithHighContrast(const Theme& theme) {
  Theme result = theme;
  const bool dark = Contrast(theme.bg, kWhite) > Contrast(theme.bg, Color::Hex(0));
  const Color ink = dark ? kWhite : Color::Hex(0);
  const Color bg = dark ? Color::Hex(0) : kWhite;
  result.bg = result.bg_raised = result.bubble_them = bg;
  result.bg_sunken = bg.Mix(ink, 0.06f);
  result.accent_soft = bg.Mix(ink, 0.1f);
  result.ink = ink;
  result.ink_soft = result.ink_faint = bg.Mix(ink, 0.85f);
  result.line = bg.Mix(ink, 0.6f);
  result.line_strong = bg.Mix(ink, 0.8f);
  // As systems draw what is off in their themes of high contrast: grey, on nothing, and read all the same.
  result.off = result.off_line = bg.Mix(ink, 0.6f);
  result.off_fill = bg;
  // Chips and banners stand on a tenth of their own colour.
  const Color tinted = bg.Mix(ink, 0.15f);
  for (Color* color : {&result.accent, &result.good, &result.warn, &result.bad, &result.info, &result.online}) {
    *color = Readable(*color, tinted, ink, kContrastHigh);
  }
  result.bubble_me = result.accent;
  result.accent_ink = bg;
  result.note = bg.Mix(theme.note_line, 0.25f);
  result.note_ink = result.note_line = ink;
  return result;
}

Theme WithAccent(const Theme& theme, Color wanted) {
  Theme result = theme;
  // As the tokens do with their own: links and outlines are written in it.
  const Color accent = Readable(Readable(wanted, theme.bg, theme.ink), theme.bg_raised, theme.ink);
  const Color dark_ink = kDarkTheme.accent_ink;
  // White is what people expect on a colour: it stays as long as it can be read.
  result.accent = accent;
  result.accent_ink =
      Contrast(accent, kWhite) >= 4.5f || Contrast(accent, kWhite) >= Contrast(accent, dark_ink) ? kWhite : dark_ink;
  result.accent_soft = theme.bg.Mix(accent, 0.12f);
  result.bubble_me = accent;
  result.info = accent;
  return result;
}

}  // namespace alcove::ui
