// The look: mirrors the design tokens (tokens.css) name by name, light and
// dark; a test holds one against the other. A face takes every colour and size from here.
#pragma once

#include <optional>
#include <string_view>

#include "wasm-widget/ui/geometry.h"

namespace alcove::ui {

struct Theme {
  Color accent, accent_ink, accent_soft;
  Color bg, bg_sunken, bg_raised;
  Color ink, ink_soft, ink_faint;
  Color line, line_strong;
  Color bubble_them, bubble_me, note, note_ink, note_line;
  Color good, warn, bad, info;
  Color online;  // the dot on an avatar
  // Controls that are off: what is written on them, what they stand on, their edge.
  Color off, off_fill, off_line;
};

enum class Scheme { kLight, kDark };

// `#rrggbb`; nullopt where it is not.
std::optional<Color> ParseHex(std::string_view text);

// The tokens of one scheme.
const Theme& ThemeOf(Scheme scheme);

// The theme with the site's own accent, darkened or lightened as far as it
// takes to read it on the background: the ink on it is black or white,
// whichever reads better, and the soft accent is mixed from it.
Theme WithAccent(const Theme& theme, Color accent);

// The same with edges that are seen and words that are read by those who see little (7:1), whatever they are written
// on.
Theme WithHighContrast(const Theme& theme);

// WCAG 2 contrast ratio of two opaque colours, 1 to 21.
float Contrast(Color a, Color b);
// What WCAG asks of text.
inline constexpr float kContrastMin = 4.5f;
// Of text for those who asked for more of it, and of the parts of a control.
inline constexpr float kContrastHigh = 7;
inline constexpr float kContrastOfParts = 3;
// How a chip or a banner of one colour looks: a tenth of it behind, and as much of it in the ink as can be read there.
struct Tint {
  Color fill, line, ink;
};
Tint TintOf(Color tone, const Theme& theme);
// `color`, as far on its way to `towards` as it takes to read it on `on`.
// REQUIRES: `towards` can be read there.
Color Readable(Color color, Color on, Color towards, float contrast = kContrastMin);

inline constexpr float kRadiusS = 6;
inline constexpr float kRadiusM = 10;
inline constexpr float kRadiusL = 16;
inline constexpr float kRadiusFull = 999;  // clamped to half the height
inline constexpr float kSpace = 4;         // every gap is a multiple of this
inline constexpr float kMotionMs = 160;
// What a finger finds: WCAG 2.5.5, and the guidelines of both phone systems.
inline constexpr float kTouchTarget = 44;

// A size of type. Every style shares the one font of the page.
struct TextStyle {
  float size = 14;
  float line = 20;
  int weight = 400;
  constexpr TextStyle Medium() const { return {size, line, 500}; }
  constexpr TextStyle Bold() const { return {size, line, 600}; }
  friend bool operator==(const TextStyle&, const TextStyle&) = default;
};
inline constexpr TextStyle kTextXs = {11, 16, 500};  // chips and counts
inline constexpr TextStyle kTextS = {12, 16};
inline constexpr TextStyle kTextM = {14, 20};
inline constexpr TextStyle kTextL = {16, 24};
inline constexpr TextStyle kTextXl = {20, 28};
inline constexpr TextStyle kTextXxl = {24, 32};

}  // namespace alcove::ui
