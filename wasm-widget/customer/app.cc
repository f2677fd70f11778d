#include "wasm-widget/customer/app.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "wasm-widget/client/json.h"
#include "wasm-widget/conversation/log.h"
#include "wasm-widget/conversation/strings.h"
#include "wasm-widget/customer/strings.h"
#include "wasm-widget/ui/strings.h"

namespace alcove::customer {
namespace {

using client::Connection;
using wire::ConversationState;

Phase PhaseOf(ConversationState state) {
  switch (state) {
    case ConversationState::kQueued:
      return Phase::kWaiting;
    case ConversationState::kClosed:
      return Phase::kEnded;
    default:
      return Phase::kTalking;  // its start may still be in the outbox
  }
}

// What is begun and not sent. It is there again when the page is, which a shop changes often.
struct Draft {
  std::string text;
  std::vector<wire::Field> form;
};
template <class V>
void Describe(V& visit, Draft& draft) {
  visit("text", draft.text);
  visit("form", draft.form);
}

constexpr int64_t kMinuteMs = 60'000;
constexpr int64_t kDayMs = 24 * 60 * kMinuteMs;

// Rounded up, so that it is no promise that half are late for.
std::string DurationText(int64_t ms) {
  const int64_t minutes = std::max<int64_t>((ms + kMinuteMs - 1) / kMinuteMs, 1);
  if (minutes < 60) return ui::Fill(strings::kMinutes, {std::to_string(minutes)});
  if (minutes < 24 * 60) return ui::Fill(strings::kHours, {std::to_string((minutes + 59) / 60)});
  return ui::Fill(strings::kDays, {std::to_string((minutes + 24 * 60 - 1) / (24 * 60))});
}

std::string EndedLine(const client::Row& row, const std::string& time) {
  if (row.mine) return ui::Fill(strings::kYouClosedAt, {time});
  if (row.actor->kind != wire::ActorKind::kAgent) return ui::Fill(strings::kEndedAt, {time});
  return ui::Fill(strings::kClosedAt, {conversation::FirstName(row.actor->name), time});
}

// What the last message may be answered with.
std::span<const std::string> QuickRepliesTo(std::span<const client::Row> rows) {
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
    if (row->type != wire::EventType::kMessage) continue;
    if (row->event == nullptr || !row->event->quick_replies) break;
    return *row->event->quick_replies;
  }
  return {};
}

}  // namespace

void CustomerApp::Start(platform::Platform& platform) {
  platform_ = &platform;
  framed_ = !platform.QueryParameter("origin").empty();
  tab_visible_ = platform.Visible();
  session_.emplace(platform.client());
  // A page that says what is no list of them says nothing.
  std::vector<wire::Field> attributes;
  if (client::ParseJson(platform.QueryParameter("attributes"), attributes)) {
    session_->SetAttributes(std::move(attributes));
  }
  session_->SetIdentity(platform.QueryParameter("identity"));
  session_->Start(platform.QueryParameter("site"), std::nullopt, platform.QueryParameter("locale"));
  accent_ = ui::ParseHex(platform.QueryParameter("accent"));
  TakeDraft();
  session_->SetVisible(Seen());
}

void CustomerApp::Frame(ui::Ui& ui) {
  if (accent_) ui.SetAccent(*accent_);
  SelectNewest();
  CustomerView view;
  view.framed = framed_;
  const Connection connection = session_->connection();
  view.connected = connection != Connection::kReconnecting;
  view.superseded = connection == Connection::kSuperseded;
  view.started_over = session_->started_over();
  FillSite(view);
  if (connection == Connection::kBlocked) {
    view.phase = Phase::kRefused;
    view.notice = session_->blocked_code() == "blocked" ? strings::kBlocked : strings::kChatUnavailable;
  } else if (session_->ready()) {
    view.phase = Phase::kFresh;
    if (!FillForm(view)) FillConversation(view);
  }
  Act(DrawCustomer(ui, view, state_));
  if (!told_ready_) {
    told_ready_ = true;
    platform_->TellLoaderReady();
  }
  const bool reads = Seen() && state_.log.scroll.at_bottom;
  if (reads && (view.phase == Phase::kTalking || view.phase == Phase::kWaiting || view.phase == Phase::kEnded)) {
    session_->MarkRead();
  }
  Settle();
}

