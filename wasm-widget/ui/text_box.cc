// Text boxes: the box is drawn here, the text in it is a real element of the page.
#include <algorithm>
#include <cmath>

#include "functions/wire/typed_text.h"
#include "wasm-widget/ui/events.h"
#include "wasm-widget/ui/painter.h"
#include "wasm-widget/ui/ui.h"

namespace alcove::ui {

namespace {

// At most `bytes_max` bytes of `text`, cut between characters.
void Cut(std::string& text, uint32_t bytes_max) {
  if (bytes_max == 0 || text.size() <= bytes_max) return;
  size_t end = bytes_max;
  while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xc0) == 0x80) --end;
  text.resize(end);
}

bool IsInsideCharacter(std::string_view text, size_t at) {
  return at < text.size() && (static_cast<uint8_t>(text[at]) & 0xc0) == 0x80;
}

// What `now` has that `before` had not, in one place: what was typed into it. All of it, where it stands in its stead.
std::string Inserted(std::string_view before, std::string_view now) {
  size_t begin = 0;
  const size_t shorter = std::min(before.size(), now.size());
  while (begin < shorter && before[begin] == now[begin]) ++begin;
  while (begin > 0 && (IsInsideCharacter(now, begin) || IsInsideCharacter(before, begin))) --begin;
  size_t end = 0;
  while (end < shorter - begin && before[before.size() - 1 - end] == now[now.size() - 1 - end]) ++end;
  while (end > 0 && IsInsideCharacter(now, now.size() - end)) --end;
  const bool is_instead = begin + end < before.size() && begin + end < now.size();
  return std::string(is_instead ? now : now.substr(begin, now.size() - end - begin));
}

// The smallest type that iOS does not zoom into. Its lines are as high as fits the boxes that are laid out for 14 px.
constexpr float kTouchSize = 16;
constexpr float kTouchLine = 22;

}  // namespace

TextStyle Ui::Written(const TextStyle& style) const {
  if (!input_.touch || style.size >= kTouchSize) return style;
  return {kTouchSize, std::max(kTouchLine, style.line), style.weight};
}

bool TextBoxState::Blank() const { return wire::IsBlank(entered ? *entered : text); }

std::string TextBoxState::Take() {
  std::string sent = entered.value_or(text);
  std::string rest = entered ? Inserted(*entered, text) : std::string();
  entered.reset();
  taken = sent;
  text = std::move(rest);
  return sent;
}

float Ui::TextBoxHeight(float width, const TextBoxState& state, const TextBoxOptions& options) {
  const TextStyle style = Written(options.style);
  int lines = 1;
  if (options.lines_max > 1) {
    const float room = std::max(1.0f, width - 2 * options.padding_x);
    const float height = Measure(state.text, style, room).height;
    lines = std::clamp(static_cast<int>(std::round(height / style.line)), 1, options.lines_max);
  }
  return static_cast<float>(lines) * style.line + 2 * options.padding_y;
}

TextBoxResult Ui::TextBox(const Rect& rect, TextBoxState& state, const TextBoxOptions& options) {
  TextBoxResult result;
  Role role = options.lines_max > 1 ? Role::kTextArea : Role::kTextBox;
  if (options.password) role = Role::kPassword;
  if (options.date) role = Role::kDate;
  // The element lies inside the padding above and below, so that its lines stand where we expect them.
  const Rect inner = {rect.x + options.padding_x, rect.y + options.padding_y, rect.width - 2 * options.padding_x,
                      rect.height - 2 * options.padding_y};
  const Interaction box = Interact(role, options.label, inner, options.label, options.enabled, 0);
  if (box.node >= 0) {
    state.entered.reset();
    for (auto& [id, text] : events_->edits) {
      if (id != box.id || !options.enabled) continue;
      if (!text) {
        if (!state.entered) state.entered = state.text;
        result.submitted = true;
        continue;
      }
      state.text = state.taken.empty() ? std::move(*text) : Inserted(state.taken, *text);
      Cut(state.text, options.bytes_max);
      result.changed = true;
    }
    std::erase_if(events_->edits, [&](const auto& edit) { return edit.id == box.id; });
    state.taken.clear();
    result.focused = box.press.focused;
    Node& node = nodes_.back();
    node.value = state.text;
    node.style = Written(options.style);
    node.placeholder = options.placeholder;
    node.autocomplete = options.autocomplete;
    node.invalid = options.invalid;
    node.takes_focus = state.wants_focus;
    state.wants_focus = false;
  }
  if (options.framed && Drawing(rect)) {
    const Color edge = options.invalid ? theme_.bad : box.press.focused ? theme_.accent : theme_.line_strong;
    Fill(rect, options.enabled ? theme_.bg_raised : theme_.off_fill, options.radius);
    Border(rect, options.enabled ? edge : theme_.off_line, options.radius, box.press.focused ? 1.5f : 1);
  }
  return result;
}

}  // namespace alcove::ui
