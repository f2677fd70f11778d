#include "wasm-widget/ui/testing.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "wasm-widget/ui/software.h"

namespace alcove::ui {

namespace {

bool IsContinuation(char c) { return (static_cast<uint8_t>(c) & 0xc0) == 0x80; }

}  // namespace

// ---------------------------------------------------------------- FixedTextEngine

std::vector<Line> FixedTextEngine::Layout(std::string_view text, std::span<const Run> runs, const Font& font,
                                          float width_max) {
  const float advance = font.size * 8 / 14;
  std::vector<Line> lines;
  Line line;
  size_t space = std::string_view::npos;  // the last one in the line
  const auto width_of = [&](size_t from, size_t to) {
    float width = 0;
    for (size_t i = from; i < to; ++i) width += IsContinuation(text[i]) ? 0 : advance;
    return width;
  };
  float hanging = 0;  // the indent of the next lines of this paragraph
  const auto finish = [&](size_t end, size_t next, LineEnd ending) {
    line.end = static_cast<uint32_t>(end);
    line.ending = ending;
    line.width = width_of(line.begin, end);
    const auto add = [&](uint32_t from, uint32_t to, uint32_t look) {
      from = std::max(from, line.begin);
      to = std::min(to, line.end);
      if (from >= to) return;
      const float width = width_of(from, to);
      line.pieces.push_back({.begin = from,
                             .end = to,
                             .look = look,
                             .x = width_of(line.begin, from),
                             .width = width,
                             .ink_right = width});
    };
    uint32_t plain = 0;
    for (const Run& run : runs) {
      add(plain, run.begin, 0);
      add(run.begin, run.end, run.look);
      plain = run.end;
      if ((run.look & kLookMarker) != 0 && run.begin == line.begin) hanging = width_of(run.begin, run.end);
    }
    add(plain, line.end, 0);
    if (ending == LineEnd::kNewline) hanging = 0;
    lines.push_back(std::move(line));
    line = {};
    line.begin = static_cast<uint32_t>(next);
    line.indent = hanging;
    space = std::string_view::npos;
  };
  float width = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') {
      finish(i, i + 1, LineEnd::kNewline);
      width = 0;
      continue;
    }
    if (IsContinuation(text[i])) continue;
    width += advance;
    if (width > width_max && i > line.begin && text[i] != ' ') {
      if (space != std::string_view::npos) {
        i = space;
        finish(space, space + 1, LineEnd::kWhiteSpace);
      } else {
        finish(i, i, LineEnd::kNothing);
        --i;
      }
      width = line.indent;
      continue;
    }
    if (text[i] == ' ') space = i;
  }
  finish(text.size(), text.size(), LineEnd::kWhiteSpace);
  return lines;
}

void FixedTextEngine::Rasterise(std::string_view, const Font&, bool, Color color, float, float, const Pixels& pixels) {
  for (int y = 0; y < pixels.height; ++y)
    std::memset(pixels.data + y * pixels.pitch, color.red, static_cast<size_t>(pixels.width) * 4);
}

float FixedTextEngine::Baseline(const Font& font, float line_height) { return (line_height + font.size * 0.7f) / 2; }

void FixedTextEngine::RasteriseIcon(const char*, float, float, const Pixels& pixels) {
  for (int y = 0; y < pixels.height; ++y)
    std::memset(pixels.data + y * pixels.pitch, 255, static_cast<size_t>(pixels.width) * 4);
}

// ---------------------------------------------------------------- Driver

Driver::Driver(FrameInput input) : ui_(engine_), input_(input) {}

void Driver::Frame(std::function<void(Ui&)> face) {
  face_ = std::move(face);
  Frame();
}

void Driver::Frame() {
  input_.now_ms += 16;
  ui_.Begin(input_);
  if (face_) face_(ui_);
  ui_.End();
  AcceptTextures(ui_.drawn());
}

void Driver::Settle() {
  for (int i = 0; i < 20 && ui_.NextFrameInMs() == 0; ++i) Frame();
}

const Node* Driver::Find(std::string_view label) const {
  for (const Node& node : ui_.nodes()) {
    if (node.label == label) return &node;
  }
  return nullptr;
}

const Node* Driver::Find(Role role, std::string_view label) const {
  for (const Node& node : ui_.nodes()) {
    if (node.role == role && node.label.compare(0, label.size(), label) == 0) return &node;
  }
  return nullptr;
}

std::vector<const Node*> Driver::All(Role role) const {
  std::vector<const Node*> found;
  for (const Node& node : ui_.nodes()) {
    if (node.role == role) found.push_back(&node);
  }
  return found;
}

std::string Driver::Text() const {
  std::string text;
  for (const Node& node : ui_.nodes()) {
    if (node.role == Role::kText || node.role == Role::kHeading) text += node.label + "\n";
  }
  return text;
}

namespace {

// Controls before texts: a tab and its heading may say the same.
const Node* FindControl(const std::vector<Node>& nodes, std::string_view label) {
  for (const Node& node : nodes) {
    const bool control = node.role != Role::kText && node.role != Role::kHeading && node.role != Role::kGroup;
    if (control && node.label == label) return node.enabled ? &node : nullptr;
  }
  return nullptr;
}

// A tab may be named as the box that it leads to.
const Node* FindTextBox(const std::vector<Node>& nodes, std::string_view label) {
  for (const Node& node : nodes) {
    if (IsTextBox(node.role) && node.label == label) return node.enabled ? &node : nullptr;
  }
  return nullptr;
}

}  // namespace

bool Driver::Click(std::string_view label) {
  const Node* node = FindControl(ui_.nodes(), label);
  if (node == nullptr) return false;
  ui_.OnClick(node->id);
  Frame();
  return true;
}

bool Driver::Type(std::string_view label, std::string_view text) {
  const Node* node = FindTextBox(ui_.nodes(), label);
  if (node == nullptr) return false;
  ui_.OnFocus(node->id);
  ui_.OnInput(node->id, text);
  Frame();
  return true;
}

bool Driver::Submit(std::string_view label) {
  const Node* node = FindTextBox(ui_.nodes(), label);
  if (node == nullptr) return false;
  ui_.OnSubmit(node->id);
  Frame();
  return true;
}

bool Driver::Choose(std::string_view label, int index) {
  const Node* node = FindControl(ui_.nodes(), label);
  if (node == nullptr) return false;
  ui_.OnChoose(node->id, index);
  Frame();
  return true;
}

bool Driver::ScrollTo(std::string_view label, float top) {
  const Node* node = FindControl(ui_.nodes(), label);
  if (node == nullptr) return false;
  ui_.OnScroll(node->id, top);
  Frame();
  return true;
}

void Driver::Press(Key key) {
  ui_.OnKey(key);
  Frame();
}

}  // namespace alcove::ui
