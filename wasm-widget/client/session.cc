#include "wasm-widget/client/session.h"

#include <algorithm>
#include <utility>

namespace alcove::client {
namespace {

// A timer this late: the machine slept.
constexpr int64_t kSleptMs = 5'000;

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
  int64_t due = std::min({loop_.NextDueAt(now), model_.NextExpiry(), own_due_at_});
  due = std::min(due, commands_.NextDueAt(MaySend()));
  if (MaySend()) due = std::min({due, outbox_.NextDueAt(), typing_.DueAt()});
  return due;
}

void Session::SetVisible(bool visible) {
  const Visibility visibility = visible ? Visibility::kVisible : Visibility::kHidden;
  if (visibility == visibility_) return;
  visibility_ = visibility;
  loop_.SetVisibility(visibility);
  if (visible) {
    OnNetworkBack();
  } else {
    Act();
  }
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

// --- The line -----------------------------------------------------------------

void Session::StartLine() {
  loop_.Start(Now());
  Act();
}

void Session::StopLine() {
  Abort(loop_.Stop());
  for (const auto& message : outbox_.all()) Abort(std::exchange(message->request, 0));
  outbox_.Close();
  for (const int64_t request : commands_.Clear()) Abort(request);
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
  FollowState();
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

}  // namespace alcove::client
