// What a face draws of the session.
#include "wasm-widget/client/session.h"

namespace alcove::client {

Connection Session::connection() const { return loop_.ConnectionAt(Now()); }

std::string_view Session::blocked_code() const { return loop_.blocked_code(); }

int64_t Session::unread() const {
  int64_t unread = 0;
  for (const auto& conversation : model_.all()) {
    if (IsReader(conversation->summary)) unread += conversation->summary.unread;
  }
  return unread;
}

std::optional<ConversationView> Session::conversation() const {
  const Conversation* conversation = model_.Find(selected_);
  if (conversation == nullptr) return std::nullopt;
  if (rows_revision_ != revision_) {
    BuildRows(*conversation);
    rows_revision_ = revision_;
  }
  ConversationView view;
  view.summary = &conversation->summary;
  view.rows = rows_;
  view.loading = !conversation->loaded;
  view.has_earlier = conversation->loaded && !conversation->no_earlier && conversation->last_seq() != 0 &&
                     conversation->events.front().seq > 1;
  view.loading_earlier = commands_.Has(Command::Kind::kEarlier, selected_);
  view.closing = conversation->closing;
  if (conversation->typing_until > Now()) {
    view.typing = &conversation->typist;
    view.draft = conversation->draft;
  }
  return view;
}

void Session::BuildRows(const Conversation& conversation) const {
  rows_.clear();
  const wire::Conversation& summary = conversation.summary;
  const int64_t seen = side_ == wire::ActorKind::kCustomer ? summary.read_by_agent : summary.read_by_customer;
  for (const wire::Event& event : conversation.events) {
    if (event.type == wire::EventType::kUnknown || event.type == wire::EventType::kHidden) continue;
    Row row;
    row.type = event.type;
    row.seq = event.seq;
    if (event.id) row.id = *event.id;
    if (event.text) row.text = *event.text;
    row.at = event.at;
    row.actor = &event.actor;
    row.mine = event.actor.kind == side_ && event.actor.id == self_.id;
    row.our_side = model_.IsOurSide(event.actor.kind);
    if (row.mine && event.type == wire::EventType::kMessage) {
      row.delivery = event.seq <= seen ? Delivery::kSeen : Delivery::kSent;
    }
    row.whisper = event.whisper.value_or(false);
    row.event = &event;
    rows_.push_back(row);
  }
  for (const auto& message : outbox_.all()) {
    if (message->kept.conversation != summary.id) continue;
    Row row;
    if (message->kept.IsNote()) row.type = wire::EventType::kNote;
    row.seq = message->stored_seq;
    row.id = message->kept.id;
    row.text = message->kept.text;
    row.at = message->kept.at;
    row.actor = &self_;
    row.mine = true;
    row.our_side = true;
    row.whisper = message->kept.whisper.value_or(false);
    row.delivery = message->stored_seq != 0 ? Delivery::kSent : Delivery::kSending;
    if (message->failed()) {
      row.delivery = Delivery::kFailed;
      row.failure = *message->kept.failure;
    }
    rows_.push_back(row);
  }
}

}  // namespace alcove::client
