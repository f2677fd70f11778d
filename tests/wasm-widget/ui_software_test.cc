// Frames drawn without a graphics card: what is in the pixels.
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "imgui.h"
#include "wasm-widget/ui/software.h"
#include "wasm-widget/ui/testing.h"

namespace alcove::ui {
namespace {

// The screen after one frame, 64 by 64.
class Software : public testing::Test {
 protected:
  void Draw(std::function<void(Ui&)> face) {
    Driver driver({.width = 64, .height = 64});
    driver.Frame(std::move(face));
    pixels_.assign(64 * 64 * 4, 7);
    DrawSoftware(driver.ui().drawn(), {pixels_.data(), 64, 64, 64 * 4});
  }
  Color At(int x, int y) const {
    const uint8_t* pixel = &pixels_[static_cast<size_t>(y * 64 + x) * 4];
    return {pixel[0], pixel[1], pixel[2], pixel[3]};
  }
  int Count(Color color) const {
    int count = 0;
    for (int y = 0; y < 64; ++y) {
      for (int x = 0; x < 64; ++x) count += At(x, y) == color ? 1 : 0;
    }
    return count;
  }

  std::vector<uint8_t> pixels_;
};

constexpr Color kBlack = Color::Hex(0x000000);
constexpr Color kBlue = Color::Hex(0x2f5bea);

TEST_F(Software, FillsExactlyTheRectangle) {
  Draw([](Ui& ui) { ui.Fill({10, 20, 30, 12}, kBlue); });
  EXPECT_EQ(Count(kBlue), 30 * 12);
  EXPECT_EQ(Count(kBlack), 64 * 64 - 30 * 12);
  EXPECT_EQ(At(10, 20), kBlue);
  EXPECT_EQ(At(39, 31), kBlue);
  EXPECT_EQ(At(9, 20), kBlack);
  EXPECT_EQ(At(40, 31), kBlack);
}

TEST_F(Software, HalfOpaqueMeetsWhatIsThereOnceAndOnlyOnce) {
  // Two triangles share an edge: a pixel drawn by both, or by neither, would be seen.
  Draw([](Ui& ui) {
    ui.Fill({0, 0, 64, 64}, kWhite);
    ui.Fill({3, 5, 51, 47}, kBlack.WithAlpha(0.5f));
  });
  EXPECT_EQ(Count(At(20, 20)), 51 * 47);
  EXPECT_NEAR(At(20, 20).red, 127, 1);
}

TEST_F(Software, RoundedCornersAreSoftAndLeaveTheCornerFree) {
  Draw([](Ui& ui) { ui.Fill({8, 8, 48, 48}, kWhite, 16); });
  EXPECT_EQ(At(32, 32), kWhite);
  EXPECT_EQ(At(8, 8), kBlack);
  int soft = 0;
  for (int i = 8; i < 24; ++i) {
    for (int j = 8; j < 24; ++j) soft += At(i, j).red > 20 && At(i, j).red < 235 ? 1 : 0;
  }
  EXPECT_GT(soft, 8);
}

TEST_F(Software, GradientsGoFromOneColourToTheOther) {
  Draw([](Ui& ui) { ui.FillGradient({0, 0, 64, 64}, kBlack, kWhite, Ui::Direction::kVertical); });
  EXPECT_LT(At(32, 2).red, 16);
  EXPECT_NEAR(At(32, 32).red, 128, 6);
  EXPECT_GT(At(32, 61).red, 240);
}

TEST_F(Software, TextAndIconsComeFromTheAtlasAndClipsHold) {
  Draw([](Ui& ui) { ui.DrawIcon({10, 10, 20, 20}, Icon::kSend, kBlue); });
  EXPECT_EQ(Count(kBlue), 400) << "the icon of the tests is a full square";
  ScrollState scroll;
  Draw([&](Ui& ui) {
    ui.Scroll({16, 16, 32, 16}, scroll, {.label = "Area"}, [](const ScrollView&) { return 16.0f; });
    ui.Scroll({16, 16, 32, 16}, scroll, {.label = "Area"}, [&](const ScrollView&) {
      ui.Fill({0, 0, 64, 64}, kBlue);
      return 16.0f;
    });
  });
  EXPECT_EQ(Count(kBlue), 32 * 16);
}

}  // namespace
}  // namespace alcove::ui
