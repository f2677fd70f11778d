// After `resync`: the server may have been restored to an earlier state, or another node may have taken over without
// the last writes.
//
// What is shown is from then on what the server has. Messages of one's own that it had acknowledged and has no longer
// go back to the outbox under their ids: for one that is there after all that is a repeat, which changes nothing. They
// are taken from what this page shows, so that nothing more is kept; what a page had forgotten when it was loaded anew,
// and what the other side wrote, only a backup has.
#include <utility>

#include "functions/wire/limits.h"
#include "wasm-widget/client/session.h"

namespace alcove::client {
namespace {

bool IsHere(const Conversation& conversation, std::string_view message, int64_t seq) {
  // Its events were left out: it is asked for by sending it.
  if (conversation.events.empty()) return false;
  if (seq < conversation.events.front().seq) return true;
  for (const wire::Event& event : conversation.events) {
    if (event.id == message) return true;
  }
  return false;
}

}  // namespace

std::vector<Session::OwnMessage> Session::OwnMessages() const {
  std::vector<OwnMessage> own;
  const int64_t now = platform_.clock.WallMs();
  for (const auto& conversation : model_.all()) {
    for (const wire::Event& event : conversation->events) {
      const bool by_me = event.actor.kind == side_ && event.actor.id == self_.id;
      const bool is_note = event.type == wire::EventType::kNote;
      if (!by_me || (!is_note && event.type != wire::EventType::kMessage) || !event.id || !event.text) continue;
      if (now - event.at > wire::kOutboxAgeMsMax) continue;
      OwnMessage message;
      message.seq = event.seq;
      message.kept.conversation = event.conversation;
      message.kept.id = *event.id;
      message.kept.text = *event.text;
      message.kept.at = event.at;
      message.kept.by = self_.id;
      if (is_note) message.kept.mentions = event.mentions.value_or(std::vector<std::string>());
      // With the body that began it.
      message.kept.starts = side_ == wire::ActorKind::kCustomer && event.seq == 1;
      if (message.kept.starts && conversation->summary.page) {
        message.kept.page = wire::Page{*conversation->summary.page, std::nullopt};
      }
      own.push_back(std::move(message));
    }
  }
  return own;
}

void Session::SendLostAgain(std::vector<OwnMessage> own) {
  // The selected one was not in the snapshot: what is known of it is from before.
  if (Conversation* selected = model_.Find(selected_); selected != nullptr && !selected->loaded) {
    selected->events.clear();
    selected->told_seq = 0;
    // All that a customer has was in it, but for the oldest.
    if (side_ == wire::ActorKind::kCustomer) model_.Remove(std::string(selected_));
  }
  // Each before those that were written after it.
  for (size_t i = own.size(); i > 0; --i) {
    OwnMessage& message = own[i - 1];
    const Conversation* conversation = model_.Find(message.kept.conversation);
    if (message.kept.by != self_.id || outbox_.Find(message.kept.id) != nullptr) continue;
    // Agents begin no conversations, and one that was not told may be closed, with all that was said in it.
    if (side_ == wire::ActorKind::kAgent && (conversation == nullptr || !conversation->loaded)) continue;
    if (conversation != nullptr && IsHere(*conversation, message.kept.id, message.seq)) continue;
    if (conversation == nullptr && message.kept.starts) BeginLocal(message.kept.conversation, message.kept.at);
    outbox_.AddFirst(std::move(message.kept));
  }
  if (model_.Find(selected_) == nullptr) Reselect("");
}

}  // namespace alcove::client
