// What is written can be read, in every theme: each ink on each surface that a control or a face puts it on.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "wasm-widget/ui/theme.h"

namespace alcove::ui {
namespace {

struct Named {
  std::string name;
  Theme theme;
  float least;
};

std::vector<Named> AllThemes() {
  std::vector<Named> themes;
  constexpr std::array<uint32_t, 8> kAccents = {0x2f5bea, 0x000000, 0xffffff, 0xffcc00,
                                                0x00ff00, 0x12805c, 0xff6b9d, 0x808080};
  for (const auto& [name, scheme] : {std::pair{"light", Scheme::kLight}, {"dark", Scheme::kDark}}) {
    themes.push_back({name, ThemeOf(scheme), kContrastMin});
    themes.push_back({std::string(name) + ", high contrast", WithHighContrast(ThemeOf(scheme)), kContrastHigh});
    for (const uint32_t accent : kAccents) {
      const Theme own = WithAccent(ThemeOf(scheme), Color::Hex(accent));
      themes.push_back({std::string(name) + ", accent " + std::to_string(accent), own, kContrastMin});
      themes.push_back({std::string(name) + ", high contrast, accent " + std::to_string(accent), WithHighContrast(own),
                        kContrastHigh});
    }
  }
  return themes;
}

TEST(Contrast, OfEveryInkOnEverySurfaceThatItIsWrittenOn) {
  for (const auto& [name, theme, least] : AllThemes()) {
    SCOPED_TRACE(name);
    const auto reads = [&](const char* what, Color ink, Color on) { EXPECT_GE(Contrast(ink, on), least) << what; };
    for (const Color surface : {theme.bg, theme.bg_sunken, theme.bg_raised, theme.bubble_them, theme.accent_soft}) {
      reads("ink", theme.ink, surface);
      reads("ink_soft", theme.ink_soft, surface);
    }
    for (const Color surface : {theme.bg, theme.bg_raised}) {
      reads("accent", theme.accent, surface);
      reads("ink_faint: times, days, what is off the record", theme.ink_faint, surface);
    }
    reads("the selected tab", Readable(theme.accent, theme.accent_soft, theme.ink), theme.accent_soft);
    reads("on the accent", theme.accent_ink, theme.accent);
    reads("my message", theme.accent_ink, theme.bubble_me);
    reads("a note", theme.note_ink, theme.note);
    reads("the danger button", theme.bg, theme.bad);
    reads("a toast and a hint", theme.bg, theme.ink);
    for (const Color tone : {theme.good, theme.warn, theme.bad, theme.accent, theme.ink_soft}) {
      const Tint tint = TintOf(tone, theme);
      reads("a chip or a banner", tint.ink, tint.fill);
    }
  }
}

TEST(Contrast, OfThePartsOfControlsIsThreeToOne) {
  for (const auto& [name, theme, least] : AllThemes()) {
    SCOPED_TRACE(name);
    // What alone tells where the keyboard is, whether a switch is on and where a box to tick is.
    EXPECT_GE(Contrast(theme.accent, theme.bg), kContrastOfParts);
    EXPECT_GE(Contrast(theme.accent, theme.bg_raised), kContrastOfParts);
    EXPECT_GE(Contrast(theme.ink_soft, theme.bg_raised), kContrastOfParts);
    EXPECT_GE(Contrast(theme.ink_faint, theme.bg_raised), kContrastOfParts) << "a switch that is off";
    if (least == kContrastHigh) {
      EXPECT_GE(Contrast(theme.line_strong, theme.bg), kContrastOfParts);
      EXPECT_GE(Contrast(theme.line, theme.bg), kContrastOfParts);
    }
  }
}

// What is off need not be read as well, but it is; and it is told from what is not.
TEST(Contrast, OfControlsThatAreOff) {
  for (const auto& [name, theme, least] : AllThemes()) {
    SCOPED_TRACE(name);
    const bool high = least == kContrastHigh;
    for (const Color surface : {theme.off_fill, theme.bg, theme.bg_raised}) {
      EXPECT_GE(Contrast(theme.off, surface), high ? kContrastMin : kContrastOfParts);
    }
    EXPECT_GE(Contrast(theme.ink, theme.off), 2.5f) << "the same control that is on";
    if (!high) continue;
    EXPECT_GE(Contrast(theme.off_line, theme.bg), kContrastOfParts);
    EXPECT_GE(Contrast(theme.ink_soft, theme.off), 2);
  }
}

}  // namespace
}  // namespace alcove::ui
