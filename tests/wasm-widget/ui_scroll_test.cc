// Scrolled areas: where they stand, and that only what is seen costs anything.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "wasm-widget/ui/testing.h"

namespace alcove::ui {
namespace {

// A log of `count` messages of one line: 38 high, 2 apart.
class Log {
 public:
  int count = 30;
  ScrollState scroll;

  void Draw(Ui& ui) {
    const ScrollOptions options = {.label = "Conversation", .role = Role::kLog, .stick_to_bottom = true};
    ui.Scroll({0, 0, 300, 400}, scroll, options, [&](const ScrollView& view) {
      float y = view.content.y;
      for (int i = 0; i < count; ++i) {
        ui.Scope(std::to_string(i), [&] {
          y = ui.Bubble({view.content.x, y, view.content.width, 0}, "Message " + std::to_string(i), {}).bottom() + 2;
        });
      }
      return y - view.content.y;
    });
  }
  float end() const { return static_cast<float>(count) * 40 - 400; }
};

TEST(Scroll, ALogStartsAtItsEndInTheFirstFrame) {
  Driver driver;
  Log log;
  driver.Frame([&](Ui& ui) { log.Draw(ui); });
  EXPECT_EQ(log.scroll.offset, log.end());
  EXPECT_EQ(driver.Find(Role::kLog)->scroll_top, log.end());
  EXPECT_EQ(driver.Find(Role::kLog)->content_height, 30 * 40);
  // The last message was drawn inside the area already.
  EXPECT_EQ(driver.Find("Message 29")->rect.bottom(), 400 - 2 - 9);
}

TEST(Scroll, ALogFollowsWhatIsAddedWhileItIsAtTheEnd) {
  Driver driver;
  Log log;
  driver.Frame([&](Ui& ui) { log.Draw(ui); });
  ++log.count;
  driver.Frame();
  EXPECT_EQ(log.scroll.offset, log.end());
}

TEST(Scroll, ALogStaysWhereItIsReadUntilItIsAtTheEndAgain) {
  Driver driver;
  Log log;
  driver.Frame([&](Ui& ui) { log.Draw(ui); });
  driver.ScrollTo("Conversation", 100);
  EXPECT_FALSE(log.scroll.at_bottom);
  ++log.count;
  driver.Frame();
  EXPECT_EQ(log.scroll.offset, 100);
  // Browsers round: nearly the end is the end.
  driver.ScrollTo("Conversation", log.end() - 2);
  EXPECT_TRUE(log.scroll.at_bottom);
  ++log.count;
  driver.Frame();
  EXPECT_EQ(log.scroll.offset, log.end());
}

TEST(Scroll, ToBottomReturnsToTheEnd) {
  Driver driver;
  Log log;
  driver.Frame([&](Ui& ui) { log.Draw(ui); });
  driver.ScrollTo("Conversation", 0);
  log.scroll.ToBottom();
  driver.Frame();
  EXPECT_EQ(log.scroll.offset, log.end());
}

TEST(Scroll, DoesNotStandBeyondTheEndWhenItsContentShrinks) {
  Driver driver;
  Log log;
  driver.Frame([&](Ui& ui) { log.Draw(ui); });
  log.count = 3;
  driver.Frame();
  EXPECT_EQ(log.scroll.offset, 0);
}

TEST(Scroll, MovesNoNodeInsideItsArea) {
  Driver driver;
  Log log;
  driver.Frame([&](Ui& ui) { log.Draw(ui); });
  const float screen_before = driver.Find("Message 20")->rect.y;
  const float local_before = driver.Find("Message 20")->local_y;
  driver.ScrollTo("Conversation", log.end() - 37.25f);
  EXPECT_FLOAT_EQ(driver.Find("Message 20")->rect.y, screen_before + 37.25f);
  EXPECT_FLOAT_EQ(driver.Find("Message 20")->local_y, local_before);
}

TEST(Scroll, RasterisesOnlyWhatIsSeenButEmitsTheWholeLog) {
  Driver driver;
  Log log;
  log.count = 500;
  driver.Frame([&](Ui& ui) { log.Draw(ui); });
  EXPECT_LE(driver.ui().text_use().rasterised_in_frame, 12);
  EXPECT_EQ(driver.All(Role::kText).size(), 500u);
  driver.ScrollTo("Conversation", 0);
  EXPECT_LE(driver.ui().text_use().rasterised_in_frame, 12);
}

TEST(Scroll, RunsItsBodyForMeasureWithoutTakingClicks) {
  Driver driver;
  ScrollState scroll;
  int clicks = 0;
  driver.Frame([&](Ui& ui) {
    ui.Scroll({0, 0, 300, 400}, scroll, {.label = "List"}, [&](const ScrollView& view) {
      if (ui.Button({0, view.content.y, 100, 40}, "Earlier")) ++clicks;
      return 40.0f;
    });
  });
  EXPECT_EQ(driver.All(Role::kButton).size(), 1u);
  driver.Click("Earlier");
  EXPECT_EQ(clicks, 1);
}

}  // namespace
}  // namespace alcove::ui
