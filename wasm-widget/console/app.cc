#include "wasm-widget/console/app.h"

#include <algorithm>
#include <utility>

#include "functions/wire/limits.h"
#include "functions/wire/placeholders.h"
#include "wasm-widget/console/strings.h"
#include "wasm-widget/console/words.h"
#include "wasm-widget/conversation/log.h"
#include "wasm-widget/conversation/strings.h"
#include "wasm-widget/ui/strings.h"

namespace alcove::console {
namespace {

using client::Connection;
using client::SignInProblem;

// How often "3 min" is written anew while nothing else happens.
constexpr int64_t kAgeMs = 60 * 1000;

std::string_view ErrorText(SignInProblem problem) {
  switch (problem) {
    case SignInProblem::kNone:
      return {};
    case SignInProblem::kCodeAsked:
      return {};
    case SignInProblem::kRefused:
      return strings::kRefused;
    case SignInProblem::kCodeRefused:
      return strings::kCodeRefused;
    case SignInProblem::kTooOften:
      return strings::kTooOften;
    case SignInProblem::kUnreachable:
      return strings::kUnreachable;
    case SignInProblem::kEnded:
      return strings::kSessionEnded;
  }
  return {};
}

std::string PreviewText(const wire::Conversation& conversation, std::string_view my_id) {
  if (!conversation.preview) return {};
  const bool by_me =
      conversation.preview->by == wire::ActorKind::kAgent && conversation.agent && conversation.agent->id == my_id;
  const std::string& text = conversation.preview->text;
  std::string said = text.empty() ? std::string(strings::kMessageDeleted) : ui::ParseMarkdown(text).text;
  return by_me ? ui::Fill(strings::kYouSaid, {said}) : said;
}

const std::string* FindValue(const std::optional<std::vector<wire::Attribute>>& attributes, std::string_view name) {
  if (!attributes) return nullptr;
  for (const wire::Attribute& attribute : *attributes) {
    if (attribute.name == name) return &attribute.value;
  }
  return nullptr;
}

// What a placeholder of a canned reply stands for (functions/wire/placeholders.h); nullopt: that is not known here.
std::optional<std::string> ValueOf(std::string_view name, const wire::Conversation& conversation,
                                   const std::string& agent, const std::string& site) {
  if (name == "agent.name") return agent;
  if (name == "site.name") return site;
  if (name == "customer.name") return conversation.customer.name;
  const bool of_customer = name.substr(0, 9) == "customer.";
  const auto& attributes = of_customer ? conversation.customer_attributes : conversation.attributes;
  name.remove_prefix(std::min(name.find('.') + 1, name.size()));
  const std::string* const value = FindValue(attributes, name);
  return value != nullptr ? std::optional(*value) : std::nullopt;
}

std::string WhyRefused(const client::Together::Refused& refused) {
  if (refused.agent) return ui::Fill(strings::kHasIt, {refused.agent->name});
  if (refused.code == "not_found") return std::string(strings::kRefusedGone);
  if (refused.code == "closed") return std::string(strings::kIsClosed);
  if (refused.code == "role_required") return std::string(strings::kRefusedRole);
  if (refused.code.empty()) return std::string(strings::kRefusedUnheard);
  if (refused.code != "unprocessable") return std::string(strings::kNotDone);
  const ui::Phrase why = refused.act == "close"    ? strings::kRefusedClose
                         : refused.act == "tags"   ? strings::kRefusedTags
                         : refused.act == "assign" ? strings::kRefusedReceiver
                                                   : strings::kNotDone;
  return std::string(why);
}

// "Jonas, Ada"
void AddName(std::string& names, std::string_view name) { names.append(names.empty() ? "" : ", ").append(name); }

}  // namespace

void ConsoleApp::Start(platform::Platform& platform) {
  platform_ = &platform;
  session_.emplace(platform.client());
  session_->Start();
  resuming_ = session_->sign_in() == client::SignInState::kSigningIn;
  tab_visible_ = platform.Visible();
  session_->SetVisible(tab_visible_);
  if (!resuming_) sign_in_.email.Focus();
}

void ConsoleApp::Frame(ui::Ui& ui) {
  if (session_->sign_in() == client::SignInState::kSignedOut) resuming_ = false;
  FollowSignIn();
  if (session_->sign_in() == client::SignInState::kSignedIn || resuming_) {
    FrameInbox(ui);
  } else {
    FrameSignIn(ui);
  }
  Settle();
}

void ConsoleApp::FrameSignIn(ui::Ui& ui) {
  const bool busy = session_->sign_in() == client::SignInState::kSigningIn;
  const SignInView view{.busy = busy, .asks_code = asks_code_, .error = ErrorText(session_->sign_in_problem())};
  if (!DrawSignIn(ui, view, sign_in_)) return;
  session_->SignIn(sign_in_.email.text, sign_in_.password.text, sign_in_.code.text);
  // Seen, though the answer may come before another frame.
  was_sign_in_ = session_->sign_in();
  platform_->Wake();
}

// A session ends without being asked: what was being written waits for the same agent to come back, and for nobody
// else.
void ConsoleApp::FollowSignIn() {
  const client::SignInState now = session_->sign_in();
  if (now == was_sign_in_) return;
  const bool signed_out = now == client::SignInState::kSignedOut;
  if (signed_out || now == client::SignInState::kSignedIn) {
    const SignInProblem problem = session_->sign_in_problem();
    asks_code_ = signed_out && (problem == SignInProblem::kCodeAsked || problem == SignInProblem::kCodeRefused);
    // With the code the password is sent once more, which was right.
    if (!asks_code_) sign_in_.password.text.clear();
    sign_in_.code.text.clear();
  }
  if (signed_out) {
    KeepDraft();
    composing_.clear();
    state_.composer.text.clear();
    state_.LeaveConversation();
    state_.choosing = {};
    not_done_.clear();
    told_.clear();
    seen_together_ = 0;
    rows_.clear();
    // The boxes were disabled while they were tried: the keyboard is nowhere.
    (asks_code_ ? sign_in_.code : sign_in_.email.Blank() ? sign_in_.email : sign_in_.password).Focus();
  }
  if (now == client::SignInState::kSignedIn && drafts_of_ != session_->me().id) {
    drafts_.clear();
    drafts_of_ = session_->me().id;
  }
  was_sign_in_ = now;
}

void ConsoleApp::FrameInbox(ui::Ui& ui) {
  FollowSelection();
  FollowTaken();
  FollowTogether();
  ConsoleView view;
  const Connection connection = session_->connection();
  view.connected = connection != Connection::kReconnecting;
  view.superseded = connection == Connection::kSuperseded;
  view.refused = connection == Connection::kBlocked;
  view.connecting = !session_->ready();
  view.presence_refused = session_->presence_refused();
  view.agent = session_->me();
  view.agents = session_->agents();
  view.canned = session_->canned();
  view.macros = session_->macros();
  view.teams = session_->teams();
  view.tags = session_->tags();
  view.closing = &session_->closing();
  view.unread_count = static_cast<int>(session_->unread());
  FillList(view);
  FillConversation(view);
  Act(DrawConsole(ui, view, state_));
  if (tab_visible_ && view.open && state_.log.scroll.at_bottom) session_->MarkRead();
}

// The one that was open may turn out not to be there.
void ConsoleApp::FollowSelection() {
  if (session_->ready() && session_->selected().empty()) Open("");
}

// What one took moves to the list of one's own, and the eye with it.
void ConsoleApp::FollowTaken() {
  if (taking_.empty()) return;
  const std::optional<client::ConversationView> shown = session_->conversation();
  if (!shown || shown->summary->id != taking_ || session_->claimed_by() != nullptr || session_->action_refused()) {
    taking_.clear();
    return;
  }
  const wire::Conversation& taken = *shown->summary;
  if (!client::IsUnderWay(taken) || !taken.agent || taken.agent->id != session_->me().id) return;
  tab_ = ListTab::kMine;
  state_.composer.Focus();
  taking_.clear();
}

// What was done is chosen no longer; what was not stays chosen, so that something else can be done with it.
void ConsoleApp::FollowTogether() {
  const client::Together& together = session_->together();
  if (together.number == seen_together_) return;
  seen_together_ = together.number;
  for (const std::string& done : together.done) std::erase(state_.choosing.ids, done);
  // The keyboard is where the person went on meanwhile.
  if (state_.choosing.ids.empty()) state_.choosing = {};
  not_done_.clear();
  state_.not_done = {};
  for (const auto& refused : together.refused) {
    not_done_.push_back({NameOfCustomer(refused.customer), WhyRefused(refused)});
  }
  told_ = ui::Fill(strings::kDoneWith, {std::to_string(together.done.size())});
  if (!not_done_.empty()) told_ += ". " + ui::Fill(strings::kNotDoneWith, {std::to_string(not_done_.size())});
  if (tab_ == ListTab::kTeam) session_->LoadTeam();
}

void ConsoleApp::FillList(ConsoleView& view) {
  view.tab = tab_;
  view.mine_count = static_cast<int>(session_->Mine().size());
  // Signals tell of presence, not of each conversation that comes or goes. What is put aside, or another's, is no load.
  view.agent.load =
      std::count_if(session_->Mine().begin(), session_->Mine().end(), [this](const wire::Conversation* mine) {
        return mine->state == wire::ConversationState::kOpen && !session_->TakesPart(*mine);
      });
  view.waiting_count = static_cast<int>(session_->Waiting().size());
  view.with_bot_count = static_cast<int>(session_->WithBot().size());
  view.list_loading =
      (tab_ == ListTab::kClosed && session_->closed_loading()) || (tab_ == ListTab::kTeam && session_->team_loading());
  const client::AgentSession::List& list = tab_ == ListTab::kMine      ? session_->Mine()
                                           : tab_ == ListTab::kWaiting ? session_->Waiting()
                                           : tab_ == ListTab::kTeam    ? session_->Team()
                                           : tab_ == ListTab::kWithBot ? session_->WithBot()
                                                                       : session_->Closed();
  const std::optional<client::ConversationView> shown = session_->conversation();
  rows_.clear();
  for (const wire::Conversation* row : list) {
    std::string time = platform_->FormatRelative(row->updated_at);
    if (tab_ == ListTab::kTeam) time = std::string(conversation::FirstName(row->agent->name)) + " · " + time;
    rows_.push_back({.id = row->id,
                     .name = NameOfCustomer(row->customer),
                     .time = std::move(time),
                     .preview = PreviewText(*row, session_->me().id),
                     .typing = shown && shown->summary->id == row->id && shown->typing != nullptr,
                     .unread = static_cast<int>(row->unread),
                     .tags = row->tags ? std::span<const std::string>(*row->tags) : std::span<const std::string>()});
  }
  view.rows = rows_;
  view.not_done = not_done_;
  view.told = told_;
  view.acting_together = session_->acting_together();
}

void ConsoleApp::FillConversation(ConsoleView& view) {
  const std::optional<client::ConversationView> shown = session_->conversation();
  if (!shown) return;
  const wire::Conversation& summary = *shown->summary;
  BuildLogOf(*shown, wire::ActorKind::kAgent);
  ConversationView open;
  open.conversation = &summary;
  open.name = NameOfCustomer(summary.customer);
  open.started = platform_->FormatDay(summary.created_at) + ", " + platform_->FormatTime(summary.created_at);
  open.subtitle = open.started;
  if (summary.page) {
    open.subtitle = ui::Fill(strings::kSince, {ShortPage(*summary.page), platform_->FormatTime(summary.created_at)});
  }
  open.mine = summary.agent && summary.agent->id == session_->me().id;
  open.joined = session_->TakesPart(summary);
  open.claiming = session_->claiming() || shown->closing;
  open.can_whisper = session_->supervises() && client::IsUnderWay(summary) && summary.agent && !open.mine;
  open.log = log();
  open.log_version = log_version();
  open.has_earlier = shown->has_earlier;
  open.draft = shown->draft;
  if (shown->typing != nullptr) {
    typing_ = ui::Fill(strings::kIsTyping, {conversation::FirstName(open.name)});
    open.typing = typing_;
  }
  FillParticipants(open);
  FillFacts(open);
  FillViewers(open);
  if (const wire::Actor* other = session_->claimed_by()) {
    notice_ = ui::Fill(strings::kHasIt, {other->name.empty() ? strings::kSomebodyElse : std::string_view(other->name)});
    view.notice = notice_;
  } else if (session_->action_refused()) {
    view.notice = strings::kNotDone;
  }
  view.open = std::move(open);
}

void ConsoleApp::FillParticipants(ConversationView& open) {
  participants_.clear();
  if (!open.conversation->participants) return;
  for (const wire::Actor& agent : *open.conversation->participants) AddName(participants_, agent.name);
  open.participants = participants_;
}

void ConsoleApp::FillFacts(ConversationView& open) {
  const wire::Conversation& known = *open.conversation;
  facts_.clear();
  if (known.form) {
    for (const wire::Field& answer : *known.form) facts_.push_back({answer.name, answer.value});
  }
  // Those that the site knows come in its order, and can be set; others were said by a page before it knew less.
  const auto& all = session_->attributes();
  for (const auto& attribute : all) {
    const bool of_customer = attribute.fields.of == wire::AttributeOwner::kCustomer;
    const auto& values = of_customer ? known.customer_attributes : known.attributes;
    const std::string* const value = FindValue(values, attribute.fields.name);
    facts_.push_back(
        {attribute.fields.label, value != nullptr ? std::string_view(*value) : std::string_view(), &attribute});
  }
  for (const auto* attributes : {&known.customer_attributes, &known.attributes}) {
    if (!*attributes) continue;
    for (const wire::Attribute& attribute : **attributes) {
      const bool is_shown =
          std::any_of(all.begin(), all.end(), [&](const auto& each) { return each.fields.name == attribute.name; });
      if (!is_shown) facts_.push_back({attribute.name, attribute.value});
    }
  }
  open.facts = facts_;
}

void ConsoleApp::FillViewers(ConversationView& open) {
  viewers_.clear();
  also_writes_.clear();
  std::string names;
  for (const client::Viewer& viewer : session_->viewers()) {
    viewers_.push_back(viewer.agent.name);
    AddName(names, viewer.agent.name);
    if (viewer.writes_until == 0 || !also_writes_.empty()) continue;
    also_writes_ = ui::Fill(strings::kAlsoWrites, {conversation::FirstName(viewer.agent.name)});
  }
  also_here_ = ui::Fill(strings::kAlsoHere, {names});
  open.viewers = viewers_;
  open.also_here = also_here_;
  open.also_writes = also_writes_;
}

void ConsoleApp::Act(const ConsoleRequest& request) {
  if (!request.canned.empty()) PutCanned(request.canned);
  if (request.send) {
    SendWritten();
  } else if (request.typed || request.mode_changed || !request.canned.empty()) {
    // That a note is being written is not for the customer to know.
    const bool is_reply = state_.writing == Writing::kReply;
    session_->SetTyping(is_reply ? std::string_view(state_.composer.text) : std::string_view());
  }
  if (!request.retry.empty()) session_->RetryMessage(request.retry);
  if (!request.discard.empty()) session_->DiscardMessage(request.discard);
  if (request.earlier) session_->LoadEarlier();
  ActOnConversation(request);
  ActOnAll(request.all);
  if (request.dismiss) not_done_.clear();
  if (request.presence) session_->SetPresence(*request.presence);
  if (request.resume) session_->Resume();
  if (request.tab) {
    tab_ = *request.tab;
    state_.list = {};
    state_.choosing = {};
    not_done_.clear();
    if (tab_ == ListTab::kClosed) session_->LoadClosed();
    if (tab_ == ListTab::kTeam) session_->LoadTeam();
  } else if (request.list_end) {
    const bool closed = tab_ == ListTab::kClosed && session_->closed_has_more() && !session_->closed_loading();
    const bool team = tab_ == ListTab::kTeam && session_->team_has_more() && !session_->team_loading();
    if (closed) session_->LoadMoreClosed();
    if (team) session_->LoadMoreTeam();
  }
  if (!request.open.empty()) Open(request.open);
  if (request.back) Open("");
  if (request.sign_out) {
    Open("");
    drafts_.clear();
    session_->SignOut();
    sign_in_ = {};
    sign_in_.email.Focus();
  }
  const bool changed = !request.canned.empty() || request.presence || request.tab || request.dismiss ||
                       !request.open.empty() || request.back || request.sign_out || request.mode_changed ||
                       !request.retry.empty() || !request.discard.empty();
  if (changed) platform_->Wake();
}

void ConsoleApp::PutCanned(std::string_view shortcut) {
  const auto& all = session_->canned();
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.shortcut == shortcut; });
  const std::optional<client::ConversationView> shown = session_->conversation();
  if (found == all.end() || !shown) return;
  const std::string text = wire::FillPlaceholders(found->text, [&](std::string_view name) {
    return ValueOf(name, *shown->summary, session_->me().name, session_->site().name);
  });
  std::string& written = state_.composer.text;
  if (state_.composer.Blank()) written.clear();
  const std::string_view between = written.empty() ? "" : " ";
  if (written.size() + between.size() + text.size() > wire::kMessageTextBytesMax) return;
  written.append(between).append(text);
  state_.composer.Focus();
}

