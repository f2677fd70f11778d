// Draws the lines of a conversation in a scrolled area that follows its end.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wasm-widget/conversation/log.h"
#include "wasm-widget/ui/ui.h"

namespace alcove::conversation {

// Kept by the face, one a conversation.
struct LogState {
  ui::ScrollState scroll;
  std::string first_key;  // of the oldest line drawn, to notice that older ones came above it

  // How high each line is, as long as nothing that it depends on changes: a thousand are not measured for every frame.
  std::vector<float> heights = {};
  uint64_t heights_version = 0;
  float heights_width = 0;
  ui::Size heights_density = {};
};

struct LogOptions {
  std::string_view label;  // what the area is called: "Conversation with Mara"
  uint64_t version = 0;    // of the lines: another one whenever any has changed; 0: they may have
  float gutter = 16;       // at both sides
  float bubble_width_max = 272;
  std::string_view typing = {};                     // "Mara is typing"; "" draws no dots
  bool has_earlier = false;                         // older lines can be asked for
  std::span<const std::string> quick_replies = {};  // to the last message: buttons under it
};

struct LogResult {
  std::string retry;           // the key of a failed message to send again; "" is none
  std::string discard;         // the key of a failed message to take away
  std::string quick_reply;     // the one that was pressed; "" is none
  bool wants_earlier = false;  // the top is in sight
};

// Lines far from what is seen are not in the tree: kLinesKept are, above and below, to be found and selected. A quarter
// is less than what people scroll before they look; with four times as many a frame takes longer than it may.
inline constexpr int kLinesKept = 100;

LogResult DrawLog(ui::Ui& ui, const ui::Rect& rect, std::span<const LogEntry> entries, LogState& state,
                  const LogOptions& options);

}  // namespace alcove::conversation
