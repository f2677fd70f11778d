// How the controls of ui.h are to look and behave: plain values with defaults,
// named where they are given: `{.kind = ui::ButtonKind::kLink}`.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "wasm-widget/ui/geometry.h"
#include "wasm-widget/ui/icons.h"
#include "wasm-widget/ui/node.h"
#include "wasm-widget/ui/theme.h"

namespace alcove::ui {

struct LabelOptions {
  TextStyle style = kTextM;
  Color color = {0, 0, 0, 0};  // transparent means the theme's ink
  Align align = Align::kStart;
  Role role = Role::kText;  // kText or kHeading
  bool silent = false;      // drawn only: what it says is said by another node
};
struct ParagraphOptions {
  TextStyle style = kTextM;
  Color color = {0, 0, 0, 0};
  Align align = Align::kStart;
  int lines_max = 0;  // 0 is no limit; the last line ends with an ellipsis
  Role role = Role::kText;
  std::string_view spoken_before = {};  // who says it, for those who listen
  bool silent = false;
  bool is_news = true;        // see Node
  bool markdown = false;      // the text is; REQUIRES: no lines_max
  Color link = {0, 0, 0, 0};  // of links in it
};

enum class ButtonKind : uint8_t { kPrimary, kOutline, kLink, kDanger, kQuiet };
struct ButtonOptions {
  ButtonKind kind = ButtonKind::kPrimary;
  bool enabled = true;
  float radius = kRadiusM;  // kRadiusFull for a pill
  Icon icon = Icon::kNone;  // before the label
  TextStyle style = {14, 20, 600};
  bool takes_focus = false;  // in this frame
};

enum class IconButtonKind : uint8_t { kQuiet, kPrimary, kSelected };
struct IconButtonOptions {
  IconButtonKind kind = IconButtonKind::kQuiet;
  bool enabled = true;
  float radius = 8;  // kRadiusFull for a disc
  float icon_size = 20;
  Toggle pressed = Toggle::kNone;
  Toggle expanded = Toggle::kNone;  // of what it opens
  bool takes_focus = false;         // in this frame
  int badge = 0;                    // a count at the top right; 0 shows none
};

enum class Tone : uint8_t { kNeutral, kGood, kWarn, kBad, kAccent };

struct Tab {
  std::string_view label;
  int count = 0;  // drawn after the label unless 0
};

// What stands in a row or a card that can be pressed. The texts drawn by its body become its accessible name.
struct PressableOptions {
  Role role = Role::kButton;    // or kOption, kTab, kMenuItem
  std::string_view label = {};  // replaces the name made from the body's texts
  Toggle selected = Toggle::kNone;
  Toggle checked = Toggle::kNone;
  bool enabled = true;
  float radius = 0;
  bool takes_focus = false;  // in this frame
};
struct PressState {
  bool hovered = false;
  bool held = false;
  bool focused = false;
};

struct SelectOption {
  std::string_view label;
  Color dot = {0, 0, 0, 0};  // drawn before it, if not transparent
};

struct ChipOptions {
  Icon icon = Icon::kNone;      // at its end: a cross where pressing takes it away
  std::string_view label = {};  // replaces the text for those who listen
  Toggle pressed = Toggle::kNone;
  bool enabled = true;
  bool takes_focus = false;  // in this frame
};

struct SwitchOptions {
  bool enabled = true;
};

struct WrongOptions {
  float radius = kRadiusM;   // of the field
  bool takes_focus = false;  // in this frame
};

struct DateOptions {
  std::string_view label;
  bool enabled = true;
  bool invalid = false;
};

struct ProgressOptions {
  std::string_view label;
  std::optional<float> part = {};  // 0 to 1; none where nobody knows how long it takes
};

struct Series {
  std::string_view label;
  std::span<const float> values;
  bool dashed = false;
  Color color = {0, 0, 0, 0};  // transparent means the accent
};
struct ChartOptions {
  std::string_view label;
  std::span<const std::string_view> ticks = {};  // under it, from where reading starts; spread evenly
};
struct HeatMapOptions {
  std::string_view label;
  std::span<const std::string_view> rows;
  int columns = 0;
  std::span<const float> values;  // row by row, 0 to 1
};

struct MenuItem {
  std::string_view label;
  std::string_view detail = {};   // at the end of the line
  Color dot = {0, 0, 0, 0};       // drawn before the label, if not transparent
  std::string_view key = {};      // tells items of one label apart
  std::string_view section = {};  // what it is one of: said above the first of those that follow each other
};

struct AvatarOptions {
  float size = 36;
  bool online = false;
  Color ring = {0, 0, 0,
                0};       // behind the dot and around the disc: the background it stands on; transparent means theme bg
  bool outlined = false;  // a 2 px ring around it, for overlapping avatars
};

enum class BubbleSide : uint8_t { kThem, kMe, kNote, kTheirNote };
struct BubbleOptions {
  BubbleSide side = BubbleSide::kThem;
  bool last_of_group = true;  // has the tail corner
  float width_max = 272;
  std::string_view spoken_before = {};  // "Mara:"
  float opacity = 1;                    // below 1 while a message is being sent
  bool is_news = true;                  // see Node
};

struct TextBoxOptions {
  std::string_view label;
  std::string_view placeholder = {};
  TextStyle style = kTextM;
  bool password = false;
  bool date = false;  // of one line: a day as the browser lets it be chosen
  int lines_max = 1;  // above 1: grows with its text up to this, Enter submits, Shift+Enter breaks the line
  bool enabled = true;
  bool invalid = false;
  float radius = kRadiusM;
  float padding_x = 12;
  float padding_y = 9;
  bool framed = true;                  // draws the border; false where the face draws its own box
  uint32_t bytes_max = 0;              // UTF-8; longer input is cut at a character. 0 is none
  std::string_view autocomplete = {};  // the HTML attribute: "username", "current-password", ...
};

struct ScrollOptions {
  std::string_view label;
  Role role = Role::kScroll;     // kScroll, kLog, kList, kListBox, kMenu
  bool stick_to_bottom = false;  // stays at the end while it is at the end: a log
};

}  // namespace alcove::ui