// The newest conversation is the one that goes on, also after a reload.
void CustomerApp::SelectNewest() {
  if (!session_->ready() || wants_new_ || !session_->selected().empty()) return;
  session_->Select(std::string(session_->newest()));
}

void CustomerApp::FillSite(CustomerView& view) {
  const wire::SiteSummary& site = session_->site();
  view.site_name = site.name;
  view.greeting = site.greeting;
  view.team_online = site.online && !site.offline.value_or(false);
  view.team = site.agents;
  promise_.clear();
  if (view.team_online && site.reply_ms) {
    promise_ = ui::Fill(strings::kUsuallyReplies, {strings::kTeamOnline.text(), DurationText(*site.reply_ms)});
  } else if (!view.team_online && site.opens_at && *site.opens_at - platform_->client().clock.WallMs() < kDayMs) {
    promise_ = ui::Fill(strings::kBackAt, {strings::kTeamAway.text(), platform_->FormatTime(*site.opens_at)});
  }
  view.team_promise = promise_;
}

bool CustomerApp::FillForm(CustomerView& view) {
  const client::KeptMessage* refused = session_->refused_start();
  if (refused == nullptr) {
    refused_start_.clear();
    if (state_.form.answered || session_->conversation()) return false;
  } else if (refused_start_ != refused->id) {
    refused_start_ = refused->id;
    state_.form.Refused(refused->form.value_or(std::vector<wire::Field>()), *refused->refused_field);
  }
  const auto& form = session_->site().form;
  if (!form || form->empty()) return false;
  // What was to be written in is not there yet: this is.
  if (refused == nullptr && std::exchange(state_.composer.wants_focus, false)) {
    state_.form.Field(form->front().name).box.Focus();
  }
  view.form = *form;
  return true;
}

void CustomerApp::FillConversation(CustomerView& view) {
  const std::optional<client::ConversationView> shown = session_->conversation();
  if (!shown) return;
  view.phase = PhaseOf(shown->summary->state);
  view.position = shown->summary->position.value_or(0);
  view.offline = shown->summary->offline.value_or(false);
  if (shown->summary->agent) {
    agent_name_ = shown->summary->agent->name;
    view.agent_name = agent_name_;
    const auto& team = session_->site().agents;
    const auto agent = std::find_if(team.begin(), team.end(), [&](const wire::AgentSummary& other) {
      return other.id == shown->summary->agent->id;
    });
    view.agent_online = agent != team.end() && agent->presence == wire::Presence::kOnline;
  }
  if (shown->summary->bot) {
    agent_name_ = shown->summary->bot->name;
    view.agent_name = agent_name_;
    view.with_bot = true;
    view.handing_over = session_->handing_over();
  }
  view.ending = shown->closing;
  view.can_end = !shown->closing && (shown->summary->state == ConversationState::kQueued ||
                                     shown->summary->state == ConversationState::kOpen ||
                                     shown->summary->state == ConversationState::kBot);
  FillLog(*shown, view);
  view.has_earlier = shown->has_earlier;
  if (shown->typing != nullptr) {
    typing_ = ui::Fill(strings::kIsTyping, {conversation::FirstName(shown->typing->name)});
    view.typing = typing_;
  }
}

void CustomerApp::FillLog(const client::ConversationView& shown, CustomerView& view) {
  if (BuildLogOf(shown, wire::ActorKind::kCustomer)) {
    if (log_conversation_ != shown.summary->id) state_.log = {};
    log_conversation_ = shown.summary->id;
    ended_.clear();
    for (const client::Row& row : shown.rows) {
      if (row.type == wire::EventType::kClosed) ended_ = EndedLine(row, platform_->FormatTime(row.at));
    }
  }
  view.log = log();
  view.log_version = log_version();
  view.ended = ended_;
  if (view.can_end) view.quick_replies = QuickRepliesTo(shown.rows);
}

