// Ui: the toolkit on which the customer widget and the agent console stand.
//
// Immediate mode, data in, request out: a control is a call that draws, emits
// its accessibility node in the same breath, and returns what the person asked
// for since the last frame. A control owns nothing; what must outlive a frame
// (text, scroll positions) is the caller's, in the *State structs. No I/O and no
// clock: time comes with the frame.
//
// Lengths are CSS pixels. Controls are told their rectangle; see geometry.h for
// cutting one into parts, and README.md for an example. They are from where reading starts: on a screen that is read
// from the right, all that is drawn and emitted is mirrored, and a face does not know.
//
// A control is known from frame to frame by the scope it is drawn in, its role and
// its label. Rows of a list and messages of a log stand in a Scope of their id.
//
// One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "wasm-widget/ui/function_ref.h"
#include "wasm-widget/ui/geometry.h"
#include "wasm-widget/ui/icons.h"
#include "wasm-widget/ui/node.h"
#include "wasm-widget/ui/options.h"
#include "wasm-widget/ui/state.h"
#include "wasm-widget/ui/text.h"
#include "wasm-widget/ui/theme.h"

struct ImDrawData;

namespace alcove::ui {

class Painter;
class Pictures;

// What the screen is like in this frame.
struct FrameInput {
  float width = 380;
  float height = 640;
  float device_pixel_ratio = 1;
  double now_ms = 0;  // monotonic
  Scheme scheme = Scheme::kLight;
  bool high_contrast = false;
  bool reduced_motion = false;
  // The main pointer is a finger: text boxes write at 16 px, since iOS zooms the page into smaller ones, and what is
  // pressed can be pressed on 44 px at least, however small it is drawn.
  bool touch = false;
  bool right_to_left = false;  // the interface's language; a message has the direction of its own text
};

// Keys that mean something outside a text box's own editing.
enum class Key : uint8_t { kEscape, kSubmit /* Ctrl or Command with Enter */, kSlash /* outside a text box */ };

class Ui {
 public:
  // `engine` must outlive the Ui.
  explicit Ui(TextEngine& engine);
  ~Ui();
  Ui(const Ui&) = delete;
  Ui& operator=(const Ui&) = delete;

  // ---- a frame, by the platform or a test: Begin, the face's drawing, End
  void Begin(const FrameInput& input);
  void End();

  // ---- what the face reads
  Rect Screen() const { return {0, 0, input_.width, input_.height}; }
  // Several parts in a row, "Mara · 10:41 · Seen", in the order in which the interface is read.
  std::string InReadingOrder(std::string_view text) const;
  const Theme& theme() const { return theme_; }
  bool touch() const { return input_.touch; }
  bool mirrored() const { return input_.right_to_left; }
  double now_ms() const { return input_.now_ms; }
  // The site's accent, from the next frame on. Cheap to call every frame.
  void SetAccent(Color accent);
  // Asks for another frame this much later; 0 is the next. Without it nothing is drawn until something happens.
  void RequestFrameIn(double ms);
  // Whether the key was pressed since the last frame; true once.
  bool Pressed(Key key);
  // Whether what was asked for in this frame was asked with Shift: up to here, of a list.
  bool Extends() const;

  // ---- identity
  // Names drawn inside `body` are told apart from the same names outside.
  void Scope(std::string_view key, FunctionRef<void()> body);
  // A node that has others in it: a list of tabs, a banner, the main part.
  void Group(Role role, std::string_view label, const Rect& rect, FunctionRef<void()> body);

  // ---- shapes: drawn only, nothing to know for those who listen
  void Fill(const Rect& rect, Color color, Corners corners = {});
  enum class Direction : uint8_t { kHorizontal, kVertical, kDiagonal };
  void FillGradient(const Rect& rect, Color from, Color to, Direction direction, Corners corners = {});
  void Border(const Rect& rect, Color color, Corners corners = {}, float width = 1);
  void DashedBorder(const Rect& rect, Color color, float radius);
  // The shadow under `rect` that CSS writes as "0 offset_y blur color": draw it before what casts it.
  void Shadow(const Rect& rect, float blur, float offset_y, Color color);
  void ShadowPanel(const Rect& rect);  // the token --shadow-panel
  void LineAcross(float x, float right, float y, Color color);
  void Circle(float x, float y, float radius, Color color);
  void DrawIcon(const Rect& rect, Icon icon, Color color, float size = 20);

  // ---- text
  // How much room it takes, wrapped at `width_max`.
  Size Measure(std::string_view text, const TextStyle& style, float width_max = 1e6f, int lines_max = 0);
  // One line, vertically in the middle of `rect`, cut with an ellipsis. Returns the width drawn.
  float Label(const Rect& rect, std::string_view text, const LabelOptions& options = {});
  // Wrapped text from the top of `rect`; returns the height drawn.
  float Paragraph(const Rect& rect, std::string_view text, const ParagraphOptions& options = {});

