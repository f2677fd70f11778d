// What outlives a frame and is the caller's (the *State structs), and what the
// controls of ui.h give back.
#pragma once

#include <optional>
#include <string>

#include "wasm-widget/ui/geometry.h"

namespace alcove::ui {

// The text of a text box. The element in the page is where it is edited; this
// is the same text, as of this frame, and setting it sets the element.
struct TextBoxState {
  std::string text;
  bool Blank() const;                   // what Take() would give
  void Focus() { wants_focus = true; }  // moves the keyboard there in the next frame
  // Takes the text out, to be sent: as it was when Enter was pressed, where that is why. What was written after Enter,
  // or is written before the emptied box is drawn, stays.
  std::string Take();

  bool wants_focus = false;
  std::optional<std::string> entered = {};  // the text when Enter was pressed, in this frame
  std::string taken = {};                   // stands in the element still, for no longer than to the next frame
};
struct TextBoxResult {
  bool changed = false;    // by the person, since the last frame
  bool submitted = false;  // Enter was pressed
  bool focused = false;
};

struct ScrollState {
  float offset = 0;          // from the top
  float content_height = 0;  // as of the last frame
  float view_height = 0;
  bool at_bottom = true;
  bool at_top() const { return offset < 1; }
  void ToBottom() {
    at_bottom = true;
    offset = 1e9f;
  }
};

struct MenuState {
  ScrollState scroll;
  bool moved = false;  // it was opened or closed in this frame: the keyboard follows
};
struct MenuResult {
  int chosen = -1;      // the item that was asked for
  bool closed = false;  // it is to be closed, with nothing done
};

// Inside a scrolled area.
struct ScrollView {
  Rect content;  // x and width to lay out in; y is where the content starts on the screen, above the view when scrolled
  Rect view;     // what can be seen
  bool only_height = false;  // this time nothing is drawn, and who knows the height may do nothing else
  // Whether to draw: rows out of sight need only their height. Text that must
  // stay findable and audible (a log) is emitted all the same; Paragraph and
  // Bubble do not rasterise what is out of sight.
  bool Visible(const Rect& rect) const { return rect.Overlaps(view); }
};

}  // namespace alcove::ui
