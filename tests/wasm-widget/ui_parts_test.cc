// What stands under the controls: rectangles, the theme, sentences with values, ImGui's formatter.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "imgui.h"
#include "imgui_internal.h"
#include "wasm-widget/ui/geometry.h"
#include "wasm-widget/ui/phrase.h"
#include "wasm-widget/ui/strings.h"
#include "wasm-widget/ui/testing.h"
#include "wasm-widget/ui/theme.h"

namespace alcove::ui {
namespace {

TEST(Rect, IsCutIntoPartsThatAreTogetherTheWhole) {
  Rect rest = {10, 20, 100, 200};
  EXPECT_EQ(rest.CutTop(30), (Rect{10, 20, 100, 30}));
  EXPECT_EQ(rest.CutBottom(20), (Rect{10, 200, 100, 20}));
  EXPECT_EQ(rest.CutLeft(40), (Rect{10, 50, 40, 150}));
  EXPECT_EQ(rest.CutRight(10), (Rect{100, 50, 10, 150}));
  EXPECT_EQ(rest, (Rect{50, 50, 50, 150}));
}

TEST(Rect, GivesNoMoreThanThereIs) {
  Rect rest = {0, 0, 10, 10};
  EXPECT_EQ(rest.CutTop(11).height, 10);
  EXPECT_EQ(rest.CutTop(1).height, 0);
  EXPECT_EQ(rest.CutLeft(-5).width, 0);
  EXPECT_EQ(Rect({0, 0, 10, 10}).Inset(6).width, 0);
}

TEST(Phrase, IsSaidInTheLanguageThatWasGiven) {
  constexpr Phrase kHello = "Hello %s";
  constexpr Phrase kBye = "Bye";
  EXPECT_EQ(kHello.text(), "Hello %s") << "without words it is English";
  AddWords("Hello %s", "Hallo");
  AddWords("Hello %s", "Hallo %s");
  AddWords("Something else", "Etwas anderes");
  EXPECT_EQ(Fill(kHello, {"Mara"}), "Hallo Mara");
  EXPECT_EQ(kBye.text(), "Bye") << "what a language lacks is English";
  ForgetWords();
  EXPECT_EQ(kHello.text(), "Hello %s");
}

TEST(Theme, InkCanBeReadOnEverySurface) {
  for (const Scheme scheme : {Scheme::kLight, Scheme::kDark}) {
    SCOPED_TRACE(static_cast<int>(scheme));
    const Theme& theme = ThemeOf(scheme);
    EXPECT_GE(Contrast(theme.ink, theme.bg), 4.5f);
    EXPECT_GE(Contrast(theme.ink_soft, theme.bg), 4.5f);
    EXPECT_GE(Contrast(theme.ink, theme.bubble_them), 4.5f);
    EXPECT_GE(Contrast(theme.accent_ink, theme.bubble_me), 4.5f);
    EXPECT_GE(Contrast(theme.note_ink, theme.note), 4.5f);
    EXPECT_GE(Contrast(theme.accent, theme.bg), 4.5f);
  }
}

TEST(Theme, TheInkOnAnAccentIsTheOneThatReadsBetter) {
  const Theme& light = ThemeOf(Scheme::kLight);
  for (const uint32_t accent : {0x000000u, 0xffffffu, 0x2f5beau, 0xffcc00u, 0x00ff00u, 0x808080u, 0xc92a3eu}) {
    SCOPED_TRACE(accent);
    const Theme theme = WithAccent(light, Color::Hex(accent));
    EXPECT_GE(Contrast(theme.accent_ink, theme.accent), 4.5f);
  }
}

TEST(Theme, AnOwnersAccentIsChangedAsFarAsItTakesToReadItAndNoFurther) {
  for (const Scheme scheme : {Scheme::kLight, Scheme::kDark}) {
    const Theme& theme = ThemeOf(scheme);
    for (const uint32_t accent : {0x000000u, 0xffffffu, 0x2f5beau, 0xffcc00u, 0x00ff00u, 0x12805cu, 0x3a0068u}) {
      SCOPED_TRACE(accent);
      const Color wanted = Color::Hex(accent);
      const Theme own = WithAccent(theme, wanted);
      EXPECT_GE(Contrast(own.accent, theme.bg), kContrastMin);
      EXPECT_GE(Contrast(own.accent_ink, own.accent), kContrastMin);
      EXPECT_EQ(own.bubble_me, own.accent);
      if (std::min(Contrast(wanted, theme.bg), Contrast(wanted, theme.bg_raised)) >= kContrastMin) {
        EXPECT_EQ(own.accent, wanted);
      }
    }
  }
}

TEST(Theme, ReadsColoursAsOwnersWriteThem) {
  EXPECT_EQ(ParseHex("#12805c"), Color::Hex(0x12805c));
  EXPECT_EQ(ParseHex("#FFCC00"), Color::Hex(0xffcc00));
  for (const char* text : {"", "#", "#fff", "12805c", "#12805", "#12805c0", "#12805g", "#-12805", "#+12805", "red"}) {
    EXPECT_EQ(ParseHex(text), std::nullopt) << text;
  }
}

TEST(Contrast, IsAsWcagDefinesIt) {
  EXPECT_NEAR(Contrast(Color::Hex(0x000000), kWhite), 21, 0.01f);
  EXPECT_NEAR(Contrast(kWhite, kWhite), 1, 0.001f);
  EXPECT_NEAR(Contrast(Color::Hex(0x777777), kWhite), 4.48f, 0.01f);
}

TEST(Fill, PutsValuesWhereTheSentenceWantsThem) {
  EXPECT_EQ(Fill("%s is typing", {"Mara"}), "Mara is typing");
  EXPECT_EQ(Fill("%s of %s", {"1", "2"}), "1 of 2");
  EXPECT_EQ(Fill("100%", {}), "100%");
  EXPECT_EQ(Fill("%s", {}), "%s");
  EXPECT_EQ(Fill("%s", {"%s"}), "%s");
}

TEST(Bubble, IsAsHighAsItSaysAndMineStandsAtTheRight) {
  Driver driver;
  driver.Frame([](Ui& ui) {
    for (const BubbleSide side : {BubbleSide::kThem, BubbleSide::kMe, BubbleSide::kNote}) {
      const BubbleOptions options = {.side = side, .spoken_before = "Mara:"};
      const Rect row = {16, 16, 348, 0};
      const Rect rect = ui.Bubble(row, "Hello Priya! I can see order #48213, is it about that?", options);
      EXPECT_EQ(rect.height, ui.BubbleHeight("Hello Priya! I can see order #48213, is it about that?", options));
      EXPECT_LE(rect.width, 272);
      EXPECT_EQ(side == BubbleSide::kThem ? rect.x : rect.right(), side == BubbleSide::kThem ? 16 : 364);
    }
  });
  EXPECT_EQ(driver.Find(Role::kText)->spoken_before, "Mara:");
}

// Against the library's own, for what ImGui formats.
// How much the quads that were drawn cover the point, 0 to 1.
float CoverageAt(const ImDrawData& drawn, float x, float y) {
  const ImTextureData& texture = *drawn.Textures->back();
  float coverage = 0;
  for (const ImDrawList* list : drawn.CmdLists) {
    // Quads: two triangles each, the first vertex at the top left and the third at the bottom right.
    for (int i = 0; i + 3 < list->VtxBuffer.Size; i += 4) {
      const ImDrawVert& a = list->VtxBuffer[i];
      const ImDrawVert& b = list->VtxBuffer[i + 2];
      if (x < a.pos.x || x >= b.pos.x || y < a.pos.y || y >= b.pos.y) continue;
      const float u = a.uv.x + (b.uv.x - a.uv.x) * (x - a.pos.x) / (b.pos.x - a.pos.x);
      const float v = a.uv.y + (b.uv.y - a.uv.y) * (y - a.pos.y) / (b.pos.y - a.pos.y);
      const int texel = (static_cast<int>(v * static_cast<float>(texture.Height)) * texture.Width +
                         static_cast<int>(u * static_cast<float>(texture.Width))) *
                        texture.BytesPerPixel;
      const auto vertex = static_cast<float>(a.col >> IM_COL32_A_SHIFT & 255) / 255;
      coverage += vertex * static_cast<float>(texture.Pixels[texel + 3]) / 255;
    }
  }
  return coverage;
}

// What a browser draws for box-shadow: 0 0 40px, its blur a Gaussian of half that width.
TEST(Shadow, IsAsDarkAsCssMakesIt) {
  const struct {
    const char* name;
    Rect rect;
    float x, y;
    float expected;
  } cases[] = {
      {"half at the edge", {100, 100, 200, 400}, 100, 300, 0.5f},
      {"little outside", {100, 100, 200, 400}, 80, 300, 0.16f},
      {"most inside", {100, 100, 200, 400}, 120, 300, 0.84f},
      {"all in the middle", {100, 100, 200, 400}, 200, 300, 1.0f},
      {"a quarter at a corner", {100, 100, 200, 400}, 100, 100, 0.25f},
      {"less under what is flat", {100, 100, 200, 40}, 200, 120, 0.68f},
      {"at the edge of what is flat", {100, 100, 200, 40}, 200, 101, 0.48f},
      {"nothing beyond the blur", {100, 100, 200, 400}, 58, 300, 0.0f},
  };
  for (const auto& each : cases) {
    SCOPED_TRACE(each.name);
    Driver driver({.width = 600, .height = 800});
    driver.Frame([&](Ui& ui) { ui.Shadow(each.rect, 40, 0, {0, 0, 0, 255}); });
    EXPECT_NEAR(CoverageAt(driver.ui().drawn(), each.x, each.y), each.expected, 0.06);
  }
}

TEST(Formatter, WritesAsPrintfDoes) {
  const auto check = [](const char* format, auto... values) {
    SCOPED_TRACE(format);
    char expected[64];
    char actual[64];
    const int wanted = std::snprintf(expected, sizeof expected, format, values...);
    EXPECT_EQ(ImFormatString(actual, sizeof actual, format, values...), wanted);
    EXPECT_STREQ(actual, expected);
  };
  check("##%s/%d", "child", 42);
  check("%.*s|", 3, "abcdef");
  check("%08X", 0xbeefu);
  check("%-6d|%6d|", -12, -12);
  check("%u %i %c%%", 4000000000u, -1, 'x');
  check("%.3f %.0f", -1.5, 2.0);
  check("%5.1f|", 3.14);
  check("%lld", -5000000000LL);
  check("%02d:%02d", 7, 15);
}

TEST(Formatter, CutsAtTheBufferAndTerminates) {
  char buffer[4];
  EXPECT_EQ(ImFormatString(buffer, sizeof buffer, "%s", "abcdef"), 3);
  EXPECT_STREQ(buffer, "abc");
}

}  // namespace
}  // namespace alcove::ui
