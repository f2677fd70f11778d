// When to tell that someone types: at once, then every 2.5 s while the text
// changes, and at once when it is emptied.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "wasm-widget/client/platform.h"

namespace alcove::client {

// Told typing is forgotten after wire::kTypingTtlMs (6 s): half of that would
// double the requests, double would let it flicker.
inline constexpr int64_t kTypingGapMs = 2'500;

class TypingSender {
 public:
  // The composer's text of a conversation. Another conversation: the one before is left.
  void Set(std::string_view conversation, std::string_view draft);
  // The message was sent: nothing more is told of the draft.
  void Forget();

  int64_t DueAt() const;
  // REQUIRES: DueAt() <= now. What to tell: empty means stopped.
  const std::string& Take(int64_t now);
  const std::string& conversation() const { return conversation_; }

 private:
  std::string conversation_;
  std::string draft_;
  std::string told_;
  int64_t told_at_ = INT64_MIN / 2;
  bool pending_ = false;
};

}  // namespace alcove::client
