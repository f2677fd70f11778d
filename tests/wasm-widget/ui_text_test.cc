// Text: wrapping, cutting, and what is kept in the atlas.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "wasm-widget/ui/testing.h"

namespace alcove::ui {
namespace {

// In the tests' font a character of kTextM is 8 pixels wide.
constexpr float kCharacter = 8;

TEST(Paragraph, WrapsAtSpacesAndKeepsWhatStandsBetweenTheLines) {
  Driver driver;
  float height = 0;
  driver.Frame([&](Ui& ui) { height = ui.Paragraph({0, 0, 10 * kCharacter, 0}, "one two three\nfour 0123456789ab"); });
  EXPECT_EQ(height, 5 * 20);
  const Node* node = driver.Find(Role::kText);
  ASSERT_NE(node, nullptr);
  std::vector<std::string> lines;
  std::vector<LineEnd> endings;
  for (const TextSpan& span : node->lines) {
    lines.push_back(node->label.substr(span.begin, span.end - span.begin));
    endings.push_back(span.ending);
  }
  EXPECT_THAT(lines, testing::ElementsAre("one two", "three", "four", "0123456789", "ab"));
  EXPECT_THAT(endings, testing::ElementsAre(LineEnd::kWhiteSpace, LineEnd::kNewline, LineEnd::kWhiteSpace,
                                            LineEnd::kNothing, LineEnd::kWhiteSpace));
}

TEST(Paragraph, FitsTheBoxMadeFromItsMeasure) {
  Driver driver;
  driver.Frame([](Ui& ui) {
    for (const char* text : {"a", "one two three four", "x y\nz", ""}) {
      const Size size = ui.Measure(text, kTextM, 100);
      EXPECT_EQ(ui.Measure(text, kTextM, size.width).height, size.height) << text;
    }
  });
}

TEST(Paragraph, EndsWithAnEllipsisAfterItsLastLine) {
  Driver driver;
  driver.Frame([](Ui& ui) {
    ui.Paragraph({0, 0, 10 * kCharacter, 0}, "one two three four five", {.lines_max = 2});
    ui.Paragraph({0, 0, 10 * kCharacter, 0}, "one two", {.lines_max = 2});
  });
  EXPECT_EQ(driver.Text(), "one two three fou…\none two\n");
}

TEST(Label, IsWholeForThoseWhoListenThoughCutOnTheScreen) {
  Driver driver;
  float width = 0;
  driver.Frame([&](Ui& ui) { width = ui.Label({0, 0, 10 * kCharacter, 20}, "It still says declined"); });
  EXPECT_LE(width, 10 * kCharacter);
  EXPECT_GT(width, 8 * kCharacter);
  EXPECT_EQ(driver.Text(), "It still says declined\n");
}

// Each cut must leave whole characters; the layouts would otherwise hold broken UTF-8.
TEST(Label, IsCutBetweenCharacters) {
  Driver driver;
  driver.Frame([](Ui& ui) {
    for (int width = 1; width < 14; ++width) {
      const Rect rect = {0, 0, kCharacter * static_cast<float>(width), 0};
      ui.Paragraph(rect, "né👍🏽 e\u0301 👩‍💻 你好吗", {.lines_max = 1});
    }
  });
  for (const Node* node : driver.All(Role::kText)) {
    SCOPED_TRACE(node->label);
    const std::string cut = node->label.substr(0, node->label.find("…"));
    // Neither a lone accent, nor a joiner or a skin tone cut from what it belongs to.
    EXPECT_FALSE(cut.ends_with("\u200d"));
    EXPECT_FALSE(cut.ends_with("👍"));
    EXPECT_FALSE(cut.ends_with(" e"));
    size_t characters = 0;
    for (const char c : cut) characters += (static_cast<uint8_t>(c) & 0xc0) != 0x80;
    EXPECT_LE(characters, 13u);
  }
}

TEST(TextCache, RasterisesALineOnce) {
  Driver driver;
  driver.Frame([](Ui& ui) { ui.Label({0, 0, 200, 20}, "Hello"); });
  EXPECT_EQ(driver.ui().text_use().rasterised_in_frame, 1);
  driver.Frame();
  EXPECT_EQ(driver.ui().text_use().rasterised_in_frame, 0);
  EXPECT_EQ(driver.ui().text_use().lines, 1);
}

TEST(TextCache, RasterisesAnewForAnotherColorOrDensity) {
  Driver driver;
  Color color = kWhite;
  driver.Frame([&](Ui& ui) { ui.Label({0, 0, 200, 20}, "Hello", {.color = color}); });
  color = Color::Hex(0x112233);
  driver.Frame();
  EXPECT_EQ(driver.ui().text_use().rasterised_in_frame, 1);
  driver.input().device_pixel_ratio = 2;
  driver.Frame();
  EXPECT_EQ(driver.ui().text_use().rasterised_in_frame, 1);
  EXPECT_EQ(driver.ui().text_use().lines, 1);
}

// Ten thousand different lines pass by; what is kept stays within the budget and one screen.
TEST(TextCache, StaysBoundedHoweverMuchIsRead) {
  Driver driver;
  int page = 0;
  int pixels_max = 0;
  driver.Frame([](Ui&) {});
  for (; page < 500; ++page) {
    driver.Frame([&](Ui& ui) {
      for (int i = 0; i < 20; ++i) {
        const std::string text = "A line of some length, number " + std::to_string(page * 20 + i);
        ui.Label({0, static_cast<float>(i) * 20, 380, 20}, text);
      }
    });
    pixels_max = std::max(pixels_max, driver.ui().text_use().pixels);
  }
  EXPECT_LT(pixels_max, 1'400'000);
  EXPECT_LT(driver.ui().text_use().lines, 250);
  EXPECT_LT(driver.ui().text_use().layouts, 2100);
}

TEST(TextCache, KeepsWhatIsOnTheScreen) {
  Driver driver;
  int page = 0;
  const auto draw = [&](Ui& ui) {
    ui.Label({0, 600, 380, 20}, "The title that stays");
    for (int i = 0; i < 20; ++i) {
      ui.Label({0, static_cast<float>(i) * 20, 380, 20},
               "Line of some length, number " + std::to_string(page * 20 + i));
    }
  };
  for (; page < 200; ++page) {
    driver.Frame(draw);
    if (page > 0) {
      ASSERT_EQ(driver.ui().text_use().rasterised_in_frame, 20) << page;
    }
  }
}

}  // namespace
}  // namespace alcove::ui
