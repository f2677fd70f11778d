// Keeps the page's elements equal to the nodes of the last frame, touching only what changed.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "wasm-widget/ui/node.h"

namespace alcove::platform {

class Mirror {
 public:
  // Takes the nodes, and leaves the last ones in their place, whose room is of use.
  void Sync(std::vector<ui::Node>& nodes);

  // What the person did to an element themselves: not to be done to it again.
  void OnInput(ui::NodeId id, std::string_view value);
  void OnScroll(ui::NodeId id, float top);
  void OnChoose(ui::NodeId id, int index);

 private:
  void Update(const ui::Node& node, const ui::Node* before, bool in_log);
  ui::Node* Shown(ui::NodeId id);

  std::vector<ui::Node> shown_;                      // as the page has them
  std::unordered_map<ui::NodeId, uint32_t> places_;  // in shown_
  std::vector<ui::NodeId> previous_;                 // the sibling before each of shown_
};

}  // namespace alcove::platform