void ConsoleApp::SendWritten() {
  // It goes on being a note: the next one sent as a reply by mistake could not be taken back.
  switch (state_.writing) {
    case Writing::kReply:
      session_->SendMessage(state_.composer.Take());
      break;
    case Writing::kNote:
      session_->SendNote(state_.composer.Take());
      break;
    case Writing::kWhisper:
      session_->SendNote(state_.composer.Take(), client::AgentSession::Note::kWhispered);
      break;
  }
  // The button that was pressed is disabled now and would take the keyboard with it.
  state_.composer.Focus();
  state_.log.scroll.ToBottom();
  platform_->Wake();
}

void ConsoleApp::ActOnConversation(const ConsoleRequest& request) {
  if (request.claim || request.take_over || request.reopen) taking_ = session_->selected();
  if (request.claim) session_->Claim();
  if (request.take_over) session_->Assign({session_->me().id, {}, {}});
  if (request.close) session_->Close(request.reason);
  if (request.reopen) session_->Reopen();
  if (request.join) {
    session_->Join();
    // Which comes with the answer.
    state_.composer.Focus();
  }
  if (request.leave) session_->Leave();
  if (request.assign) session_->Assign(*request.assign);
  if (!request.ask_in.empty()) session_->AskIn(request.ask_in);
  if (!request.run_macro.empty()) session_->RunMacro(request.run_macro);
  if (request.snooze_ms > 0) session_->Snooze(platform_->client().clock.WallMs() + request.snooze_ms);
  if (!request.add_tag.empty()) session_->AddTag(request.add_tag);
  if (!request.remove_tag.empty()) session_->RemoveTag(request.remove_tag);
  if (!request.attribute.empty()) session_->SetAttribute(request.attribute, request.value);
  const bool asked = request.claim || request.take_over || request.close || request.reopen || request.join ||
                     request.leave || request.assign || !request.ask_in.empty() || !request.run_macro.empty() ||
                     request.snooze_ms > 0 || !request.add_tag.empty() || !request.remove_tag.empty() ||
                     !request.attribute.empty();
  if (asked) platform_->Wake();
}

