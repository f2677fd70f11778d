#include "wasm-widget/client/outbox.h"

#include <algorithm>
#include <utility>

#include "wasm-widget/client/json.h"

namespace alcove::client {
namespace {

struct KeptMessages {
  std::vector<KeptMessage> messages;
};
template <class V>
void Describe(V& visit, KeptMessages& kept) {
  visit("messages", kept.messages);
}

KeptMessages Read(Storage& storage, const std::string& key) {
  KeptMessages kept;
  const std::optional<std::string> text = storage.Get(key);
  // What cannot be read was cut by a full disk or changed by a person: not ours to guess.
  if (!text || !ParseJson(*text, kept)) kept.messages.clear();
  return kept;
}

void Write(Storage& storage, const std::string& key, const KeptMessages& kept) {
  if (kept.messages.empty()) {
    storage.Remove(key);
  } else {
    storage.Set(key, ToJson(kept));
  }
}

}  // namespace

void Outbox::Open(std::string key) {
  key_ = std::move(key);
  for (const std::string& each : {key_, NotesKey()}) {
    for (KeptMessage& message : Read(storage_, each).messages) {
      all_.push_back(std::make_unique<OutboxMessage>());
      all_.back()->kept = std::move(message);
    }
  }
}

void Outbox::Clear() {
  for (const auto& message : all_) Unkeep(message->kept);
  all_.clear();
}

void Outbox::Add(KeptMessage message) {
  Keep(message);
  all_.push_back(std::make_unique<OutboxMessage>());
  all_.back()->kept = std::move(message);
}

void Outbox::AddFirst(KeptMessage message) {
  Keep(message, Order::kFirst);
  all_.insert(all_.begin(), std::make_unique<OutboxMessage>());
  all_.front()->kept = std::move(message);
}

OutboxMessage* Outbox::Find(std::string_view id) const {
  for (const auto& message : all_) {
    if (message->kept.id == id) return message.get();
  }
  return nullptr;
}

OutboxMessage* Outbox::FindRequest(int64_t request) const {
  for (const auto& message : all_) {
    if (message->request == request) return message.get();
  }
  return nullptr;
}

bool Outbox::FailOld(int64_t wall_ms) {
  bool failed = false;
  for (const auto& message : all_) {
    const bool waits = !message->failed() && message->request == 0 && message->stored_seq == 0;
    if (!waits || wall_ms - message->kept.at <= wire::kOutboxAgeMsMax) continue;
    Fail(*message, "too_old");
    failed = true;
  }
  return failed;
}

OutboxMessage* Outbox::Next(int64_t now) {
  std::vector<std::string_view> busy;
  for (const auto& message : all_) {
    if (message->failed() || message->stored_seq != 0) continue;
    const std::string_view conversation = message->kept.conversation;
    if (std::find(busy.begin(), busy.end(), conversation) != busy.end()) continue;
    if (message->request == 0 && message->next_at <= now) return message.get();
    busy.push_back(conversation);
  }
  return nullptr;
}

int64_t Outbox::NextDueAt() const {
  int64_t next = kNever;
  std::vector<std::string_view> busy;
  for (const auto& message : all_) {
    if (message->failed() || message->stored_seq != 0) continue;
    const std::string_view conversation = message->kept.conversation;
    if (std::find(busy.begin(), busy.end(), conversation) != busy.end()) continue;
    if (message->request == 0) next = std::min(next, message->next_at);
    busy.push_back(conversation);
  }
  return next;
}

void Outbox::Remove(std::string_view id) {
  for (size_t i = 0; i < all_.size(); ++i) {
    if (all_[i]->kept.id != id) continue;
    Unkeep(all_[i]->kept);
    all_.erase(all_.begin() + static_cast<std::ptrdiff_t>(i));
    return;
  }
}

void Outbox::Stored(OutboxMessage& message, int64_t seq) {
  Unkeep(message.kept);
  message.request = 0;
  message.stored_seq = seq;
}

void Outbox::Fail(OutboxMessage& message, std::string_view code) {
  message.request = 0;
  message.kept.failure = code;
  Keep(message.kept);
  if (!message.kept.starts) return;
  for (const auto& other : all_) {
    if (!other->failed() && other->kept.conversation == message.kept.conversation) {
      other->kept.failure = code;
      Keep(other->kept);
    }
  }
}

void Outbox::Retry(std::string_view id, int64_t now, int64_t wall_ms) {
  OutboxMessage* message = Find(id);
  if (message == nullptr || !message->failed()) return;
  // A conversation that was never begun has nowhere to put the message.
  for (const auto& other : all_) {
    const bool begins = other->kept.starts && other.get() != message && other->failed();
    if (begins && other->kept.conversation == message->kept.conversation) {
      Retry(std::string(other->kept.id), now, wall_ms);
      break;
    }
  }
  for (size_t i = 0; i < all_.size(); ++i) {
    if (all_[i].get() != message) continue;
    // To where it will stand in the conversation; the one that begins it stands first.
    if (!message->kept.starts)
      std::rotate(all_.begin() + static_cast<std::ptrdiff_t>(i), all_.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                  all_.end());
    break;
  }
  message->kept.failure.reset();
  message->kept.refused_field.reset();
  message->kept.after.reset();  // whoever sends it again has seen what came before
  message->kept.at = wall_ms;
  message->failures = 0;
  message->told_to_wait = false;
  message->next_at = now;
  Unkeep(message->kept);
  Keep(message->kept);
}

void Outbox::Discard(std::string_view id) {
  OutboxMessage* message = Find(id);
  if (message == nullptr) return;
  const KeptMessage discarded = message->kept;
  Remove(id);
  if (!discarded.starts) return;
  for (const auto& other : all_) {
    if (other->kept.conversation != discarded.conversation) continue;
    other->kept.starts = true;
    other->kept.page = discarded.page;
    other->kept.form = discarded.form;
    Keep(other->kept);
    return;
  }
}

void Outbox::Move(OutboxMessage& message, std::string_view conversation, Place place, std::string_view by) {
  message.kept.conversation = conversation;
  message.kept.starts = place == Place::kBegins;
  message.kept.by = by;
  message.request = 0;
  message.failures = 0;
  message.next_at = 0;
  message.told_to_wait = false;
  Keep(message.kept);
}

void Outbox::Adopt(std::string_view by) {
  for (const auto& message : all_) {
    if (!message->kept.by.empty()) continue;
    message->kept.by = by;
    Keep(message->kept);
  }
}

void Outbox::HurryAll(int64_t now) {
  for (const auto& message : all_) {
    if (!message->told_to_wait) message->next_at = std::min(message->next_at, now);
  }
}

void Outbox::Keep(const KeptMessage& message, Order order) {
  const std::string key = KeyOf(message);
  KeptMessages kept = Read(storage_, key);
  for (KeptMessage& other : kept.messages) {
    if (other.id != message.id) continue;
    other = message;
    Write(storage_, key, kept);
    return;
  }
  kept.messages.insert(order == Order::kFirst ? kept.messages.begin() : kept.messages.end(), message);
  Write(storage_, key, kept);
}

void Outbox::Unkeep(const KeptMessage& message) {
  const std::string key = KeyOf(message);
  KeptMessages kept = Read(storage_, key);
  const size_t gone = std::erase_if(kept.messages, [&](const KeptMessage& other) { return other.id == message.id; });
  if (gone > 0) Write(storage_, key, kept);
}

}  // namespace alcove::client