  // ---- controls: true when asked for since the last frame
  bool Button(const Rect& rect, std::string_view label, const ButtonOptions& options = {});
  float ButtonWidth(std::string_view label, const ButtonOptions& options = {});
  bool IconButton(const Rect& rect, Icon icon, std::string_view label, const IconButtonOptions& options = {});
  // A row or card: `body` draws it, told how the pointer stands to it.
  bool Pressable(const Rect& rect, std::string_view key, const PressableOptions& options,
                 FunctionRef<void(PressState)> body);
  // Pressable with the look of a list row: hovered and selected backgrounds, the accent edge.
  bool Row(const Rect& rect, std::string_view key, bool selected, FunctionRef<void(PressState)> body);
  // Both return the index chosen: `selected` unless another was asked for.
  int Tabs(const Rect& rect, std::string_view label, std::span<const Tab> tabs, int selected);
  int Select(const Rect& rect, std::string_view label, std::span<const SelectOption> options, int selected,
             bool enabled = true);
  // Opens `url` beside the page, by the browser. Only http, https and mailto; another is drawn as text.
  void Link(const Rect& rect, std::string_view label, std::string_view url, const TextStyle& style = kTextM);
  // A chip that can be pressed: a quick reply, a filter (`pressed`), something to take away (`icon`).
  bool ChipButton(const Rect& rect, std::string_view text, const ChipOptions& options = {});
  float ChipButtonWidth(std::string_view text, const ChipOptions& options = {});
  static constexpr float kChipButtonHeight = 32;
  // Both draw their label beside them and are true when the person changed `on`.
  bool Switch(const Rect& rect, std::string_view label, bool& on, const SwitchOptions& options = {});
  bool Checkbox(const Rect& rect, std::string_view label, bool& on, const SwitchOptions& options = {});
  // A day as the browser lets it be chosen; `date` is "2026-11-28" or "". True when the person changed it.
  bool DateField(const Rect& rect, std::string& date, const DateOptions& options);
  TextBoxResult TextBox(const Rect& rect, TextBoxState& state, const TextBoxOptions& options);
  // The height that the text box wants at this width: grows with the text to `lines_max`.
  float TextBoxHeight(float width, const TextBoxState& state, const TextBoxOptions& options);
  // The text box or select that was drawn last, at `field`, is wrong: its edge says so, and `why` is said after its
  // name. Drawing `why` is the face's.
  void MarkWrong(const Rect& field, std::string_view why, const WrongOptions& options = {});
  // A panel under `anchor`, or above it where there is no room, its right edge at the anchor's, moved as far as it
  // takes to be on the screen. Drawn last, it is over the rest. True where it is to be closed: Escape, or a press
  // beside it, which does nothing else.
  bool Popover(const Rect& anchor, Size size, std::string_view label, FunctionRef<void(const Rect& inside)> body);
  // A popover of things to do, scrolled where they are many. Its first item takes the keyboard in the frame that opens
  // it.
  MenuResult Menu(const Rect& anchor, float width, std::string_view label, std::span<const MenuItem> items,
                  MenuState& state);
  // A question over the rest, which waits: the keyboard goes round inside and is given back at the end. True where it
  // is to be closed with nothing done: Escape, or a press beside it.
  bool Dialog(float width, float height, std::string_view title, FunctionRef<void(const Rect& inside)> body);
  // A hint at what was drawn last, while the pointer rests on it or the keyboard is there. It says more than the name
  // does, or the same for those who see only an icon.
  void Tooltip(const Rect& anchor, std::string_view text);
  // `count` rows of one height, of which those in sight are drawn: `body` gets the index and the place, and draws one
  // Row or Pressable.
  void VirtualList(const Rect& rect, ScrollState& state, const ScrollOptions& options, int count, float row_height,
                   FunctionRef<void(int index, const Rect& row)> body);
  // `body` lays out everything from `view.content.y` down and returns the height of it all. It
  // runs once or twice a frame: it must not change what it draws.
  void Scroll(const Rect& rect, ScrollState& state, const ScrollOptions& options,
              FunctionRef<float(const ScrollView&)> body);

  // ---- parts
  void Avatar(float x, float y, std::string_view name, const AvatarOptions& options = {});
  // A small label; returns its width. Height is kChipHeight.
  float Chip(float x, float y, std::string_view text, Tone tone = Tone::kNeutral);
  float ChipWidth(std::string_view text);
  static constexpr float kChipHeight = 20;
  // A count in a pill, right-aligned at `right`, in the middle of `y`; returns its width, 0 for a count of 0.
  float Badge(float right, float y, int count, Tone tone = Tone::kBad);
  // A message, in Markdown. `row` gives x, y and width: mine stand at its right. Returns the bubble's rectangle.
  Rect Bubble(const Rect& row, std::string_view text, const BubbleOptions& options);
  // The height that Bubble will take; for rows out of sight.
  float BubbleHeight(std::string_view text, const BubbleOptions& options);
  // Three dots in a bubble, which the page moves. Still where the person prefers less motion.
  Rect TypingDots(const Rect& row, std::string_view label);
  // A line of news across `rect`; with an action, a button at its end. True when the action was asked for.
  bool Banner(const Rect& rect, std::string_view text, Tone tone, std::string_view action = {});
  // A floating message at the bottom of `area`.
  void Toast(const Rect& area, std::string_view text);
  void Card(const Rect& rect);
  void Progress(const Rect& rect, const ProgressOptions& options);
  // A picture that the browser fetches and decodes; a still box until it is there. `text` tells what it shows.
  void Image(const Rect& rect, Pictures& pictures, std::string_view url, std::string_view text,
             float radius = kRadiusM);
  // For those who listen a chart is its label and its numbers.
  void LineChart(const Rect& rect, std::span<const Series> series, const ChartOptions& options);
  void BarChart(const Rect& rect, std::span<const float> values, const ChartOptions& options);
  void HeatMap(const Rect& rect, const HeatMapOptions& options);
  // Spoken only.
  void Announce(std::string_view text);

