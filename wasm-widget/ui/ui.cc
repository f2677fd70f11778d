#include "wasm-widget/ui/ui.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "wasm-widget/ui/events.h"
#include "wasm-widget/ui/hash.h"
#include "wasm-widget/ui/painter.h"

namespace alcove::ui {

namespace {

uint32_t KeyBit(Key key) { return 1u << static_cast<uint32_t>(key); }

}  // namespace

Ui::Ui(TextEngine& engine) : painter_(std::make_unique<Painter>(engine)), events_(std::make_unique<Events>()) {}
Ui::~Ui() = default;

// ---------------------------------------------------------------- the frame

void Ui::Begin(const FrameInput& input) {
  input_ = input;
  theme_ = ThemeOf(input.scheme);
  if (accent_.alpha != 0) theme_ = WithAccent(theme_, accent_);
  if (input.high_contrast) theme_ = WithHighContrast(theme_);
  nodes_.clear();
  doubles_.clear();
  scope_ = 0;
  parent_ = -1;
  last_ = -1;
  late_ = nullptr;
  next_frame_ms_ = -1;
  // What a click changed may have been drawn before the control that took it.
  if (events_->any) RequestFrameIn(0);
  painter_->Begin(input);
}

void Ui::End() {
  if (!announcement_.empty()) Emit(MakeId(Role::kStatus, "announcement"), Role::kStatus, {}, announcement_);
  if (late_ != nullptr) (this->*late_)();
  painter_->End();
  events_->Clear();
  listened_ = std::exchange(listens_, 0);
}

void Ui::SetAccent(Color accent) {
  if (accent_ == accent) return;
  accent_ = accent;
  RequestFrameIn(0);
}

void Ui::RequestFrameIn(double ms) {
  if (next_frame_ms_ < 0 || ms < next_frame_ms_) next_frame_ms_ = ms;
}

bool Ui::Pressed(Key key) {
  if (measuring_) return false;
  listens_ |= KeyBit(key);
  return std::erase(events_->keys, key) > 0;
}

bool Ui::Extends() const { return events_->extends; }

void Ui::Announce(std::string_view text) {
  if (announcement_ == text) return;
  announcement_ = text;
}

Ui::TextUse Ui::text_use() const {
  const TextCache& texts = painter_->texts();
  return {texts.lines(), texts.pixels(), texts.layouts(), texts.rasterised_in_frame()};
}

// ---------------------------------------------------------------- what happened

void Ui::OnClick(NodeId id, Shift shift) {
  events_->clicks.push_back(id);
  events_->extends = shift == Shift::kHeld;
  events_->any = true;
}
void Ui::OnHover(NodeId id) {
  events_->hovered = id;
  events_->any = true;
}
void Ui::OnHold(NodeId id) {
  events_->held = id;
  events_->any = true;
}
void Ui::OnFocus(NodeId id) {
  events_->focused = id;
  events_->any = true;
}
void Ui::OnInput(NodeId id, std::string_view text) {
  events_->edits.push_back({id, std::string(text)});
  events_->any = true;
}
void Ui::OnSubmit(NodeId id) {
  events_->edits.push_back({id, std::nullopt});
  events_->any = true;
}
void Ui::OnChoose(NodeId id, int index) {
  events_->choices.emplace_back(id, index);
  events_->any = true;
}
void Ui::OnScroll(NodeId id, float top) {
  // Scrolling changes nothing that was drawn before it, so no second frame follows.
  events_->scrolls.emplace_back(id, top);
}
bool Ui::OnKey(Key key) {
  if ((listened_ & KeyBit(key)) == 0) return false;
  events_->keys.push_back(key);
  events_->any = true;
  return true;
}

void Ui::OnFontsChanged() { painter_->ForgetImages(); }

void Ui::OnContextLost() { painter_->OnContextLost(); }

const ImDrawData& Ui::drawn() const { return painter_->data(); }

// ---------------------------------------------------------------- identity

NodeId Ui::MakeId(Role role, std::string_view key) {
  const auto name = static_cast<uint32_t>(HashBytes(key, HashNumber(static_cast<uint64_t>(role), scope_ + kHashStart)));
  if (measuring_) return name | 1;
  // The same name again in one scope is told apart by how many came before it.
  const uint32_t before = doubles_[name]++;
  const NodeId id = before == 0 ? name : static_cast<uint32_t>(HashNumber(before, name));
  return id == 0 ? 1 : id;
}

void Ui::Scope(std::string_view key, FunctionRef<void()> body) {
  const uint32_t outer = scope_;
  scope_ = static_cast<uint32_t>(HashBytes(key, outer + kHashStart));
  body();
  scope_ = outer;
}

int Ui::Emit(NodeId id, Role role, const Rect& rect, std::string_view label) {
  if (measuring_ || silent_) return -1;
  Node& node = nodes_.emplace_back();
  node.id = id;
  node.role = role;
  node.rect = Placed(rect);
  node.label = label;
  node.local_x = node.rect.x;
  node.local_y = rect.y;
  if (parent_ >= 0) {
    const Node& parent = nodes_[static_cast<size_t>(parent_)];
    node.parent = parent.id;
    node.local_x -= parent.rect.x;
    node.local_y -= parent.rect.y - parent.scroll_top;
  }
  return static_cast<int>(nodes_.size()) - 1;
}

void Ui::Cover(const Rect& rect) {
  const Rect placed = Placed(rect);
  for (Node& node : nodes_) node.dots = node.dots && !node.rect.Overlaps(placed);
}

void Ui::Group(Role role, std::string_view label, const Rect& rect, FunctionRef<void()> body) {
  const int outer = parent_;
  const int index = Emit(MakeId(role, label), role, rect, label);
  if (index >= 0) parent_ = index;
  Scope(label, body);
  parent_ = outer;
}

Ui::Interaction Ui::Interact(Role role, std::string_view key, const Rect& rect, std::string_view label, bool enabled,
                             float radius) {
  Interaction result;
  result.id = MakeId(role, key);
  // Rows stand one under the other, and a text box is filled by its text.
  const bool grows =
      input_.touch && (role == Role::kButton || role == Role::kTab || role == Role::kSelect || role == Role::kSwitch ||
                       role == Role::kCheckbox || role == Role::kDate || role == Role::kLink);
  const Rect target =
      grows ? rect.Centered(std::max(rect.width, kTouchTarget), std::max(rect.height, kTouchTarget)) : rect;
  result.node = Emit(result.id, role, target, label);
  last_ = result.node;
  if (result.node < 0) return result;
  Node& node = nodes_.back();
  node.enabled = enabled;
  node.radius = radius;
  if (!enabled) return result;
  result.clicked = std::erase(events_->clicks, result.id) > 0;
  result.press = {events_->hovered == result.id, events_->held == result.id && events_->hovered == result.id,
                  events_->focused == result.id};
  return result;
}

Rect Ui::Placed(const Rect& rect) const { return mirrored() ? rect.Mirrored(input_.width) : rect; }

TextSide Ui::Placed(Align align) const {
  if (align == Align::kCenter) return TextSide::kMiddle;
  if (align == Align::kEnd) return mirrored() ? TextSide::kLeft : TextSide::kRight;
  return align == Align::kStart && mirrored() ? TextSide::kRight : TextSide::kByText;
}

std::string Ui::InReadingOrder(std::string_view text) const {
  if (!mirrored()) return std::string(text);
  // The mark is a letter for those who ask which way a text runs, and is not drawn. Between the parts it keeps the
  // number in one from running with the letters in the other.
  constexpr std::string_view kMark = "\u200f";
  constexpr std::string_view kDot = "·";
  std::string result(kMark);
  for (size_t dot = text.find(kDot); dot != text.npos; dot = text.find(kDot)) {
    result.append(text.substr(0, dot)).append(kMark).append(kDot).append(kMark);
    text.remove_prefix(dot + kDot.size());
  }
  return result.append(text);
}

bool Ui::Drawing(const Rect& rect) const { return !measuring_ && painter_->Visible(rect); }

// ---------------------------------------------------------------- shapes

void Ui::Fill(const Rect& rect, Color color, Corners corners) {
  if (!measuring_) painter_->Fill(rect, color, corners);
}
void Ui::FillGradient(const Rect& rect, Color from, Color to, Direction direction, Corners corners) {
  if (!measuring_) painter_->FillGradient(rect, from, to, direction, corners);
}
void Ui::Border(const Rect& rect, Color color, Corners corners, float width) {
  if (!measuring_) painter_->Border(rect, color, corners, width);
}
void Ui::DashedBorder(const Rect& rect, Color color, float radius) {
  if (!measuring_) painter_->DashedBorder(rect, color, radius);
}
void Ui::Shadow(const Rect& rect, float blur, float offset_y, Color color) {
  if (!measuring_) painter_->Shadow(rect, blur, offset_y, color);
}
void Ui::ShadowPanel(const Rect& rect) {
  const Color shade = Color::Hex(0x12151f);
  Shadow(rect, 40, 12, shade.WithAlpha(0.18f));
  Shadow(rect, 8, 2, shade.WithAlpha(0.10f));
}
void Ui::LineAcross(float x, float right, float y, Color color) { Fill({x, y, right - x, 1}, color); }
void Ui::Circle(float x, float y, float radius, Color color) {
  if (!measuring_) painter_->Circle(x, y, radius, color);
}
void Ui::DrawIcon(const Rect& rect, Icon icon, Color color, float size) {
  if (!measuring_) painter_->DrawIcon(rect, icon, color, size);
}

}  // namespace alcove::ui
