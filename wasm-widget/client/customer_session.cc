#include "wasm-widget/client/customer_session.h"

#include <utility>

#include "functions/wire/ids.h"
#include "functions/wire/limits.h"
#include "wasm-widget/client/json.h"

namespace alcove::client {
namespace {

std::string TokenKey(std::string_view site) { return "alcove.token." + std::string(site); }
std::string OutboxKey(std::string_view site) { return "alcove.outbox." + std::string(site); }

}  // namespace

CustomerSession::CustomerSession(const Platform& platform)
    : Session(platform, wire::ActorKind::kCustomer, "/v1/customer") {}

void CustomerSession::Start(std::string_view site, std::optional<wire::Page> page, std::string_view locale) {
  site_id_ = site;
  page_ = std::move(page);
  locale_ = locale;
  token_ = platform_.storage.Get(TokenKey(site_id_)).value_or("");
  OpenOutbox(OutboxKey(site_id_));
  StartLine();
}

void CustomerSession::StartConversation(std::string_view text, std::optional<wire::Page> page,
                                        std::vector<wire::Field> form) {
  const std::string id = NewId(wire::ConversationKind::kPrefix);
  started_over_ = false;
  KeptMessage message;
  message.conversation = id;
  message.text = text;
  message.starts = true;
  message.page = std::move(page);
  if (!form.empty()) message.form = std::move(form);
  Enqueue(std::move(message));
  // Not where the text was not acceptable.
  if (outbox_.all().empty() || outbox_.all().back()->kept.conversation != id) return;
  BeginLocal(id, outbox_.all().back()->kept.at);
  Select(id);
}

void CustomerSession::AskForPerson() {
  const Conversation* conversation = model_.Find(selected_);
  if (conversation == nullptr || conversation->summary.state != wire::ConversationState::kBot || handing_over()) return;
  Command command;
  command.kind = Command::Kind::kHandOver;
  command.conversation = selected_;
  AddCommand(std::move(command));
  Act();
}

bool CustomerSession::handing_over() const { return commands_.Has(Command::Kind::kHandOver, selected_); }

void CustomerSession::FillCommand(const Command& command, HttpRequest& request) {
  request.path = ConversationPath(command.conversation, "/hand_over");
  request.body = "{}";
}

bool CustomerSession::OnCommand(const Command& command, const HttpAnswer& answer, const Judgement& judgement) {
  if (command.kind != Command::Kind::kHandOver || judgement.verdict != Verdict::kAccepted) return true;
  return TakeConversation(answer.body);
}

const KeptMessage* CustomerSession::refused_start() const {
  for (const auto& message : outbox_.all()) {
    const KeptMessage& kept = message->kept;
    if (kept.conversation == selected_ && kept.starts && kept.failure && kept.refused_field) return &kept;
  }
  return nullptr;
}

void CustomerSession::StartAgain(std::vector<wire::Field> form) {
  const KeptMessage* refused = refused_start();
  if (refused == nullptr) return;
  OutboxMessage* start = outbox_.Find(refused->id);
  start->kept.form.reset();
  if (!form.empty()) start->kept.form = std::move(form);
  std::vector<std::string> ids;
  for (const auto& message : outbox_.all()) {
    if (message->failed() && message->kept.conversation == selected_) ids.push_back(message->kept.id);
  }
  for (const std::string& id : ids) RetryMessage(id);
}

std::string_view CustomerSession::newest() const {
  for (const wire::Conversation* conversation : conversations()) {
    for (const auto& message : outbox_.all()) {
      if (message->kept.conversation == conversation->id) return conversation->id;
    }
  }
  return conversations().empty() ? std::string_view() : std::string_view(conversations().front()->id);
}

const std::vector<const wire::Conversation*>& CustomerSession::conversations() const {
  if (list_revision_ != revision()) {
    list_revision_ = revision();
    list_.clear();
    for (const auto& conversation : model_.all()) list_.push_back(&conversation->summary);
    SortList(list_, LastChangedFirst);
  }
  return list_;
}

HttpRequest CustomerSession::SnapshotRequest() {
  wire::CustomerSessionRequest body;
  body.site = site_id_;
  // Another tab may have been given one by now.
  if (token_.empty()) token_ = platform_.storage.Get(TokenKey(site_id_)).value_or("");
  asked_token_ = token_;
  if (!token_.empty()) body.token = token_;
  body.page = page_;
  if (!locale_.empty()) body.locale = locale_;
  if (!attributes_.empty()) body.attributes = attributes_;
  if (identity_.size() > kNobody.size()) body.identity = identity_;
  HttpRequest request;
  request.method = HttpMethod::kPost;
  request.path = "/v1/customer/session";
  // Two tabs that begin together are one customer.
  if (token_.empty()) request.lock = "alcove.session." + site_id_;
  request.body = ToJson(body);
  return request;
}

CustomerSession::Taken CustomerSession::TakeSnapshot(std::string_view body, std::string& cursor,
                                                     wire::PollHints& hints) {
  wire::CustomerSession session;
  if (!ParseJson(body, session)) return Taken::kUnreadable;
  if (identity_ == kNobody && session.customer.verified) {
    // Whoever comes next must not find what they wrote.
    outbox_.Clear();
    Forget(session.token);
    return Taken::kAgain;
  }
  // Another tab was made a customer meanwhile. One browser is one: whoever kept its token first stays.
  if (const std::string kept = platform_.storage.Get(TokenKey(site_id_)).value_or("");
      !kept.empty() && kept != session.token && kept != asked_token_) {
    token_ = kept;
    return Taken::kAgain;
  }
  if (session.token != token_) {
    token_ = session.token;
    platform_.storage.Set(TokenKey(site_id_), token_);
  }
  const bool is_another = !customer_.id.empty() && customer_.id != session.customer.id;
  if (is_another && !model_.all().empty()) started_over_ = true;
  customer_ = std::move(session.customer);
  self_.id = customer_.id;
  self_.name = customer_.name;
  site_ = std::move(session.site);
  const size_t told = session.conversations.size();
  model_.ReplaceAll(session.conversations, is_another ? std::string_view() : std::string_view(selected_));
  TakeInStrays(told);
  if (is_another && model_.Find(selected_) == nullptr) Reselect("");
  cursor = std::move(session.cursor);
  hints = session.poll;
  return Taken::kTaken;
}

// Finds in the outbox what would be refused, or never be seen again.
void CustomerSession::TakeInStrays(size_t conversations_told) {
  std::vector<OutboxMessage*> strays;
  std::vector<std::string> arrived;
  for (const auto& message : outbox_.all()) {
    const bool is_of_another = !message->kept.by.empty() && message->kept.by != customer_.id;
    if (message->stored_seq != 0) {
      if (is_of_another) arrived.push_back(message->kept.id);
      continue;
    }
    // Where all conversations were told, one that was not is none of ours. A refusal says the same.
    const bool is_homeless = model_.Find(message->kept.conversation) == nullptr &&
                             (conversations_told < wire::kSnapshotConversationsMax || message->failed());
    if (is_of_another || is_homeless) strays.push_back(message.get());
  }
  for (const std::string& id : arrived) outbox_.Remove(id);
  outbox_.Adopt(customer_.id);
  MoveToNew(strays);
}

bool CustomerSession::OnStray(OutboxMessage& message) {
  // Its own id was taken, by whomever: not to be tried for ever.
  if (message.kept.starts) return false;
  std::vector<OutboxMessage*> strays;
  for (const auto& other : outbox_.all()) {
    if (other->kept.conversation == message.kept.conversation && other->stored_seq == 0) strays.push_back(other.get());
  }
  MoveToNew(strays);
  return true;
}

// All into one new conversation: only one is on screen, and there they are all seen. The first that has not failed
// begins it, so that one that cannot be sent keeps none from it.
void CustomerSession::MoveToNew(const std::vector<OutboxMessage*>& strays) {
  if (strays.empty()) return;
  const std::string id = NewId(wire::ConversationKind::kPrefix);
  OutboxMessage* first = nullptr;
  std::optional<wire::Page> page;
  std::optional<std::vector<wire::Field>> form;
  bool selects = model_.Find(selected_) == nullptr;
  for (OutboxMessage* message : strays) {
    // What was refused for its place has a place now.
    if (message->kept.failure == "not_found") message->kept.failure.reset();
    if (first == nullptr && !message->failed()) first = message;
    if (!page) page = message->kept.page;
    if (!form) form = message->kept.form;
    selects = selects || message->kept.conversation == selected_;
  }
  if (first == nullptr) first = strays.front();
  first->kept.page = std::move(page);
  first->kept.form = std::move(form);
  for (OutboxMessage* message : strays) {
    Abort(message->request);
    if (const Conversation* left = model_.Find(message->kept.conversation); left != nullptr && left->local) {
      model_.Remove(message->kept.conversation);
    }
    outbox_.Move(*message, id, message == first ? Outbox::Place::kBegins : Outbox::Place::kFollows, customer_.id);
  }
  BeginLocal(id, first->kept.at);
  if (selects) Reselect(id);
  started_over_ = true;
}

bool CustomerSession::OnSnapshotRefused() { return !std::exchange(identity_, std::string()).empty(); }

bool CustomerSession::OnTokenRefused() {
  Forget(token_);
  // Whoever signed in elsewhere last is it: two tabs that say two names would take turns for ever.
  if (!token_.empty()) identity_.clear();
  return true;
}

// Another tab may have a newer one already: two new sessions would part the tabs for ever.
void CustomerSession::Forget(std::string_view token) {
  const std::string kept = platform_.storage.Get(TokenKey(site_id_)).value_or("");
  if (kept == token) platform_.storage.Remove(TokenKey(site_id_));
  token_ = kept == token ? "" : kept;
}

bool CustomerSession::IsReader(const wire::Conversation&) const { return true; }

}  // namespace alcove::client