  // ---- what happened, from the platform or a test
  enum class Shift : uint8_t { kUp, kHeld };
  void OnClick(NodeId id, Shift shift = Shift::kUp);
  void OnHover(NodeId id);  // 0: nothing
  void OnHold(NodeId id);
  void OnFocus(NodeId id);
  void OnInput(NodeId id, std::string_view text);
  void OnSubmit(NodeId id);
  void OnChoose(NodeId id, int index);
  void OnScroll(NodeId id, float top);
  // Whether anything on screen asked for this key; else it is the browser's.
  bool OnKey(Key key);
  // Texts are measured anew: fonts have arrived.
  void OnFontsChanged();
  // The GPU forgot everything: textures are created again.
  void OnContextLost();

  // ---- what came out
  // In visual order; parents before children. Valid until the next Begin.
  const std::vector<Node>& nodes() const { return nodes_; }
  std::vector<Node>& nodes() { return nodes_; }  // to be taken
  // The triangles and textures of the frame, for the renderer.
  const ImDrawData& drawn() const;
  // 0: at once; > 0: in so many ms; < 0: when something happens.
  double NextFrameInMs() const { return next_frame_ms_; }

  // Bounds of the text cache, for tests.
  struct TextUse {
    int lines = 0;    // rasterised
    int pixels = 0;   // of them, together
    int layouts = 0;  // measured
    int rasterised_in_frame = 0;
  };
  TextUse text_use() const;

 private:
  struct Events;
  struct Interaction {
    int node = -1;  // in nodes_; -1 when nothing was emitted
    NodeId id = 0;
    bool clicked = false;
    PressState press;
  };

  NodeId MakeId(Role role, std::string_view key);
  // Appends a node; returns its index in nodes_, or -1 while measuring or inside a Pressable.
  int Emit(NodeId id, Role role, const Rect& rect, std::string_view label);
  Interaction Interact(Role role, std::string_view key, const Rect& rect, std::string_view label, bool enabled,
                       float radius);
  struct Inks {
    Color plain, link;
  };
  void DrawLines(const TextLayout& layout, const TextStyle& style, const Inks& inks, Align align, const Rect& rect);
  void FillBlock(const TextLayout& layout, const Run& run, const Rect& rect, Color ink);
  Size SizeOf(const TextLayout& layout) const;
  Size MeasureMarked(std::string_view text, const TextStyle& style, float width_max);
  TextStyle Written(const TextStyle& style) const;  // as text boxes write it
  bool Tick(Role role, const Rect& rect, std::string_view label, bool& on, const SwitchOptions& options,
            FunctionRef<void(const Interaction&)> draw);
  void DrawTooltip();
  // What is drawn over `rect` hides what the page draws there.
  void Cover(const Rect& rect);
  void DrawTicks(const Rect& rect, std::span<const std::string_view> ticks);
  bool DrawTab(const Rect& box, const Tab& tab, const TextStyle& style, bool selected);
  Color Ink(Color color) const { return color.alpha == 0 ? theme_.ink : color; }
  bool Drawing(const Rect& rect) const;  // neither measuring nor out of sight
  Rect Placed(const Rect& rect) const;   // where it is on the screen
  TextSide Placed(Align align) const;

  FrameInput input_;
  Theme theme_;
  Color accent_ = {0, 0, 0, 0};
  std::unique_ptr<Painter> painter_;
  std::unique_ptr<Events> events_;
  std::vector<Node> nodes_;
  std::unordered_map<NodeId, uint32_t> doubles_;  // how often a name was used in this frame
  uint32_t scope_ = 0;
  int parent_ = -1;         // in nodes_
  bool measuring_ = false;  // a pass that only wants heights: nothing is drawn, emitted or consumed
  bool silent_ = false;     // inside a Pressable, whose texts become its name
  std::string silent_text_;
  std::string announcement_;
  int last_ = -1;  // of nodes_, what Interact emitted last
  // What is drawn over all the rest: set by the control that has it, so that who has none does without its code.
  void (Ui::*late_)() = nullptr;
  Rect tooltip_anchor_;
  std::string tooltip_;
  NodeId hinted_ = 0;  // the control that has the tooltip
  double hinted_since_ms_ = 0;
  uint32_t listens_ = 0;   // keys asked for in this frame, a bit each
  uint32_t listened_ = 0;  // in the last one
  double next_frame_ms_ = -1;
};

}  // namespace alcove::ui
