#include "wasm-widget/client/session.h"

#include <algorithm>
#include <utility>

#include "functions/wire/ids.h"
#include "functions/wire/limits.h"
#include "functions/wire/utf8.h"
#include "wasm-widget/client/json.h"

namespace alcove::client {
namespace {

// Nothing here is held by the server; a phone on a poor line needs most of it.
constexpr int64_t kRequestTimeoutMs = 20'000;
// A timer this late: the machine slept.
constexpr int64_t kSleptMs = 5'000;
constexpr int64_t kHistoryPage = 50;

bool IsBlank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

}  // namespace

Session::Session(const Platform& platform, wire::ActorKind side, std::string_view api)
    : platform_(platform), side_(side), api_(api), model_(side), outbox_(platform.storage), loop_(platform.random) {
  self_.kind = side;
}

// --- From the platform --------------------------------------------------------

void Session::OnResponse(int64_t request, const HttpAnswer& answer) {
  if (request == 0) return;
  Command command;
  if (request == loop_.request()) {
    OnLine(answer);
  } else if (OutboxMessage* message = outbox_.FindRequest(request)) {
    OnOutbox(*message, answer);
  } else if (commands_.Take(request, command)) {
    OnCommandAnswer(std::move(command), answer);
  } else {
    return;  // It was aborted, or its message came back by a poll.
  }
  PruneOutbox();
  Act();
}

void Session::Tick() {
  const int64_t now = Now();
  const int64_t due = NextDueAt();
  if (due != kNever && now - due > kSleptMs) Abort(loop_.AskAtOnce(now));
  if (model_.ExpireTyping(now)) Changed();
  Pump();
}

int64_t Session::NextDueAt() const {
  const int64_t now = Now();
  int64_t due = std::min(loop_.NextDueAt(now), model_.NextExpiry());
  due = std::min(due, commands_.NextDueAt(MaySend()));
  if (MaySend()) due = std::min({due, outbox_.NextDueAt(), typing_.DueAt()});
  return due;
}

void Session::SetVisible(bool visible) {
  const Visibility visibility = visible ? Visibility::kVisible : Visibility::kHidden;
  if (visibility == visibility_) return;
  visibility_ = visibility;
  loop_.SetVisibility(visibility);
  if (visible) OnNetworkBack();
}

void Session::OnNetworkBack() {
  const int64_t now = Now();
  Abort(loop_.AskAtOnce(now));
  outbox_.HurryAll(now);
  commands_.HurryAll(now);
  Act();
}

void Session::Resume() {
  loop_.Resume(Now());
  Act();
}

// --- Actions --------------------------------------------------------------------

void Session::Select(std::string_view conversation) {
  if (selected_ == conversation) return;
  SetTyping("");
  selected_ = conversation;
  LoadSelected();
  Act();
}

void Session::SendMessage(std::string_view text) {
  const Conversation* conversation = model_.Find(selected_);
  if (conversation == nullptr || IsBlank(text)) return;
  // Where the conversation could not be begun, it is tried again before this one.
  for (size_t i = 0; conversation->local && i < outbox_.all().size(); ++i) {
    const OutboxMessage& message = *outbox_.all()[i];
    if (message.kept.starts && message.kept.conversation == selected_) RetryMessage(std::string(message.kept.id));
  }
  Enqueue(selected_, text, false, std::nullopt);
}

void Session::Enqueue(std::string_view conversation, std::string_view text, bool starts,
                      std::optional<wire::Page> page) {
  if (IsBlank(text) || text.size() > wire::kMessageTextBytesMax) return;
  KeptMessage message;
  message.conversation = conversation;
  message.id = NewId(wire::MessageKind::kPrefix);
  message.text = text;
  message.at = platform_.clock.WallMs();
  message.starts = starts;
  message.page = std::move(page);
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
  bool has_more = false;
  for (const auto& other : outbox_.all()) has_more = has_more || other->kept.conversation == conversation;
  // It was never begun, and now never will be.
  if (known != nullptr && known->local && !has_more) {
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

void Session::Close() {
  Conversation* conversation = model_.Find(selected_);
  if (conversation == nullptr || conversation->local || conversation->closing) return;
  if (conversation->summary.state == wire::ConversationState::kClosed) return;
  conversation->closing = true;
  Command command;
  command.kind = Command::Kind::kClose;
  command.conversation = selected_;
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

// --- Sending ----------------------------------------------------------------------

void Session::StartLine() {
  loop_.Start(Now());
  Act();
}

void Session::StopLine() {
  Abort(loop_.Stop());
  for (const auto& message : outbox_.all()) Abort(std::exchange(message->request, 0));
  outbox_.Close();
  commands_.Clear();
  model_.Clear();
  typing_.Forget();
  token_.clear();
  selected_.clear();
  authorised_ = false;
  ready_ = false;
  Changed();
}

void Session::Changed() { ++revision_; }

void Session::Act() {
  Changed();
  Pump();
}

bool Session::MaySend() const { return authorised_ && loop_.ConnectionAt(Now()) != Connection::kBlocked; }

void Session::Pump() {
  const int64_t now = Now();
  if (const PollLoop::Need need = loop_.NeedAt(now); need != PollLoop::Need::kNothing) SendLine(need);
  if (MaySend()) {
    if (outbox_.FailOld(platform_.clock.WallMs())) Changed();
    while (OutboxMessage* message = outbox_.Next(now)) SendOutbox(*message);
    if (typing_.DueAt() <= now) {
      Command command;
      command.kind = Command::Kind::kTyping;
      command.conversation = typing_.conversation();
      command.text = typing_.Take(now);
      AddCommand(std::move(command));
    }
  }
  while (Command* command = commands_.Next(now, MaySend())) SendCommand(*command);
  if (const Connection connection = loop_.ConnectionAt(now); connection != shown_connection_) {
    shown_connection_ = connection;
    Changed();
  }
}

int64_t Session::Send(HttpRequest request) {
  request.id = next_request_++;
  if (request.timeout_ms == 0) request.timeout_ms = kRequestTimeoutMs;
  platform_.transport.Send(request);
  return request.id;
}

void Session::Abort(int64_t request) {
  if (request != 0) platform_.transport.Abort(request);
}

void Session::SendLine(PollLoop::Need need) {
  asked_ = need;
  HttpRequest request;
  if (need == PollLoop::Need::kSnapshot) {
    request = SnapshotRequest();
  } else {
    request.path = api_ + "/poll" + loop_.Query();
    request.token = token_;
  }
  request.timeout_ms = loop_.TimeoutMs();
  loop_.Sent(Send(std::move(request)), Now());
}

void Session::SendOutbox(OutboxMessage& message) {
  const KeptMessage& kept = message.kept;
  HttpRequest request;
  request.method = HttpMethod::kPut;
  request.token = token_;
  if (kept.starts) {
    request.path = ConversationPath(kept.conversation, "");
    request.body = ToJson(wire::NewConversation{wire::FirstMessage{kept.id, kept.text}, kept.page});
  } else {
    request.path = ConversationPath(kept.conversation, "/messages/" + kept.id);
    request.body = ToJson(wire::NewMessage{kept.text});
  }
  message.told_to_wait = false;
  message.request = Send(std::move(request));
}

void Session::SendCommand(Command& command) {
  HttpRequest request;
  request.token = token_;
  const std::string& conversation = command.conversation;
  const Conversation* known = model_.Find(conversation);
  request.method = HttpMethod::kPost;
  switch (command.kind) {
    case Command::Kind::kGap:
      request.method = HttpMethod::kGet;
      request.path = ConversationPath(conversation, "/events?after=") +
                     std::to_string(known == nullptr ? 0 : known->last_seq()) +
                     "&limit=" + std::to_string(wire::kEventPageMax);
      break;
    case Command::Kind::kEarlier:
      request.method = HttpMethod::kGet;
      request.path = ConversationPath(conversation, "/events?before=") +
                     std::to_string(known == nullptr || known->events.empty() ? 1 : known->events.front().seq) +
                     "&limit=" + std::to_string(kHistoryPage);
      break;
    case Command::Kind::kConversation:
      request.method = HttpMethod::kGet;
      request.path = ConversationPath(conversation, "");
      break;
    case Command::Kind::kRead:
      request.path = ConversationPath(conversation, "/read");
      request.body = ToJson(wire::ReadUpTo{command.number});
      break;
    case Command::Kind::kTyping: {
      request.path = ConversationPath(conversation, "/typing");
      // What an agent writes is nobody's business until it is sent.
      wire::Typing typing;
      if (side_ == wire::ActorKind::kCustomer || command.text.empty()) typing.text = command.text;
      request.body = ToJson(typing);
      break;
    }
    case Command::Kind::kClose:
      request.path = ConversationPath(conversation, "/close");
      request.body = ToJson(wire::CloseConversation{});
      break;
    case Command::Kind::kClaim:
    case Command::Kind::kPresence:
    case Command::Kind::kClosed:
    case Command::Kind::kSignIn:
    case Command::Kind::kSignOut:
      FillCommand(command, request);
      break;
  }
  command.told_to_wait = false;
  command.request = Send(std::move(request));
}

void Session::AddCommand(Command command) {
  const int64_t now = Now();
  command.added_at = now;
  command.next_at = now;
  commands_.Add(std::move(command));
}

void Session::FillCommand(const Command&, HttpRequest&) {}
bool Session::OnCommand(const Command&, const HttpAnswer&, const Judgement&) { return true; }

std::string Session::ConversationPath(std::string_view conversation, std::string_view rest) const {
  std::string path = api_;
  path += "/conversations/";
  path += conversation;
  path += rest;
  return path;
}

std::string Session::NewId(std::string_view prefix) {
  std::string id(prefix);
  id +=
      wire::MakeUlid(platform_.clock.WallMs(), static_cast<uint16_t>(platform_.random.Next()), platform_.random.Next());
  return id;
}

// --- Answers ------------------------------------------------------------------------

void Session::OnLine(const HttpAnswer& answer) {
  Judgement judgement = Judge(answer);
  const int64_t now = Now();
  if (judgement.verdict == Verdict::kAccepted) {
    // Whoever was cut off may have missed more than a poll tells: what waits goes at once.
    const bool was_failing = loop_.failing();
    if (asked_ == PollLoop::Need::kSnapshot) {
      std::string cursor;
      wire::PollHints hints;
      if (TakeSnapshot(answer.body, cursor, hints)) {
        ready_ = true;
        authorised_ = true;
        first_request_ = next_request_;
        loop_.OnSnapshot(std::move(cursor), hints, now);
        LoadSelected();
        outbox_.HurryAll(now);
        commands_.HurryAll(now);
        return;
      }
    } else {
      wire::PollAnswer poll;
      if (ParseJson(answer.body, poll)) {
        ApplyPoll(poll);
        loop_.OnPoll(poll, now);
        if (was_failing) {
          outbox_.HurryAll(now);
          commands_.HurryAll(now);
        }
        return;
      }
    }
    // Cut, or of someone between.
    judgement.verdict = Verdict::kNoAnswer;
  }
  if (judgement.verdict == Verdict::kTokenRefused) {
    authorised_ = false;
    if (!OnTokenRefused()) return;
  }
  loop_.OnFailure(answer, judgement, now);
}

bool Session::RefuseToken(int64_t request) {
  // The second of several that were under way tells nothing new.
  if (!authorised_ || request < first_request_) return true;
  authorised_ = false;
  if (!OnTokenRefused()) return false;
  Abort(loop_.TakeSnapshotAnew(Now()));
  return true;
}

void Session::OnOutbox(OutboxMessage& message, const HttpAnswer& answer) {
  Judgement judgement = Judge(answer);
  const int64_t now = Now();
  const int64_t request = std::exchange(message.request, 0);
  switch (judgement.verdict) {
    case Verdict::kAccepted:
      if (TakeStored(message, answer.body)) return;
      judgement.verdict = Verdict::kNoAnswer;
      break;
    case Verdict::kTokenRefused:
      RefuseToken(request);
      return;
    case Verdict::kRefused:
      outbox_.Fail(message, judgement.code);
      return;
    case Verdict::kResync:
      Abort(loop_.TakeSnapshotAnew(now));
      break;
    case Verdict::kNoAnswer:
    case Verdict::kBusy:
    case Verdict::kTimedOut:
      break;
  }
  message.next_at = now + RetryDelayMs(answer, judgement, ++message.failures, visibility_, platform_.random);
  message.told_to_wait = judgement.verdict == Verdict::kBusy;
}

bool Session::TakeStored(OutboxMessage& message, std::string_view body) {
  const std::string id = message.kept.id;
  if (message.kept.starts) {
    if (!TakeConversation(body)) return false;
    outbox_.Remove(id);
    return true;
  }
  wire::EventAnswer stored;
  if (!ParseJson(body, stored)) return false;
  const Conversation* conversation = model_.Find(message.kept.conversation);
  if (conversation != nullptr && conversation->loaded && stored.event.seq > conversation->last_seq() + 1) {
    // Events before it are on their way by the poll; it is shown as it is until they are here.
    outbox_.Stored(message, stored.event.seq);
    return true;
  }
  model_.Apply(stored.event);
  outbox_.Remove(id);
  return true;
}

void Session::OnCommandAnswer(Command command, const HttpAnswer& answer) {
  Judgement judgement = Judge(answer);
  const int64_t now = Now();
  const int64_t request = std::exchange(command.request, 0);
  const bool is_of_token = command.kind != Command::Kind::kSignIn && command.kind != Command::Kind::kSignOut;
  bool again = false;
  switch (judgement.verdict) {
    case Verdict::kTokenRefused:
      if (is_of_token && !RefuseToken(request)) return;
      again = true;
      break;
    case Verdict::kNoAnswer:
    case Verdict::kBusy:
    case Verdict::kTimedOut:
      again = true;
      break;
    case Verdict::kAccepted:
    case Verdict::kResync:
    case Verdict::kRefused:
      break;
  }
  if (!again || !Commands::IsWorthRepeating(command, now)) {
    if (ApplyCommand(command, answer, judgement) || !Commands::IsWorthRepeating(command, now)) return;
    judgement.verdict = Verdict::kNoAnswer;
  }
  // A newer one of its kind says all that this one would.
  if (commands_.Has(command.kind, command.conversation)) return;
  const bool at_once = judgement.verdict == Verdict::kTokenRefused;
  const int64_t delay = RetryDelayMs(answer, judgement, ++command.failures, visibility_, platform_.random);
  command.next_at = now + (at_once ? 0 : delay);
  command.told_to_wait = judgement.verdict == Verdict::kBusy;
  commands_.Add(std::move(command));
}

// What follows from an answer that will not be asked for again; false where it was accepted but cannot be read.
bool Session::ApplyCommand(const Command& command, const HttpAnswer& answer, const Judgement& judgement) {
  const bool accepted = judgement.verdict == Verdict::kAccepted;
  Conversation* conversation = model_.Find(command.conversation);
  switch (command.kind) {
    case Command::Kind::kGap:
      if (accepted) return OnGapPage(command, answer.body);
      // Nothing more will come: it is what is here.
      if (conversation != nullptr) conversation->loaded = true;
      return true;
    case Command::Kind::kEarlier: {
      wire::EventPage page;
      // Refused is as good as none: a log that stands at its top would ask for it in every frame.
      if (accepted && !ParseJson(answer.body, page)) return false;
      if (conversation != nullptr) model_.Prepend(*conversation, page.events);
      return true;
    }
    case Command::Kind::kConversation:
      if (accepted) return TakeConversation(answer.body);
      if (conversation == nullptr) return true;
      conversation->loaded = true;
      // It was only heard of.
      if (conversation->summary.customer.id.empty() && selected_ != command.conversation) {
        model_.Remove(command.conversation);
      }
      return true;
    case Command::Kind::kClose:
      if (accepted && !TakeConversation(answer.body)) return false;
      if (conversation != nullptr) conversation->closing = false;
      return true;
    case Command::Kind::kRead:
    case Command::Kind::kTyping:
      return true;
    case Command::Kind::kClaim:
    case Command::Kind::kPresence:
    case Command::Kind::kClosed:
    case Command::Kind::kSignIn:
    case Command::Kind::kSignOut:
      return OnCommand(command, answer, judgement);
  }
  return true;
}

bool Session::TakeConversation(std::string_view body) {
  wire::ConversationAnswer answer;
  if (!ParseJson(body, answer)) return false;
  const Conversation* known = model_.Find(answer.conversation.conversation.id);
  // Events came by the poll after this was written: it is as old news as a summary would be.
  if (known != nullptr && known->loaded && answer.conversation.conversation.last_seq < known->last_seq()) return true;
  model_.Replace(answer.conversation);
  return true;
}

// --- Events ---------------------------------------------------------------------------

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
  bool online = signal.agent->presence == wire::Presence::kOnline;
  for (wire::AgentSummary& agent : site_.agents) {
    if (agent.id == signal.agent->id) agent = *signal.agent;
    online = online || agent.presence == wire::Presence::kOnline;
  }
  site_.online = online;
}

void Session::LoadSelected() {
  const Conversation* conversation = model_.Find(selected_);
  if (conversation == nullptr || conversation->loaded || !ready_) return;
  Command command;
  command.kind = side_ == wire::ActorKind::kCustomer ? Command::Kind::kGap : Command::Kind::kConversation;
  command.conversation = selected_;
  if (!commands_.Has(command.kind, selected_)) AddCommand(std::move(command));
}

// --- The outbox and the model -----------------------------------------------------------

void Session::OpenOutbox(std::string key) {
  outbox_.Open(std::move(key));
  for (const auto& message : outbox_.all()) {
    if (!message->kept.starts || model_.Find(message->kept.conversation) != nullptr) continue;
    Conversation& conversation = model_.FindOrAdd(message->kept.conversation);
    conversation.local = true;
    conversation.loaded = true;
    conversation.summary.created_at = message->kept.at;
    conversation.summary.updated_at = message->kept.at;
  }
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

// --- The view ------------------------------------------------------------------------------

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
    row.event = &event;
    rows_.push_back(row);
  }
  for (const auto& message : outbox_.all()) {
    if (message->kept.conversation != summary.id) continue;
    Row row;
    row.seq = message->stored_seq;
    row.id = message->kept.id;
    row.text = message->kept.text;
    row.at = message->kept.at;
    row.actor = &self_;
    row.mine = true;
    row.our_side = true;
    row.delivery = message->stored_seq != 0 ? Delivery::kSent : Delivery::kSending;
    if (message->failed()) {
      row.delivery = Delivery::kFailed;
      row.failure = *message->kept.failure;
    }
    rows_.push_back(row);
  }
}

}  // namespace alcove::client
