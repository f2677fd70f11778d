// Controls: what each emits in its states, and what it answers when it is used.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wasm-widget/ui/testing.h"

namespace alcove::ui {
namespace {

TEST(Button, IsTrueOnceWhenClicked) {
  Driver driver;
  int clicks = 0;
  driver.Frame([&](Ui& ui) {
    if (ui.Button({10, 10, 100, 40}, "Send")) ++clicks;
  });
  ASSERT_NE(driver.Find(Role::kButton, "Send"), nullptr);
  EXPECT_TRUE(driver.Click("Send"));
  EXPECT_EQ(clicks, 1);
  driver.Frame();
  EXPECT_EQ(clicks, 1);
}

TEST(Button, IgnoresClicksWhileDisabled) {
  Driver driver;
  int clicks = 0;
  driver.Frame([&](Ui& ui) {
    if (ui.Button({10, 10, 100, 40}, "Send", {.enabled = false})) ++clicks;
  });
  const Node* node = driver.Find(Role::kButton, "Send");
  ASSERT_NE(node, nullptr);
  EXPECT_FALSE(node->enabled);
  EXPECT_FALSE(driver.Click("Send"));
  driver.ui().OnClick(node->id);
  driver.Frame();
  EXPECT_EQ(clicks, 0);
}

}  // namespace
}  // namespace alcove::ui
