#include "wasm-widget/client/agent_session.h"

#include <algorithm>
#include <utility>

#include "functions/wire/ids.h"
#include "functions/wire/limits.h"
#include "wasm-widget/client/json.h"

namespace alcove::client {
namespace {

constexpr std::string_view kTokenKey = "alcove.agent.token";
constexpr int64_t kListPage = 50;
// Forgotten after wire::kViewingTtlMs (45 s): one that is lost may be late by as much as half.
constexpr int64_t kLookAgainMs = 30'000;
// In a colleague's conversation that is how late what is written may be seen: half doubles what a supervisor asks.
constexpr int64_t kFollowAnothersMs = 10'000;

// Of a name or a number. What is not ASCII counts as none: it may be a quotation mark, and in Chinese no space follows.
bool IsWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

char Lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Whether "@" and the name are in the text as words of their own; letters of ASCII in either case.
bool Mentions(std::string_view text, std::string_view name) {
  if (name.empty()) return false;
  for (size_t at = 0; at + name.size() < text.size(); ++at) {
    if (text[at] != '@' || (at > 0 && IsWordByte(text[at - 1]))) continue;
    const std::string_view there = text.substr(at + 1, name.size());
    const size_t end = at + 1 + name.size();
    const bool is_name =
        std::equal(there.begin(), there.end(), name.begin(), [](char a, char b) { return Lowered(a) == Lowered(b); });
    if (is_name && (end == text.size() || !IsWordByte(text[end]))) return true;
  }
  return false;
}

bool IsWithBot(const wire::Conversation& conversation) { return conversation.state == wire::ConversationState::kBot; }

std::string OutboxKey(std::string_view agent) { return "alcove.agent.outbox." + std::string(agent); }

}  // namespace

AgentSession::AgentSession(const Platform& platform) : Session(platform, wire::ActorKind::kAgent, "/v1/agent") {}

// --- Signing in and out ---------------------------------------------------------

void AgentSession::Start() {
  token_ = platform_.storage.Get(kTokenKey).value_or("");
  if (token_.empty()) return;
  sign_in_ = SignInState::kSigningIn;
  StartLine();
}

void AgentSession::SignIn(std::string_view email, std::string_view password, std::string_view code) {
  if (sign_in_ != SignInState::kSignedOut) return;
  sign_in_ = SignInState::kSigningIn;
  sign_in_problem_ = SignInProblem::kNone;
  Command command;
  command.kind = Command::Kind::kSignIn;
  wire::AgentSessionRequest ask{std::string(email), std::string(password)};
  signed_in_with_code_ = !code.empty();
  if (signed_in_with_code_) ask.totp = code;
  command.text = ToJson(ask);
  AddCommand(std::move(command));
  Act();
}

void AgentSession::OnSignedIn(const HttpAnswer& answer, const Judgement& judgement) {
  wire::AgentSession session;
  if (judgement.verdict == Verdict::kAccepted && ParseJson(answer.body, session)) {
    token_ = session.token;
    platform_.storage.Set(kTokenKey, token_);
    me_ = std::move(session.agent);
    StartLine();
    return;
  }
  sign_in_ = SignInState::kSignedOut;
  if (judgement.code == "totp_required") {
    sign_in_problem_ = signed_in_with_code_ ? SignInProblem::kCodeRefused : SignInProblem::kCodeAsked;
    return;
  }
  const bool refused = judgement.verdict == Verdict::kRefused || judgement.verdict == Verdict::kTokenRefused;
  sign_in_problem_ = refused                ? SignInProblem::kRefused
                     : answer.status == 429 ? SignInProblem::kTooOften
                                            : SignInProblem::kUnreachable;
}

void AgentSession::SignOut() {
  if (sign_in_ == SignInState::kSignedOut) return;
  Command command;
  command.kind = Command::Kind::kSignOut;
  command.text = token_;
  // On a shared machine the next person must not find what this one wrote.
  outbox_.Clear();
  End(SignInProblem::kNone);
  AddCommand(std::move(command));
  Act();
}

void AgentSession::End(SignInProblem problem) {
  // Another tab may have signed in since: that session is not ours to forget.
  if (platform_.storage.Get(kTokenKey) == token_) platform_.storage.Remove(kTokenKey);
  StopLine();
  sign_in_ = SignInState::kSignedOut;
  sign_in_problem_ = problem;
  me_ = {};
  agents_.clear();
  canned_.clear();
  macros_.clear();
  attributes_.clear();
  teams_.clear();
  tags_.clear();
  closing_ = {};
  supervises_ = false;
  together_ = {};
  // They find it out by themselves: with the session over nothing is told.
  looks_at_.clear();
  ForgetViewers();
  closed_paged_ = {};
  team_paged_ = {};
  presence_refused_ = false;
  ForgetRefusals();
}

bool AgentSession::OnTokenRefused() {
  End(SignInProblem::kEnded);
  return false;
}

// --- Actions --------------------------------------------------------------------

void AgentSession::SetPresence(wire::Presence presence) {
  if (sign_in_ != SignInState::kSignedIn || me_.presence == presence) return;
  me_.presence = presence;
  presence_refused_ = false;
  Command command;
  command.kind = Command::Kind::kPresence;
  command.text = wire::NameOf(presence);
  AddCommand(std::move(command));
  Act();
}

void AgentSession::Claim() {
  if (model_.Find(selected_) == nullptr || claiming()) return;
  AddAction(Command::Kind::kClaim, "{}");
}

void AgentSession::ForgetRefusals() {
  refused_claim_.clear();
  refused_action_.clear();
}

void AgentSession::AddAction(Command::Kind kind, std::string text, std::string id) {
  if (model_.Find(selected_) == nullptr) return;
  ForgetRefusals();
  Command command;
  command.kind = kind;
  command.conversation = selected_;
  command.text = std::move(text);
  command.id = std::move(id);
  AddCommand(std::move(command));
  Act();
}

void AgentSession::Assign(const wire::Assignment& assignment) { AddAction(Command::Kind::kAssign, ToJson(assignment)); }

void AgentSession::Reopen() { AddAction(Command::Kind::kReopen, "{}"); }

void AgentSession::Snooze(int64_t until_ms) {
  wire::SnoozeUntil snooze{until_ms};
  // What was not seen is not put aside.
  if (const Conversation* seen = model_.Find(selected_); seen != nullptr && seen->last_seq() > 0) {
    snooze.seq = seen->last_seq();
  }
  AddAction(Command::Kind::kSnooze, ToJson(snooze));
}

void AgentSession::AddTag(std::string_view tag) {
  ChangeTags({.add = std::vector<std::string>{std::string(tag)}, .remove = std::nullopt});
}

void AgentSession::RemoveTag(std::string_view tag) {
  ChangeTags({.add = std::nullopt, .remove = std::vector<std::string>{std::string(tag)}});
}

void AgentSession::ChangeTags(wire::TagChange change) { AddAction(Command::Kind::kTags, ToJson(change)); }

void AgentSession::SetAttribute(std::string_view attribute, std::string_view value) {
  AddAction(Command::Kind::kAttribute, ToJson(wire::AttributeChange{std::string(value)}), std::string(attribute));
}

void AgentSession::Join() { AddAction(Command::Kind::kJoin, "{}"); }

void AgentSession::AskIn(std::string_view agent) {
  AddAction(Command::Kind::kJoin, ToJson(wire::Participation{std::string(agent)}));
}

void AgentSession::Leave() { AddAction(Command::Kind::kLeave, "{}"); }

void AgentSession::RunMacro(std::string_view macro) {
  AddAction(Command::Kind::kMacro, ToJson(wire::MacroRun{std::string(macro)}), NewId(wire::MessageKind::kPrefix));
}

void AgentSession::SendNote(std::string_view text, Note kind) {
  if (model_.Find(selected_) == nullptr) return;
  KeptMessage note;
  note.conversation = selected_;
  note.text = text;
  note.mentions.emplace();
  if (kind == Note::kWhispered) note.whisper = true;
  for (const wire::AgentSummary& agent : agents_) {
    if (note.mentions->size() >= wire::kMentionsMax || agent.id == me_.id) continue;
    const std::string_view name = agent.name;
    if (Mentions(text, name.substr(0, name.find(' ')))) note.mentions->push_back(agent.id);
  }
  Enqueue(std::move(note));
}

// --- With several at once -----------------------------------------------------------

void AgentSession::CloseAll(const Ids& conversations, std::string_view reason) {
  wire::CloseConversation close;
  if (!reason.empty()) close.reason = reason;
  DoTogether(conversations, "close", ToJson(close));
}

void AgentSession::ReopenAll(const Ids& conversations) { DoTogether(conversations, "reopen", "{}"); }

void AgentSession::AssignAll(const Ids& conversations, const wire::Assignment& assignment) {
  DoTogether(conversations, "assign", ToJson(assignment));
}

void AgentSession::SnoozeAll(const Ids& conversations, int64_t until_ms) {
  DoTogether(conversations, "snooze", ToJson(wire::SnoozeUntil{until_ms}));
}

void AgentSession::TagAll(const Ids& conversations, const wire::TagChange& change) {
  DoTogether(conversations, "tags", ToJson(change));
}

void AgentSession::DoTogether(const Ids& conversations, std::string_view act, std::string body) {
  if (conversations.empty() || sign_in_ != SignInState::kSignedIn) return;
  Command command;
  command.kind = Command::Kind::kBulk;
  command.text = ToJson(wire::Bulk{conversations, {{std::string(act), wire::RawJson{std::move(body)}}}});
  AddCommand(std::move(command));
  Act();
}

bool AgentSession::OnTogether(const Command& command, const HttpAnswer& answer, const Judgement& judgement) {
  wire::BulkAnswer told;
  const bool is_accepted = judgement.verdict == Verdict::kAccepted;
  if (is_accepted && !ParseJson(answer.body, told)) return false;
  if (!is_accepted) {
    // All of it was refused, or nothing was heard of it for too long.
    wire::Bulk asked;
    if (!ParseJson(command.text, asked)) return true;
    for (std::string& id : asked.conversations) {
      told.results.push_back(
          {std::move(id), answer.status == 0 ? 500 : answer.status, judgement.code, asked.actions.front().act});
    }
  }
  together_.number++;
  together_.done.clear();
  together_.refused.clear();
  for (wire::BulkResult& result : told.results) {
    if (result.status < 400) {
      if (result.summary) model_.ApplySummary(*result.summary);
      together_.done.push_back(std::move(result.conversation));
      continue;
    }
    const Conversation* known = model_.Find(result.conversation);
    together_.refused.push_back({result.conversation, known == nullptr ? wire::Actor() : known->summary.customer,
                                 result.act.value_or(""), result.code.value_or(""), std::move(result.agent)});
    // It is not as it was thought to be.
    if (is_accepted) LookAgain(result.conversation);
  }
  LoadSelected();
  return true;
}

bool AgentSession::acting_together() const { return commands_.Has(Command::Kind::kBulk, ""); }

// --- Lists --------------------------------------------------------------------------

void AgentSession::LoadClosed() {
  closed_paged_ = {.wanted = true};
  ForgetBygone();
  LoadMoreClosed();
}

void AgentSession::LoadTeam() {
  // Those that are shown stay until others come.
  team_paged_.wanted = true;
  team_paged_.before.clear();
  LoadMoreTeam();
}

void AgentSession::LoadMoreClosed() { LoadMore(Command::Kind::kClosed, closed_paged_); }
void AgentSession::LoadMoreTeam() { LoadMore(Command::Kind::kTeam, team_paged_); }

void AgentSession::LoadMore(Command::Kind kind, const Paged& paged) {
  if (sign_in_ != SignInState::kSignedIn) return;
  Command command;
  command.kind = kind;
  command.text = paged.before;
  AddCommand(std::move(command));
  Act();
}

void AgentSession::FillCommand(const Command& command, HttpRequest& request) {
  const auto post = [&](std::string_view what) {
    request.path = ConversationPath(command.conversation, what);
    request.body = command.text;
  };
  switch (command.kind) {
    case Command::Kind::kClaim:
      return post("/claim");
    case Command::Kind::kAssign:
      return post("/assign");
    case Command::Kind::kReopen:
      return post("/reopen");
    case Command::Kind::kSnooze:
      return post("/snooze");
    case Command::Kind::kTags:
      return post("/tags");
    case Command::Kind::kJoin:
      return post("/join");
    case Command::Kind::kLeave:
      return post("/leave");
    case Command::Kind::kMacro:
      request.method = HttpMethod::kPut;
      return post("/macros/" + command.id);
    case Command::Kind::kAttribute:
      request.method = HttpMethod::kPut;
      return post("/attributes/" + command.id);
    case Command::Kind::kBulk:
      request.path = "/v1/agent/bulk";
      request.body = command.text;
      return;
    case Command::Kind::kViewing: {
      wire::Viewing viewing;
      if (command.number != 0) viewing.gone = true;
      request.path = ConversationPath(command.conversation, "/viewing");
      request.body = ToJson(viewing);
      return;
    }
    case Command::Kind::kPresence:
      request.method = HttpMethod::kPut;
      request.path = "/v1/agent/presence";
      request.body = ToJson(wire::PresenceChange{wire::FromName<wire::Presence>(command.text)});
      return;
    case Command::Kind::kClosed:
    case Command::Kind::kTeam:
      request.method = HttpMethod::kGet;
      request.path = "/v1/agent/conversations?view=";
      request.path += command.kind == Command::Kind::kClosed ? "closed" : "team";
      request.path += "&limit=" + std::to_string(kListPage);
      if (!command.text.empty()) request.path += "&before=" + command.text;
      return;
    case Command::Kind::kConfiguration:
      request.method = HttpMethod::kGet;
      request.path = "/v1/agent/configuration";
      return;
    case Command::Kind::kSignIn:
      request.path = "/v1/agent/session";
      request.token.clear();
      request.body = command.text;
      return;
    case Command::Kind::kSignOut:
      request.method = HttpMethod::kDelete;
      request.path = "/v1/agent/session";
      request.token = command.text;
      return;
    default:
      return;  // The session fills the others.
  }
}

bool AgentSession::OnCommand(const Command& command, const HttpAnswer& answer, const Judgement& judgement) {
  switch (command.kind) {
    case Command::Kind::kClaim:
      if (judgement.verdict == Verdict::kAccepted) return TakeConversation(answer.body);
      if (!judgement.agent) return OnAction(command, answer, judgement);
      refused_claim_ = command.conversation;
      claimed_by_ = *judgement.agent;
      return true;
    case Command::Kind::kClose:
    case Command::Kind::kAssign:
    case Command::Kind::kReopen:
    case Command::Kind::kSnooze:
    case Command::Kind::kTags:
    case Command::Kind::kJoin:
    case Command::Kind::kLeave:
    case Command::Kind::kMacro:
    case Command::Kind::kAttribute:
      return OnAction(command, answer, judgement);
    case Command::Kind::kBulk:
      return OnTogether(command, answer, judgement);
    case Command::Kind::kTyping:
    case Command::Kind::kViewing:
      return OnViewing(command, answer, judgement);
    case Command::Kind::kPresence:
      return OnPresence(judgement);
    case Command::Kind::kClosed:
      return OnPage(command, answer, judgement, closed_paged_);
    case Command::Kind::kTeam:
      return OnPage(command, answer, judgement, team_paged_);
    case Command::Kind::kConfiguration:
      return OnConfiguration(answer, judgement);
    case Command::Kind::kSignIn:
      OnSignedIn(answer, judgement);
      return true;
    default:
      return true;  // Nothing follows from the others.
  }
}

bool AgentSession::OnAction(const Command& command, const HttpAnswer& answer, const Judgement& judgement) {
  if (judgement.verdict != Verdict::kAccepted) {
    // It is not as it was thought to be.
    refused_action_ = command.conversation;
  } else if (command.kind != Command::Kind::kMacro) {
    return TakeConversation(answer.body);
  }
  LookAgain(command.conversation);
  return true;
}

void AgentSession::LookAgain(std::string_view conversation) {
  Command look;
  look.kind = Command::Kind::kConversation;
  look.conversation = conversation;
  AddCommand(std::move(look));
}

// --- Who looks at it ---------------------------------------------------------------

void AgentSession::FollowState() {
  const bool looks = ready_ && visible() && model_.Find(selected_) != nullptr;
  const std::string_view seen = looks ? std::string_view(selected_) : std::string_view();
  if (looks_at_ != seen) {
    if (!looks_at_.empty()) TellViewing(1);
    looks_at_ = seen;
    if (!viewers_.empty()) Changed();
    ForgetViewers();
    if (!looks_at_.empty()) TellViewing(0);
  }
  const int64_t now = Now();
  if (now < own_due_at_) return;
  std::erase_if(viewers_, [&](const Viewer& viewer) { return viewer.until <= now; });
  own_due_at_ = kNever;
  for (Viewer& viewer : viewers_) {
    if (viewer.writes_until <= now) viewer.writes_until = 0;
    own_due_at_ = std::min({own_due_at_, viewer.until, viewer.writes_until == 0 ? kNever : viewer.writes_until});
  }
  Changed();
}

void AgentSession::TellViewing(int64_t is_gone, int64_t delay_ms) {
  Command command;
  command.kind = Command::Kind::kViewing;
  command.conversation = looks_at_;
  command.number = is_gone;
  AddCommand(std::move(command), delay_ms);
}

bool AgentSession::OnViewing(const Command& command, const HttpAnswer& answer, const Judgement& judgement) {
  const bool looks = command.kind == Command::Kind::kViewing && command.number == 0;
  if (judgement.verdict != Verdict::kAccepted) return true;
  if (command.conversation != looks_at_) {
    // It may have come there after that one looks no longer.
    Command gone = command;
    gone.number = 1;
    if (looks) AddCommand(std::move(gone));
    return true;
  }
  if (command.kind == Command::Kind::kViewing && !looks) return true;
  wire::ViewersAnswer told;
  if (!ParseJson(answer.body, told)) return false;
  ForgetViewers();
  for (const wire::Viewer& each : told.viewers) {
    Viewer& viewer = ViewerOf(each.agent);
    viewer.until = Now() + wire::kViewingTtlMs;
    if (each.typing.value_or(false)) viewer.writes_until = Now() + wire::kTypingTtlMs;
  }
  own_due_at_ = Now();
  if (looks) TellViewing(0, FollowAnothers(command.conversation) ? kFollowAnothersMs : kLookAgainMs);
  return true;
}

// The poll tells what is written in what one has and in the queue; in a colleague's it is looked for.
bool AgentSession::FollowAnothers(std::string_view conversation) {
  const Conversation* known = model_.Find(conversation);
  if (known == nullptr || conversation != looks_at_ || IsReader(known->summary)) return false;
  if (!IsUnderWay(known->summary)) return false;
  LookAgain(conversation);
  return true;
}

void AgentSession::NoteViewer(const wire::Signal& signal) {
  if (!signal.actor || signal.actor->kind != wire::ActorKind::kAgent || signal.actor->id == me_.id) return;
  if (signal.conversation != looks_at_) return;
  const int64_t for_ms = signal.for_ms.value_or(0);
  const bool is_there = for_ms > 0;
  Viewer& viewer = ViewerOf(*signal.actor);
  if (signal.type == wire::SignalType::kViewing) {
    viewer.until = is_there ? Now() + std::min(for_ms, wire::kViewingTtlMs) : 0;
  } else {
    viewer.writes_until = is_there ? Now() + std::min(for_ms, wire::kTypingTtlMs) : 0;
    viewer.until = std::max(viewer.until, viewer.writes_until);
  }
  own_due_at_ = Now();
}

Viewer& AgentSession::ViewerOf(const wire::Actor& agent) {
  for (Viewer& viewer : viewers_) {
    if (viewer.agent.id == agent.id) return viewer;
  }
  return viewers_.emplace_back(Viewer{.agent = agent});
}

void AgentSession::ForgetViewers() {
  viewers_.clear();
  own_due_at_ = kNever;
}

bool AgentSession::OnPresence(const Judgement& judgement) {
  // A newer change is on its way.
  if (commands_.Has(Command::Kind::kPresence, "")) return true;
  if (judgement.verdict == Verdict::kAccepted) {
    told_presence_ = me_.presence;
  } else {
    presence_refused_ = me_.presence != told_presence_;
    me_.presence = told_presence_;
  }
  return true;
}

void AgentSession::TakePresence(wire::AgentSummary me) {
  const wire::Presence asked = me_.presence;
  me_ = std::move(me);
  if (std::exchange(told_presence_, me_.presence) != me_.presence) presence_refused_ = false;
  if (commands_.Has(Command::Kind::kPresence, "")) me_.presence = asked;
}

bool AgentSession::OnPage(const Command& command, const HttpAnswer& answer, const Judgement& judgement, Paged& paged) {
  // An answer to what was asked before the list was begun anew.
  if (command.text != paged.before) return true;
  paged.more = false;
  if (judgement.verdict != Verdict::kAccepted) return true;
  wire::ConversationList list;
  if (!ParseJson(answer.body, list)) return false;
  if (paged.before.empty()) paged.ids.clear();
  for (const wire::Conversation& conversation : list.conversations) {
    model_.ApplySummary(conversation);
    paged.ids.push_back(conversation.id);
  }
  paged.more = list.more && !list.conversations.empty();
  if (paged.more) paged.before = list.conversations.back().id;
  return true;
}

// --- What the server tells --------------------------------------------------------

HttpRequest AgentSession::SnapshotRequest() {
  HttpRequest request;
  request.path = "/v1/agent/snapshot";
  request.token = token_;
  return request;
}

AgentSession::Taken AgentSession::TakeSnapshot(std::string_view body, std::string& cursor, wire::PollHints& hints) {
  wire::AgentSnapshot snapshot;
  if (!ParseJson(body, snapshot)) return Taken::kUnreadable;
  TakeConfiguration(std::move(snapshot));
  std::vector<wire::ConversationWithEvents> all = std::move(snapshot.conversations);
  all.insert(all.end(), std::make_move_iterator(snapshot.queue.begin()), std::make_move_iterator(snapshot.queue.end()));
  all.insert(all.end(), std::make_move_iterator(snapshot.with_bot.begin()),
             std::make_move_iterator(snapshot.with_bot.end()));
  model_.ReplaceAll(all, selected_);
  if (sign_in_ != SignInState::kSignedIn) {
    sign_in_ = SignInState::kSignedIn;
    sign_in_problem_ = SignInProblem::kNone;
    OpenOutbox(OutboxKey(me_.id));
  }
  if (closed_paged_.wanted) LoadClosed();
  if (team_paged_.wanted) LoadTeam();
  cursor = std::move(snapshot.cursor);
  hints = snapshot.poll;
  return Taken::kTaken;
}

void AgentSession::TakeConfiguration(wire::AgentConfiguration&& configuration) {
  TakePresence(std::move(configuration.agent));
  self_.id = me_.id;
  self_.name = me_.name;
  site_ = std::move(configuration.site);
  agents_ = std::move(configuration.agents);
  canned_ = std::move(configuration.canned);
  macros_ = std::move(configuration.macros);
  attributes_ = std::move(configuration.attributes);
  teams_ = std::move(configuration.teams);
  tags_ = std::move(configuration.tags);
  closing_ = std::move(configuration.closing).value_or(wire::Closing());
  supervises_ = configuration.supervises.value_or(false);
}

bool AgentSession::OnConfiguration(const HttpAnswer& answer, const Judgement& judgement) {
  if (judgement.verdict != Verdict::kAccepted) return true;
  wire::AgentConfiguration configuration;
  if (!ParseJson(answer.body, configuration)) return false;
  TakeConfiguration(std::move(configuration));
  return true;
}

void AgentSession::OnSignal(const wire::Signal& signal) {
  Session::OnSignal(signal);
  if (signal.type == wire::SignalType::kConfiguration) {
    Command command;
    command.kind = Command::Kind::kConfiguration;
    AddCommand(std::move(command));
    return;
  }
  if (signal.type == wire::SignalType::kViewing || signal.type == wire::SignalType::kTyping) NoteViewer(signal);
  // Whoever has stopped may have sent it.
  const bool stopped = signal.type == wire::SignalType::kTyping && signal.for_ms.value_or(0) <= 0;
  if (stopped && signal.conversation) FollowAnothers(*signal.conversation);
  if (signal.type != wire::SignalType::kPresence || !signal.agent) return;
  bool known = false;
  for (wire::AgentSummary& agent : agents_) {
    if (agent.id != signal.agent->id) continue;
    agent = *signal.agent;
    known = true;
  }
  if (!known) agents_.push_back(*signal.agent);
  if (signal.agent->id == me_.id) TakePresence(*signal.agent);
}

void AgentSession::OnPollTaken() { ForgetBygone(); }

// A console is open all day, and each conversation of the day has been in it.
void AgentSession::ForgetBygone() {
  ConversationList bygone;
  for (const auto& conversation : model_.all()) {
    const wire::Conversation& summary = conversation->summary;
    const bool is_over = summary.state == wire::ConversationState::kClosed;
    const bool is_nobodys = summary.state == wire::ConversationState::kQueued || IsWithBot(summary);
    const bool is_anothers = !is_nobodys && !IsReader(summary);
    // Of one that was only heard of more is asked for.
    if ((!is_over && !is_anothers) || summary.customer.id.empty()) continue;
    if (summary.id != selected_ && !HasUnsent(summary.id)) bygone.push_back(&summary);
  }
  const size_t kept = wire::kBygoneConversationsMax + closed_paged_.ids.size() + team_paged_.ids.size();
  if (bygone.size() <= kept) return;
  SortList(bygone, LastChangedFirst);
  for (size_t i = kept; i < bygone.size(); ++i) model_.Remove(std::string(bygone[i]->id));
}

bool AgentSession::IsReader(const wire::Conversation& conversation) const {
  return conversation.state != wire::ConversationState::kQueued && IsInIt(conversation, me_.id);
}

bool AgentSession::TakesPart(const wire::Conversation& conversation) const {
  return client::TakesPart(conversation, me_.id);
}

// --- The view -----------------------------------------------------------------------

void AgentSession::BuildLists() const {
  if (lists_revision_ == revision()) return;
  lists_revision_ = revision();
  mine_.clear();
  waiting_.clear();
  with_bot_.clear();
  closed_.clear();
  for (const auto& conversation : model_.all()) {
    const wire::Conversation& summary = conversation->summary;
    if (summary.state == wire::ConversationState::kQueued) {
      waiting_.push_back(&summary);
    } else if (IsWithBot(summary)) {
      with_bot_.push_back(&summary);
    } else if (summary.state == wire::ConversationState::kClosed) {
      closed_.push_back(&summary);
    } else if (IsReader(summary)) {
      mine_.push_back(&summary);
    }
  }
  team_.clear();
  for (const std::string& id : team_paged_.ids) {
    const Conversation* known = model_.Find(id);
    if (known == nullptr || IsReader(known->summary) || !known->summary.agent) continue;
    if (IsUnderWay(known->summary)) team_.push_back(&known->summary);
  }
  SortList(team_, LastChangedFirst);
  SortList(mine_, LastChangedFirst);
  SortList(with_bot_, LastChangedFirst);
  SortList(closed_, LastChangedFirst);
  SortList(waiting_, FirstBegunFirst);
}

const AgentSession::List& AgentSession::Mine() const {
  BuildLists();
  return mine_;
}
const AgentSession::List& AgentSession::Waiting() const {
  BuildLists();
  return waiting_;
}
const AgentSession::List& AgentSession::WithBot() const {
  BuildLists();
  return with_bot_;
}
const AgentSession::List& AgentSession::Closed() const {
  BuildLists();
  return closed_;
}

const AgentSession::List& AgentSession::Team() const {
  BuildLists();
  return team_;
}

bool AgentSession::closed_loading() const { return commands_.Has(Command::Kind::kClosed, ""); }
bool AgentSession::team_loading() const { return commands_.Has(Command::Kind::kTeam, ""); }

bool AgentSession::claiming() const { return commands_.Has(Command::Kind::kClaim, selected_); }

const wire::Actor* AgentSession::claimed_by() const {
  return !refused_claim_.empty() && refused_claim_ == selected_ ? &claimed_by_ : nullptr;
}

}  // namespace alcove::client
