// Draws the lines of a conversation in a scrolled area that follows its end.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "wasm-widget/conversation/log.h"
#include "wasm-widget/ui/ui.h"

namespace alcove::conversation {

// Kept by the face, one a conversation.
struct LogState {
  ui::ScrollState scroll;
  std::string first_key;  // of the oldest line drawn, to notice that older ones came above it
};

struct LogOptions {
  std::string_view label;  // what the area is called: "Conversation with Mara"
  float gutter = 16;       // at both sides
  float bubble_width_max = 272;
  std::string_view typing = {};  // "Mara is typing"; "" draws no dots
  bool has_earlier = false;      // older lines can be asked for
};

struct LogResult {
  std::string retry;           // the key of a failed message to send again; "" is none
  std::string discard;         // the key of a failed message to take away
  bool wants_earlier = false;  // the top is in sight
};

LogResult DrawLog(ui::Ui& ui, const ui::Rect& rect, std::span<const LogEntry> entries, LogState& state,
                  const LogOptions& options);

}  // namespace alcove::conversation
