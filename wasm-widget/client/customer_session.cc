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

void CustomerSession::StartConversation(std::string_view text, std::optional<wire::Page> page) {
  const std::string id = NewId(wire::ConversationKind::kPrefix);
  Enqueue(id, text, true, std::move(page));
  // Not where the text was not acceptable.
  if (outbox_.all().empty() || outbox_.all().back()->kept.conversation != id) return;
  Conversation& conversation = model_.FindOrAdd(id);
  conversation.local = true;
  conversation.loaded = true;
  conversation.summary.created_at = outbox_.all().back()->kept.at;
  conversation.summary.updated_at = conversation.summary.created_at;
  conversation.summary.customer = self_;
  Select(id);
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
  if (!token_.empty()) body.token = token_;
  body.page = page_;
  if (!locale_.empty()) body.locale = locale_;
  HttpRequest request;
  request.method = HttpMethod::kPost;
  request.path = "/v1/customer/session";
  request.body = ToJson(body);
  return request;
}

bool CustomerSession::TakeSnapshot(std::string_view body, std::string& cursor, wire::PollHints& hints) {
  wire::CustomerSession session;
  if (!ParseJson(body, session)) return false;
  if (session.token != token_) {
    token_ = session.token;
    platform_.storage.Set(TokenKey(site_id_), token_);
  }
  customer_ = std::move(session.customer);
  self_.id = customer_.id;
  self_.name = customer_.name;
  site_ = std::move(session.site);
  model_.ReplaceAll(session.conversations, selected_);
  cursor = std::move(session.cursor);
  hints = session.poll;
  return true;
}

bool CustomerSession::OnTokenRefused() {
  // Another tab may have a newer one already: two new sessions would part the tabs for ever.
  const std::string kept = platform_.storage.Get(TokenKey(site_id_)).value_or("");
  if (kept == token_) platform_.storage.Remove(TokenKey(site_id_));
  token_ = kept == token_ ? "" : kept;
  return true;
}

bool CustomerSession::IsReader(const wire::Conversation&) const { return true; }

}  // namespace alcove::client
