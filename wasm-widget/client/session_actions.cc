// What the person does.
#include <utility>

#include "functions/wire/ids.h"
#include "functions/wire/limits.h"
#include "functions/wire/typed_text.h"
#include "functions/wire/utf8.h"
#include "wasm-widget/client/session.h"

namespace alcove::client {
void Session::Select(std::string_view conversation) {
  if (selected_ == conversation) return;
  SetTyping("");
  selected_ = conversation;
  LoadSelected();
  Act();
}

void Session::Reselect(std::string_view conversation) {
  typing_.Forget();
  selected_ = conversation;
}

void Session::SendMessage(std::string_view text) {
  const Conversation* conversation = model_.Find(selected_);
  if (conversation == nullptr || wire::IsBlank(text)) return;
  // Where the conversation could not be begun, it is tried again before this one.
  for (size_t i = 0; conversation->local && i < outbox_.all().size(); ++i) {
    const OutboxMessage& message = *outbox_.all()[i];
    if (message.kept.starts && message.kept.conversation == selected_) RetryMessage(std::string(message.kept.id));
  }
  KeptMessage message;
  message.conversation = selected_;
  message.text = text;
  Enqueue(std::move(message));
}

void Session::Enqueue(KeptMessage message) {
  if (wire::IsBlank(message.text) || message.text.size() > wire::kMessageTextBytesMax) return;
  message.id = NewId(wire::MessageKind::kPrefix);
  message.at = platform_.clock.WallMs();
  message.by = self_.id;
  // Where a colleague writes before it comes there, the customer is not answered twice.
  if (side_ == wire::ActorKind::kAgent && !message.IsNote())
    message.after = model_.Find(message.conversation)->last_seq();
  outbox_.Add(std::move(message));
  // The message itself tells the other side that the typing is over.
  typing_.Forget();
  // Whoever writes here wants the answer here.
  if (connection() == Connection::kSuperseded) loop_.Resume(Now());
  Act();
}

void Session::RetryMessage(std::string_view message) {
  outbox_.Retry(message, Now(), platform_.clock.WallMs());
  Act();
}

void Session::DiscardMessage(std::string_view message) {
  const OutboxMessage* found = outbox_.Find(message);
  if (found == nullptr || !found->failed()) return;
  const std::string conversation = found->kept.conversation;
  outbox_.Discard(message);
  const Conversation* known = model_.Find(conversation);
  // It was never begun, and now never will be.
  if (known != nullptr && known->local && !HasUnsent(conversation)) {
    if (selected_ == conversation) selected_.clear();
    model_.Remove(conversation);
  }
  Act();
}

void Session::SetTyping(std::string_view draft) {
  const Conversation* conversation = model_.Find(selected_);
  if (conversation == nullptr || conversation->local) return;
  typing_.Set(selected_, wire::CutUtf8(draft, wire::kDraftTextBytesMax));
  Pump();
}

void Session::MarkRead() {
  Conversation* conversation = model_.Find(selected_);
  if (conversation == nullptr || visibility_ == Visibility::kHidden || !IsReader(conversation->summary)) return;
  const int64_t seq = model_.UnreadUpTo(*conversation);
  if (seq == 0) return;
  model_.MarkRead(*conversation, seq);
  Command command;
  command.kind = Command::Kind::kRead;
  command.conversation = selected_;
  command.number = seq;
  AddCommand(std::move(command));
  Act();
}

void Session::Close(std::string_view reason) {
  Conversation* conversation = model_.Find(selected_);
  if (conversation == nullptr || conversation->local || conversation->closing) return;
  if (conversation->summary.state == wire::ConversationState::kClosed) return;
  ForgetRefusals();
  conversation->closing = true;
  Command command;
  command.kind = Command::Kind::kClose;
  command.conversation = selected_;
  command.text = reason;
  AddCommand(std::move(command));
  Act();
}

void Session::LoadEarlier() {
  const Conversation* conversation = model_.Find(selected_);
  if (conversation == nullptr || conversation->last_seq() == 0 || conversation->events.front().seq <= 1) return;
  if (conversation->no_earlier || commands_.Has(Command::Kind::kEarlier, selected_)) return;
  Command command;
  command.kind = Command::Kind::kEarlier;
  command.conversation = selected_;
  AddCommand(std::move(command));
  Act();
}

}  // namespace alcove::client
