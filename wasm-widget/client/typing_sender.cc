#include "wasm-widget/client/typing_sender.h"

namespace alcove::client {

void TypingSender::Set(std::string_view conversation, std::string_view draft) {
  if (conversation != conversation_) {
    Forget();
    conversation_ = conversation;
  }
  draft_ = draft;
  pending_ = draft_ != told_;
}

void TypingSender::Forget() {
  draft_.clear();
  told_.clear();
  pending_ = false;
}

int64_t TypingSender::DueAt() const {
  if (!pending_) return kNever;
  return draft_.empty() ? told_at_ : told_at_ + kTypingGapMs;
}

const std::string& TypingSender::Take(int64_t now) {
  pending_ = false;
  told_at_ = now;
  told_ = draft_;
  return told_;
}

}  // namespace alcove::client