void ConsoleApp::ActOnAll(const ForAllRequest& all) {
  const client::AgentSession::Ids& chosen = state_.choosing.ids;
  if (all.close) session_->CloseAll(chosen, all.reason);
  if (all.reopen) session_->ReopenAll(chosen);
  if (all.assign) session_->AssignAll(chosen, *all.assign);
  if (all.snooze_ms > 0) session_->SnoozeAll(chosen, platform_->client().clock.WallMs() + all.snooze_ms);
  if (!all.add_tag.empty()) session_->TagAll(chosen, {std::vector<std::string>{all.add_tag}, std::nullopt});
  if (!all.remove_tag.empty()) session_->TagAll(chosen, {std::nullopt, std::vector<std::string>{all.remove_tag}});
  const bool asked =
      all.close || all.reopen || all.assign || all.snooze_ms > 0 || !all.add_tag.empty() || !all.remove_tag.empty();
  if (!asked) return;
  not_done_.clear();
  told_.clear();
  platform_->Wake();
}

void ConsoleApp::KeepDraft() {
  if (!composing_.empty() && !state_.composer.Blank()) {
    drafts_[composing_] = {state_.composer.text, state_.writing};
  }
}

void ConsoleApp::Open(std::string_view id) {
  if (composing_ == id) return;
  KeepDraft();
  const auto kept = drafts_.find(id);
  state_.composer.text.clear();
  state_.LeaveConversation();
  if (kept != drafts_.end()) {
    state_.composer.text = std::move(kept->second.text);
    state_.writing = kept->second.writing;
    drafts_.erase(kept);
  }
  composing_ = id;
  state_.log = {};
  session_->Select(id);
  if (!id.empty()) state_.composer.Focus();
}

void ConsoleApp::Settle() {
  const int64_t unread = session_->sign_in() == client::SignInState::kSignedIn ? session_->unread() : 0;
  if (unread != titled_unread_) {
    titled_unread_ = unread;
    const std::string name(strings::kAlcove);
    platform_->SetTitle(unread > 0 ? "(" + std::to_string(unread) + ") " + name : name);
  }
  int64_t due = session_->NextDueAt();
  if (tab_visible_ && !rows_.empty()) due = std::min(due, platform_->client().clock.MonotonicMs() + kAgeMs);
  TickAt(due);
}

}  // namespace alcove::console
