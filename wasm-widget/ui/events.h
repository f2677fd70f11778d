// What happened since the last frame, kept for the controls to take.
#pragma once

#include <optional>
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
  bool extends = false;  // the last of them was with Shift
  // In the order in which they happened: what a box holds now, or that Enter was pressed in it (no text).
  struct Edit {
    NodeId id = 0;
    std::optional<std::string> text;
  };
  std::vector<Edit> edits;
  std::vector<std::pair<NodeId, int>> choices;
  std::vector<std::pair<NodeId, float>> scrolls;
  std::vector<Key> keys;

  // What is left over was meant for controls that are gone.
  void Clear() {
    any = false;
    clicks.clear();
    edits.clear();
    choices.clear();
    scrolls.clear();
    keys.clear();
  }
};

}  // namespace alcove::ui
