// Drives a face without a browser: frames are drawn headless, and the tree of
// nodes is both what is asserted on and what is clicked.
//
//   ui::Driver driver;
//   driver.Frame([&](Ui& ui) { result = DrawComposer(ui, state); });
//   driver.Type("Message", "Hello");
//   driver.Click("Send");
//
// Click, Type and the others run a frame with the last function given to Frame.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wasm-widget/ui/ui.h"

namespace alcove::ui {

// A font of fixed metrics: every code point is 8/14 of the size wide, lines break at spaces.
class FixedTextEngine : public TextEngine {
 public:
  std::vector<Line> Layout(std::string_view text, std::span<const Run> runs, const Font& font,
                           float width_max) override;
  void Rasterise(std::string_view piece, const Font& font, bool right_to_left, Color color, float origin_x,
                 float baseline, const Pixels& pixels) override;
  float Baseline(const Font& font, float line_height) override;
  void RasteriseIcon(const char* path, float grid, float stroke, const Pixels& pixels) override;
};

class Driver {
 public:
  explicit Driver(FrameInput input = {});

  Ui& ui() { return ui_; }
  FrameInput& input() { return input_; }  // the next frame's

  // Draws one frame, 16 ms after the last.
  void Frame(std::function<void(Ui&)> face);
  void Frame();
  // Frames until nothing asks for another at once; at most 20.
  void Settle();

  // The first node with this label (exactly, or beginning with it when `role` is given too); null if there is none.
  const Node* Find(std::string_view label) const;
  const Node* Find(Role role, std::string_view label = {}) const;
  std::vector<const Node*> All(Role role) const;
  // All the text on the screen, a line a node.
  std::string Text() const;

  // False when there is no such node, or it is disabled.
  bool Click(std::string_view label);
  bool Type(std::string_view label, std::string_view text);  // replaces the text
  bool Submit(std::string_view label);
  bool Choose(std::string_view label, int index);
  bool ScrollTo(std::string_view label, float top);
  void Press(Key key);

 private:
  FixedTextEngine engine_;
  Ui ui_;
  FrameInput input_;
  std::function<void(Ui&)> face_;
};

}  // namespace alcove::ui
