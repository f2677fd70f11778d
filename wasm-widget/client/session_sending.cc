// Requests: what each looks like.
#include <utility>

#include "functions/wire/collaboration.h"
#include "functions/wire/ids.h"
#include "functions/wire/limits.h"
#include "wasm-widget/client/json.h"
#include "wasm-widget/client/session.h"

namespace alcove::client {
namespace {

// Nothing here is held by the server; a phone on a poor line needs most of it.
constexpr int64_t kRequestTimeoutMs = 20'000;
constexpr int64_t kHistoryPage = 50;

}  // namespace

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
    wire::NewConversation start{wire::FirstMessage{kept.id, kept.text}, kept.page};
    start.form = kept.form;
    request.body = ToJson(start);
  } else if (kept.IsNote()) {
    request.path = ConversationPath(kept.conversation, "/notes/" + kept.id);
    request.body = ToJson(wire::NewNote{kept.text, kept.mentions, kept.whisper});
  } else {
    request.path = ConversationPath(kept.conversation, "/messages/" + kept.id);
    request.body = ToJson(wire::NewMessage{kept.text, kept.after});
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
    case Command::Kind::kClose: {
      request.path = ConversationPath(conversation, "/close");
      wire::CloseConversation close;
      if (!command.text.empty()) close.reason = command.text;
      request.body = ToJson(close);
      break;
    }
    case Command::Kind::kHandOver:
    case Command::Kind::kClaim:
    case Command::Kind::kAssign:
    case Command::Kind::kReopen:
    case Command::Kind::kSnooze:
    case Command::Kind::kTags:
    case Command::Kind::kJoin:
    case Command::Kind::kLeave:
    case Command::Kind::kMacro:
    case Command::Kind::kAttribute:
    case Command::Kind::kBulk:
    case Command::Kind::kViewing:
    case Command::Kind::kPresence:
    case Command::Kind::kClosed:
    case Command::Kind::kTeam:
    case Command::Kind::kConfiguration:
    case Command::Kind::kSignIn:
    case Command::Kind::kSignOut:
      FillCommand(command, request);
      break;
  }
  command.told_to_wait = false;
  command.request = Send(std::move(request));
}

void Session::AddCommand(Command command, int64_t delay_ms) {
  const int64_t now = Now();
  command.added_at = now;
  command.next_at = now + delay_ms;
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

}  // namespace alcove::client
