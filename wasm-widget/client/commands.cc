#include "wasm-widget/client/commands.h"

#include <algorithm>
#include <utility>

#include "functions/wire/limits.h"

namespace alcove::client {
namespace {

bool NeedsToken(Command::Kind kind) { return kind != Command::Kind::kSignIn && kind != Command::Kind::kSignOut; }

}  // namespace

void Commands::Add(Command command) {
  for (const auto& other : all_) {
    if (!Replaces(command.kind)) break;
    if (other->request != 0 || other->kind != command.kind || other->conversation != command.conversation) continue;
    *other = std::move(command);
    return;
  }
  all_.push_back(std::make_unique<Command>(std::move(command)));
}

bool Commands::Has(Command::Kind kind, std::string_view conversation) const {
  for (const auto& command : all_) {
    if (command->kind == kind && command->conversation == conversation) return true;
  }
  return false;
}

Command* Commands::Next(int64_t now, bool has_token) {
  for (const auto& command : all_) {
    if (command->request != 0 || command->next_at > now) continue;
    if (has_token || !NeedsToken(command->kind)) return command.get();
  }
  return nullptr;
}

int64_t Commands::NextDueAt(bool has_token) const {
  int64_t next = kNever;
  for (const auto& command : all_) {
    if (command->request == 0 && (has_token || !NeedsToken(command->kind))) next = std::min(next, command->next_at);
  }
  return next;
}

bool Commands::Take(int64_t request, Command& taken) {
  for (size_t i = 0; i < all_.size(); ++i) {
    if (all_[i]->request != request) continue;
    taken = std::move(*all_[i]);
    all_.erase(all_.begin() + static_cast<std::ptrdiff_t>(i));
    return true;
  }
  return false;
}

void Commands::HurryAll(int64_t now) {
  for (const auto& command : all_) {
    if (!command->told_to_wait) command->next_at = std::min(command->next_at, now);
  }
}

bool Commands::IsWorthRepeating(const Command& command, int64_t now) {
  switch (command.kind) {
    case Command::Kind::kTyping:
    case Command::Kind::kSignIn:
    case Command::Kind::kSignOut:
      return false;
    case Command::Kind::kClose:
    case Command::Kind::kClaim:
    case Command::Kind::kAssign:
    case Command::Kind::kReopen:
    case Command::Kind::kSnooze:
    case Command::Kind::kTags:
      return now - command.added_at < wire::kActionAgeMsMax;
    case Command::Kind::kGap:
    case Command::Kind::kEarlier:
    case Command::Kind::kConversation:
    case Command::Kind::kRead:
    case Command::Kind::kPresence:
    case Command::Kind::kClosed:
      return true;
  }
  return false;
}

}  // namespace alcove::client
