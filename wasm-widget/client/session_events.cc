// What the server tells, and how it meets what is still in the outbox.
#include <utility>

#include "functions/wire/limits.h"
#include "wasm-widget/client/json.h"
#include "wasm-widget/client/session.h"

namespace alcove::client {

void Session::ApplyPoll(const wire::PollAnswer& answer) {
  for (const wire::Event& event : answer.events) ApplyEvent(event);
  const int64_t now = Now();
  for (const wire::Signal& signal : answer.signals) {
    model_.ApplySignal(signal, now);
    OnSignal(signal);
  }
  if (side_ == wire::ActorKind::kCustomer) return;
  // Whose conversation it is only its summary says.
  for (const auto& conversation : model_.all()) {
    if (!conversation->summary.customer.id.empty()) continue;
    if (commands_.Has(Command::Kind::kConversation, conversation->summary.id)) continue;
    Command command;
    command.kind = Command::Kind::kConversation;
    command.conversation = conversation->summary.id;
    AddCommand(std::move(command));
  }
}

void Session::ApplyEvent(const wire::Event& event) {
  if (model_.Apply(event) == Model::Applied::kGap) AskForGap(event.conversation, 0);
}

void Session::AskForGap(std::string_view conversation, int64_t tries) {
  if (commands_.Has(Command::Kind::kGap, conversation)) return;
  Command command;
  command.kind = Command::Kind::kGap;
  command.conversation = conversation;
  command.number = tries;
  AddCommand(std::move(command));
}

bool Session::OnGapPage(const Command& command, std::string_view body) {
  wire::EventPage page;
  if (!ParseJson(body, page)) return false;
  Conversation* conversation = model_.Find(command.conversation);
  if (conversation == nullptr) return true;
  // Whoever asks for what is behind the last event here has the rest.
  conversation->loaded = true;
  const int64_t before = conversation->last_seq();
  for (const wire::Event& event : page.events) {
    if (event.conversation == command.conversation) model_.Apply(event);
  }
  if (!page.more && conversation->last_seq() >= conversation->told_seq) return true;
  const int64_t tries = conversation->last_seq() > before ? 0 : command.number + 1;
  if (tries < wire::kGapTriesMax) {
    AskForGap(command.conversation, tries);
  } else {
    Abort(loop_.TakeSnapshotAnew(Now()));
  }
  return true;
}

void Session::OnSignal(const wire::Signal& signal) {
  if (signal.type != wire::SignalType::kPresence || !signal.agent) return;
  const std::string& id = signal.agent->id;
  const bool is_there = signal.agent->presence == wire::Presence::kOnline;
  std::erase(others_online_, id);
  bool has_face = false;
  bool online = is_there;
  for (wire::AgentSummary& agent : site_.agents) {
    has_face = has_face || agent.id == id;
    // Customers are told no more than who it is.
    if (agent.id == id) agent.presence = signal.agent->presence;
    online = online || agent.presence == wire::Presence::kOnline;
  }
  if (is_there && !has_face) others_online_.push_back(id);
  site_.online = online || !others_online_.empty();
}

void Session::LoadSelected() {
  const Conversation* conversation = model_.Find(selected_);
  if (conversation == nullptr || !ready_) return;
  if (conversation->loaded) {
    // Of what was left, or handed over, only lists tell how far it has come since.
    if (conversation->last_seq() < conversation->summary.last_seq) AskForGap(selected_, 0);
    return;
  }
  Command command;
  command.kind = side_ == wire::ActorKind::kCustomer ? Command::Kind::kGap : Command::Kind::kConversation;
  command.conversation = selected_;
  if (!commands_.Has(command.kind, selected_)) AddCommand(std::move(command));
}

void Session::OpenOutbox(std::string key) {
  outbox_.Open(std::move(key));
  for (const auto& message : outbox_.all()) {
    if (!message->kept.starts || model_.Find(message->kept.conversation) != nullptr) continue;
    BeginLocal(message->kept.conversation, message->kept.at);
  }
}

Conversation& Session::BeginLocal(std::string_view id, int64_t at) {
  Conversation& conversation = model_.FindOrAdd(id);
  conversation.local = true;
  conversation.loaded = true;
  conversation.summary.created_at = at;
  conversation.summary.updated_at = at;
  conversation.summary.customer = self_;
  return conversation;
}

bool Session::HasUnsent(std::string_view conversation) const {
  for (const auto& message : outbox_.all()) {
    if (message->kept.conversation == conversation) return true;
  }
  return false;
}

// Takes out what is among the events, by whichever way it came there.
void Session::PruneOutbox() {
  for (size_t i = 0; i < outbox_.all().size();) {
    const OutboxMessage& message = *outbox_.all()[i];
    const Conversation* conversation = model_.Find(message.kept.conversation);
    bool here = false;
    if (conversation != nullptr) {
      here = message.stored_seq != 0 && message.stored_seq <= conversation->last_seq();
      for (const wire::Event& event : conversation->events) here = here || event.id == message.kept.id;
    }
    if (here) {
      Abort(message.request);
      outbox_.Remove(std::string(message.kept.id));
    } else {
      ++i;
    }
  }
}

}  // namespace alcove::client
