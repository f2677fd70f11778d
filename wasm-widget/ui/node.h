// The accessibility tree: what a frame put on the screen, in visual order.
//
// Each control emits its node as it draws itself. In the browser every node is
// mirrored by a real element lying over the drawing, through which people click,
// type, select text and listen; natively tests read and drive the same list.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wasm-widget/ui/geometry.h"
#include "wasm-widget/ui/text.h"
#include "wasm-widget/ui/theme.h"

namespace alcove::ui {

using NodeId = uint32_t;  // stable from frame to frame; 0 is none, the parent of the outermost nodes

enum class Role : uint8_t {
  kGroup,
  kText,  // selectable text; a paragraph
  kHeading,
  kImage,
  kButton,
  kLink,
  kTab,
  kTabList,
  kOption,
  kListBox,
  kTextBox,   // one line
  kPassword,  // one line, hidden
  kTextArea,  // several lines
  kSelect,
  kScroll,  // a scrolled area without a meaning of its own
  kLog,     // a scrolled area whose additions are announced
  kList,    // a scrolled area that lists things
  kStatus,  // announced when it is convenient
  kAlert,   // announced at once
  kMain,
  kBanner,
  kNavigation,
  kDialog,  // over the rest, which waits: the keyboard stays inside
  kMenu,    // a scrolled area of kMenuItem
  kMenuItem,
  kSwitch,
  kCheckbox,
  kProgress,  // its value is a percentage, or "" where nobody knows
  kDate,      // a text box of the browser's for a day, "2026-11-28"
};
std::string_view NameOf(Role role);
bool IsTextBox(Role role);

// kStart is the left, but in a paragraph the right for right-to-left text; a screen that is read from the right
// exchanges kStart and kEnd. kText goes by the text alone: what people have written.
enum class Align : uint8_t { kStart, kCenter, kEnd, kText };
// The same on the screen as it is read: kByText is the left, for right-to-left text the right.
enum class TextSide : uint8_t { kByText, kMiddle, kRight, kLeft };

enum class Toggle : uint8_t { kNone, kOff, kOn };

// Bytes of the label that are one visual line.
struct TextSpan {
  static constexpr float kIndentUnit = 64;  // in a pixel
  uint32_t begin = 0;
  uint32_t end = 0;
  LineEnd ending = LineEnd::kWhiteSpace;
  uint32_t indent = 0;  // from where reading starts
  friend bool operator==(const TextSpan&, const TextSpan&) = default;
};

struct Node {
  NodeId id = 0;
  NodeId parent = 0;
  Role role = Role::kGroup;
  Rect rect;          // on the screen
  float local_x = 0;  // in the parent, from its scrolled origin: does not change when the parent scrolls
  float local_y = 0;
  std::string label;        // the accessible name, or the text itself
  std::string value;        // of a text box, a link (its address), a progress
  std::string description;  // said after the name
  bool enabled = true;
  Toggle selected = Toggle::kNone;
  Toggle pressed = Toggle::kNone;
  Toggle expanded = Toggle::kNone;
  Toggle checked = Toggle::kNone;
  bool invalid = false;
  float radius = 0;  // of the focus ring

  // Text: how it was drawn, so that the transparent text lies exactly over it.
  TextStyle style;
  bool single_line = false;  // cut where it does not fit; not announced in a log
  TextSide side = TextSide::kByText;
  std::vector<TextSpan> lines;
  std::vector<Run> runs;      // what of it looks otherwise, or leads elsewhere
  std::string urls;           // that the runs lead to
  std::string spoken_before;  // read before the text, not shown: who wrote it
  bool is_news = true;        // in a log: announced where it is new; not so what comes into the tree by scrolling

  bool dots = false;  // three of them move in it, drawn by the page: what moves for long is no reason to draw all anew

  // Text boxes.
  std::string placeholder;
  std::string autocomplete;  // the HTML attribute; "" is off
  uint32_t bytes_max = 0;    // 0 is none
  bool enter_submits = false;
  bool takes_focus = false;  // in this frame

  // Selects.
  std::vector<std::string> options;
  int chosen = -1;

  // Rows of a list of which only those in sight are there: the place, from 1, and how many there are. 0: not such a
  // row.
  int position = 0;
  int set_size = 0;

  // Scrolled areas.
  float content_height = 0;
  float scroll_top = 0;
};

}  // namespace alcove::ui