void CustomerApp::Act(const CustomerRequest& request) {
  if (request.send) {
    Send();
  } else if (request.typed && session_->conversation()) {
    session_->SetTyping(state_.composer.text);
  }
  if (request.typed || request.send) KeepDraft();
  if (request.begin) Begin();
  if (!request.retry.empty()) Retry(request.retry);
  if (!request.discard.empty()) session_->DiscardMessage(request.discard);
  if (!request.quick_reply.empty()) {
    session_->SendMessage(request.quick_reply);
    // The button that was pressed is gone and would take the keyboard with it.
    state_.composer.Focus();
    state_.log.scroll.ToBottom();
  }
  if (request.earlier) session_->LoadEarlier();
  if (request.take_over || request.try_again) session_->Resume();
  if (request.end) session_->Close();
  if (request.hand_over) session_->AskForPerson();
  if (request.start_new) {
    wants_new_ = true;
    // Nothing leads back to it: what was not scrolled to would be counted as unread for ever.
    session_->MarkRead();
    session_->Select("");
    state_.composer.Focus();
  }
  if (request.close_panel) platform_->TellLoaderClose();
  const bool changed = request.send || request.begin || !request.retry.empty() || !request.discard.empty() ||
                       request.start_new || request.end || request.try_again || request.hand_over ||
                       !request.quick_reply.empty();
  if (changed) platform_->Wake();
}

void CustomerApp::Begin() {
  if (session_->refused_start() != nullptr) {
    session_->StartAgain(FormAnswers());
  } else {
    state_.form.answered = true;
  }
  state_.composer.Focus();
}

std::vector<wire::Field> CustomerApp::FormAnswers() const {
  const auto& form = session_->site().form;
  return form ? state_.form.Answers(*form) : std::vector<wire::Field>();
}

void CustomerApp::TakeDraft() {
  draft_key_ = "alcove.draft." + platform_->QueryParameter("site");
  const std::optional<std::string> kept = platform_->drafts().Get(draft_key_);
  Draft draft;
  if (!kept || !client::ParseJson(*kept, draft)) return;
  state_.composer.text = std::move(draft.text);
  for (wire::Field& field : draft.form) state_.form.Field(field.name).box.text = std::move(field.value);
}

void CustomerApp::KeepDraft() {
  Draft draft{state_.composer.text, {}};
  // What went with the start is with the server, or in the outbox.
  if (!session_->conversation()) draft.form = state_.form.Written();
  if (draft.text.empty() && draft.form.empty()) {
    platform_->drafts().Remove(draft_key_);
  } else {
    platform_->drafts().Set(draft_key_, client::ToJson(draft));
  }
}

void CustomerApp::Retry(std::string_view message) {
  // The site asks nothing any more.
  if (session_->refused_start() != nullptr) {
    session_->StartAgain(FormAnswers());
  } else {
    session_->RetryMessage(message);
  }
}

void CustomerApp::Send() {
  const std::string text = state_.composer.Take();
  if (session_->conversation()) {
    session_->SendMessage(text);
  } else {
    wants_new_ = false;
    session_->StartConversation(text, page_, FormAnswers());
    state_.form.answered = false;
  }
  // The button that was pressed is disabled now and would take the keyboard with it.
  state_.composer.Focus();
  state_.log.scroll.ToBottom();
}

void CustomerApp::Settle() {
  if (framed_ && told_ready_ && told_unread_ != session_->unread()) {
    told_unread_ = session_->unread();
    platform_->TellLoaderUnread(static_cast<int>(told_unread_));
  }
  TickAt(session_->NextDueAt());
}

void CustomerApp::OnOpened() {
  opened_ = true;
  state_.composer.Focus();
  OnVisible(tab_visible_);
}

void CustomerApp::OnHidden() {
  opened_ = false;
  OnVisible(tab_visible_);
}

void CustomerApp::OnPage(std::string_view url, std::string_view title) {
  page_ = wire::Page{.url = std::string(url), .title = std::string(title)};
}

}  // namespace alcove::customer
