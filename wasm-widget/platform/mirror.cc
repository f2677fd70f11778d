#include "wasm-widget/platform/mirror.h"

#include <cmath>
#include <string>

#include "wasm-widget/platform/javascript.h"

namespace alcove::platform {

namespace {

using ui::Node;
using ui::NodeId;
using ui::Role;

bool IsText(Role role) { return role == Role::kText || role == Role::kHeading; }
bool HasValue(Role role) { return IsTextBox(role) || role == Role::kLink || role == Role::kProgress; }
bool IsScroll(Role role) {
  return role == Role::kScroll || role == Role::kLog || role == Role::kList || role == Role::kListBox ||
         role == Role::kMenu;
}

// Lengths that differ by less are the same place: sums of scroll positions are not exact.
bool Near(float a, float b) { return std::fabs(a - b) < 0.02f; }

int StateOf(const Node& node) {
  return (node.enabled ? 0 : 1) | (node.invalid ? 2 : 0) | static_cast<int>(node.selected) << 2 |
         static_cast<int>(node.pressed) << 4 | static_cast<int>(node.expanded) << 6 |
         static_cast<int>(node.checked) << 8;
}

void SetText(const Node& node) {
  std::vector<uint32_t> spans;
  spans.reserve(node.lines.size() * 4);
  for (const ui::TextSpan& span : node.lines) {
    spans.insert(spans.end(), {span.begin, span.end, static_cast<uint32_t>(span.ending), span.indent});
  }
  static_assert(sizeof(ui::Run) == 5 * sizeof(uint32_t), "js_node_text and js_layout read them");
  js_node_text(node.id, node.label.data(), spans.data(), node.lines.size(), node.runs.data(), node.runs.size(),
               node.urls.data(), node.spoken_before.data(), node.spoken_before.size(), node.single_line ? 1 : 0);
}

}  // namespace

void Mirror::Sync(std::vector<Node>& nodes) {
  std::unordered_map<NodeId, uint32_t> places;
  places.reserve(nodes.size());
  for (uint32_t i = 0; i < nodes.size(); ++i) places[nodes[i].id] = i;

  for (const Node& node : shown_) {
    const auto kept = places.find(node.id);
    if (kept != places.end() && nodes[kept->second].parent == node.parent) continue;
    js_node_remove(node.id);
    places_.erase(node.id);
  }

  // The sibling before each node, in the order of emission.
  std::unordered_map<NodeId, NodeId> last_child;
  std::vector<NodeId> previous(nodes.size());
  for (size_t i = 0; i < nodes.size(); ++i) {
    const Node& node = nodes[i];
    NodeId& last = last_child[node.parent];
    previous[i] = last;
    last = node.id;
  }

  NodeId log = 0;
  std::vector<bool> moved(nodes.size());
  for (size_t i = 0; i < nodes.size(); ++i) {
    const Node& node = nodes[i];
    const auto found = places_.find(node.id);
    const Node* before = found == places_.end() ? nullptr : &shown_[found->second];
    if (before == nullptr) js_node_create(node.id, static_cast<int>(node.role));
    // It still stands after the sibling that it stood after, unless that has moved away from it.
    const bool stays = before != nullptr && previous_[found->second] == previous[i] &&
                       (previous[i] == 0 || !moved[places[previous[i]]]);
    moved[i] = !stays && js_node_place(node.id, node.parent, previous[i]) != 0;
    if (node.role == Role::kLog) log = node.id;
    Update(node, before, log != 0 && node.parent == log);
  }
  for (const Node& node : nodes) {
    if (node.takes_focus) js_node_focus(node.id);
  }
  js_synced();
  shown_.swap(nodes);
  places_ = std::move(places);
  previous_ = std::move(previous);
}

void Mirror::Update(const Node& node, const Node* before, bool in_log) {
  const NodeId id = node.id;
  const bool is_new = before == nullptr;
  if (is_new || !Near(node.local_x, before->local_x) || !Near(node.local_y, before->local_y) ||
      !Near(node.rect.width, before->rect.width) || !Near(node.rect.height, before->rect.height) ||
      node.radius != before->radius) {
    js_node_rect(id, node.local_x, node.local_y, node.rect.width, node.rect.height,
                 std::min(node.radius, node.rect.height / 2));
  }
  if (is_new || StateOf(node) != StateOf(*before)) js_node_state(id, StateOf(node));

  if (IsText(node.role)) {
    if (is_new || node.style != before->style || node.side != before->side) {
      js_node_font(id, node.style.size, node.style.line, node.style.weight, static_cast<int>(node.side));
    }
    if (is_new || node.label != before->label || node.lines != before->lines || node.runs != before->runs ||
        node.urls != before->urls || node.spoken_before != before->spoken_before) {
      SetText(node);
    }
    // A time or "Seen" under a message is there to be read, not to be announced.
    if (is_new && in_log && (node.single_line || !node.is_news)) js_node_quiet(id);
    return;
  }
  const bool is_named = is_new || node.label != before->label || node.dots != before->dots;
  if (is_named) js_node_label(id, node.label.data(), node.label.size());
  if (is_new && node.role == Role::kStatus && node.rect.empty()) js_node_hidden(id);
  // They are in the place of the name, and gone with it.
  if (is_named && node.dots) js_node_dots(id);

  if (IsTextBox(node.role)) {
    if (is_new || node.style != before->style) {
      js_node_font(id, node.style.size, node.style.line, node.style.weight, 0);
    }
    if (is_new || node.placeholder != before->placeholder || node.autocomplete != before->autocomplete) {
      js_node_box(id, node.placeholder.data(), node.placeholder.size(), node.autocomplete.data(),
                  node.autocomplete.size());
    }
  }
  if (HasValue(node.role) && (is_new || node.value != before->value)) {
    js_node_value(id, node.value.data(), node.value.size());
  }
  if (is_new ? !node.description.empty() : node.description != before->description) {
    js_node_description(id, node.description.data(), node.description.size());
  }
  if (node.set_size > 0 && (is_new || node.position != before->position || node.set_size != before->set_size)) {
    js_node_position(id, node.position, node.set_size);
  }
  if (node.role == Role::kSelect && (is_new || node.options != before->options || node.chosen != before->chosen)) {
    std::string labels;
    for (const std::string& option : node.options) {
      if (!labels.empty()) labels += '\n';
      labels += option;
    }
    js_node_options(id, labels.data(), labels.size(), node.chosen);
  }
  if (IsScroll(node.role) && (is_new || !Near(node.content_height, before->content_height))) {
    js_node_content(id, node.content_height);
  }
  // Below a pixel it is the browser's rounding.
  if (IsScroll(node.role) && (is_new || std::fabs(node.scroll_top - before->scroll_top) > 0.6f)) {
    js_node_scroll(id, node.scroll_top);
  }
}

Node* Mirror::Shown(NodeId id) {
  const auto found = places_.find(id);
  return found == places_.end() ? nullptr : &shown_[found->second];
}

void Mirror::OnInput(NodeId id, std::string_view value) {
  if (Node* node = Shown(id)) node->value = value;
}
void Mirror::OnScroll(NodeId id, float top) {
  if (Node* node = Shown(id)) node->scroll_top = top;
}
void Mirror::OnChoose(NodeId id, int index) {
  if (Node* node = Shown(id)) node->chosen = index;
}

}  // namespace alcove::platform
