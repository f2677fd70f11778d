#include "wasm-widget/client/commands.h"

#include <algorithm>
#include <utility>

#include "functions/wire/limits.h"

namespace alcove::client {
namespace {

bool NeedsToken(Command::Kind kind) { return kind != Command::Kind::kSignIn && kind != Command::Kind::kSignOut; }

// What changes a conversation.
bool IsAction(Command::Kind kind) {
  switch (kind) {
    case Command::Kind::kClose:
    case Command::Kind::kHandOver:
    case Command::Kind::kClaim:
    case Command::Kind::kAssign:
    case Command::Kind::kReopen:
    case Command::Kind::kSnooze:
    case Command::Kind::kTags:
    case Command::Kind::kJoin:
    case Command::Kind::kLeave:
    case Command::Kind::kMacro:
    case Command::Kind::kAttribute:
    case Command::Kind::kBulk:
      return true;
    default:
      return false;
  }
}

// What outlives the session of who asked for it.
bool ChangesWhatStays(Command::Kind kind) {
  return IsAction(kind) || !NeedsToken(kind) || kind == Command::Kind::kRead || kind == Command::Kind::kPresence;
}

// Each of them counts, whatever else is to be done: two tags are put on, two colleagues asked in.
bool StandsByItself(Command::Kind kind) {
  return kind == Command::Kind::kTags || kind == Command::Kind::kMacro || kind == Command::Kind::kJoin ||
         kind == Command::Kind::kLeave || kind == Command::Kind::kAttribute || kind == Command::Kind::kBulk;
}

}  // namespace

void Commands::Add(Command command) {
  std::erase_if(all_, [&](const auto& other) {
    return other->request == 0 && other->conversation == command.conversation && Replaces(command, other->kind);
  });
  all_.push_back(std::make_unique<Command>(std::move(command)));
}

void Commands::PutBack(Command command) {
  const auto after = std::find_if(all_.begin(), all_.end(), [&](const auto& other) {
    return IsAction(other->kind) && other->conversation == command.conversation;
  });
  all_.insert(IsAction(command.kind) ? after : all_.end(), std::make_unique<Command>(std::move(command)));
}

bool Commands::Replaces(const Command& command, Command::Kind kind) {
  if (StandsByItself(command.kind) || StandsByItself(kind)) return false;
  return command.kind == kind || (IsAction(command.kind) && IsAction(kind));
}

bool Commands::Waits(size_t index) const {
  if (!IsAction(all_[index]->kind)) return false;
  for (size_t i = 0; i < index; ++i) {
    if (IsAction(all_[i]->kind) && all_[i]->conversation == all_[index]->conversation) return true;
  }
  return false;
}

bool Commands::Has(Command::Kind kind, std::string_view conversation) const {
  for (const auto& command : all_) {
    if (command->kind == kind && command->conversation == conversation) return true;
  }
  return false;
}

bool Commands::HasInsteadOf(const Command& older) const {
  return std::any_of(all_.begin(), all_.end(), [&](const auto& other) {
    return other->conversation == older.conversation && Replaces(*other, older.kind);
  });
}

Command* Commands::Next(int64_t now, bool has_token) {
  for (size_t i = 0; i < all_.size(); ++i) {
    Command& command = *all_[i];
    if (command.request != 0 || command.next_at > now || Waits(i)) continue;
    if (has_token || !NeedsToken(command.kind)) return &command;
  }
  return nullptr;
}

int64_t Commands::NextDueAt(bool has_token) const {
  int64_t next = kNever;
  for (size_t i = 0; i < all_.size(); ++i) {
    const Command& command = *all_[i];
    if (command.request != 0 || Waits(i)) continue;
    if (has_token || !NeedsToken(command.kind)) next = std::min(next, command.next_at);
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

std::vector<int64_t> Commands::Clear() {
  std::vector<int64_t> idle;
  for (const auto& command : all_) {
    if (command->request != 0 && !ChangesWhatStays(command->kind)) idle.push_back(command->request);
  }
  all_.clear();
  return idle;
}

bool Commands::IsWorthRepeating(const Command& command, int64_t now) {
  switch (command.kind) {
    case Command::Kind::kTyping:
    case Command::Kind::kSignIn:
    case Command::Kind::kSignOut:
      return false;
    case Command::Kind::kViewing:
      // That somebody looks no longer is found out without it.
      return command.number == 0;
    case Command::Kind::kClose:
    case Command::Kind::kHandOver:
    case Command::Kind::kClaim:
    case Command::Kind::kAssign:
    case Command::Kind::kReopen:
    case Command::Kind::kSnooze:
    case Command::Kind::kTags:
    case Command::Kind::kJoin:
    case Command::Kind::kLeave:
    case Command::Kind::kMacro:
    case Command::Kind::kAttribute:
    case Command::Kind::kBulk:
      return now - command.added_at < wire::kActionAgeMsMax;
    case Command::Kind::kGap:
    case Command::Kind::kEarlier:
    case Command::Kind::kConversation:
    case Command::Kind::kRead:
    case Command::Kind::kPresence:
    case Command::Kind::kClosed:
    case Command::Kind::kTeam:
    case Command::Kind::kConfiguration:
      return true;
  }
  return false;
}

}  // namespace alcove::client
