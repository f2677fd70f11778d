// What happened since the last frame, kept for the controls to take.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "wasm-widget/ui/ui.h"

namespace alcove::ui {

struct Ui::Events {
  bool any = false;  // since the last frame
  NodeId hovered = 0;
  NodeId held = 0;
  NodeId focused = 0;
  std::vector<NodeId> clicks;
  std::vector<NodeId> submits;
  std::vector<std::pair<NodeId, std::string>> inputs;
  std::vector<std::pair<NodeId, int>> choices;
  std::vector<std::pair<NodeId, float>> scrolls;
  std::vector<Key> keys;

  // What is left over was meant for controls that are gone.
  void Clear() {
    any = false;
    clicks.clear();
    submits.clear();
    inputs.clear();
    choices.clear();
    scrolls.clear();
    keys.clear();
  }
};

}  // namespace alcove::ui
