#include "wasm-widget/conversation/session_app.h"

#include <algorithm>
#include <utility>

namespace alcove::conversation {

void SessionApp::OnResponse(int64_t id, const client::HttpAnswer& answer) {
  session().OnResponse(id, answer);
  Settle();
}

void SessionApp::OnTick() {
  session().Tick();
  Settle();
}

void SessionApp::OnVisible(bool visible) {
  tab_visible_ = visible;
  session().SetVisible(Seen());
  // Whoever looks at this tab wants it to work.
  if (Seen() && session().connection() == client::Connection::kSuperseded) session().Resume();
  Settle();
}

void SessionApp::OnOnline(bool online) {
  if (online) session().OnNetworkBack();
  Settle();
}

void SessionApp::OnPageShow() {
  session().OnNetworkBack();
  Settle();
}

void SessionApp::TickAt(int64_t due) {
  const int64_t now = platform_->client().clock.MonotonicMs();
  platform_->TickIn(due == client::kNever ? -1 : static_cast<double>(std::max<int64_t>(due - now, 0)));
}

bool SessionApp::BuildLogOf(const client::ConversationView& shown, wire::ActorKind reader) {
  // The day's name is part of the log: past midnight "Today" is another day.
  std::string today = platform_->FormatDay(platform_->client().clock.WallMs());
  const uint64_t revision = session().revision();
  if (log_revision_ == revision && log_day_ == today && log_conversation_ == shown.summary->id) return false;
  log_revision_ = revision;
  ++log_version_;
  log_day_ = std::move(today);
  log_conversation_ = shown.summary->id;
  log_ = BuildLog({.rows = shown.rows, .reader = reader}, {[this](int64_t at) { return platform_->FormatTime(at); },
                                                           [this](int64_t at) { return platform_->FormatDay(at); }});
  return true;
}

}  // namespace alcove::conversation
