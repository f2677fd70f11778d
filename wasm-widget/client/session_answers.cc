// Answers: what follows from each.
#include <utility>

#include "wasm-widget/client/json.h"
#include "wasm-widget/client/session.h"

namespace alcove::client {

void Session::OnLine(const HttpAnswer& answer) {
  Judgement judgement = Judge(answer);
  const int64_t now = Now();
  if (answer.came_second) {
    loop_.AskAgain(now);
    return;
  }
  if (judgement.verdict == Verdict::kAccepted) {
    const bool taken = asked_ == PollLoop::Need::kSnapshot ? OnSnapshot(answer.body, now) : OnPoll(answer.body, now);
    if (taken) return;
    // Cut, or of someone between.
    judgement.verdict = Verdict::kNoAnswer;
  }
  if (answer.status == 422 && asked_ == PollLoop::Need::kSnapshot && OnSnapshotRefused()) {
    loop_.AskAgain(now);
    return;
  }
  if (judgement.verdict == Verdict::kResync) lost_place_ = true;
  if (judgement.verdict == Verdict::kTokenRefused) {
    authorised_ = false;
    if (!OnTokenRefused()) return;
  }
  loop_.OnFailure(answer, judgement, now);
}

bool Session::OnSnapshot(std::string_view body, int64_t now) {
  std::vector<OwnMessage> own;
  if (lost_place_) own = OwnMessages();
  std::string cursor;
  wire::PollHints hints;
  switch (TakeSnapshot(body, cursor, hints)) {
    case Taken::kUnreadable:
      return false;
    case Taken::kAgain:
      loop_.AskAgain(now);
      return true;
    case Taken::kTaken:
      break;
  }
  if (std::exchange(lost_place_, false)) SendLostAgain(std::move(own));
  others_online_.clear();
  ready_ = true;
  authorised_ = true;
  first_request_ = next_request_;
  loop_.OnSnapshot(std::move(cursor), hints, now);
  LoadSelected();
  outbox_.HurryAll(now);
  commands_.HurryAll(now);
  return true;
}

bool Session::OnPoll(std::string_view body, int64_t now) {
  wire::PollAnswer poll;
  if (!ParseJson(body, poll)) return false;
  const bool was_failing = loop_.failing();
  ApplyPoll(poll);
  OnPollTaken();
  loop_.OnPoll(poll, now);
  // Whoever was cut off may have missed more than a poll tells: what waits goes at once.
  if (was_failing) {
    outbox_.HurryAll(now);
    commands_.HurryAll(now);
  }
  return true;
}

bool Session::OnStray(OutboxMessage&) { return false; }

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
      if (judgement.code == "not_found" && OnStray(message)) return;
      if (message.kept.starts && !judgement.field.empty()) {
        message.kept.refused_field = std::move(judgement.field);
        // It asks for something else than it said.
        Abort(loop_.TakeSnapshotAnew(now));
      }
      outbox_.Fail(message, judgement.code);
      return;
    case Verdict::kResync:
      lost_place_ = true;
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
    // The poll tells of what one reads, not of all that one may write a note on.
    if (!IsReader(conversation->summary)) AskForGap(conversation->summary.id, 0);
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
  // A newer one says all that this one would.
  if (commands_.HasInsteadOf(command)) return;
  const bool at_once = judgement.verdict == Verdict::kTokenRefused;
  const int64_t delay = RetryDelayMs(answer, judgement, ++command.failures, visibility_, platform_.random);
  command.next_at = now + (at_once ? 0 : delay);
  command.told_to_wait = judgement.verdict == Verdict::kBusy;
  commands_.PutBack(std::move(command));
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
      // It is not there, or no longer ours to read; or it was only heard of.
      if ((judgement.code == "not_found" && !HasUnsent(command.conversation)) ||
          (conversation->summary.customer.id.empty() && selected_ != command.conversation)) {
        model_.Remove(command.conversation);
        if (selected_ == command.conversation) Reselect("");
      }
      return true;
    case Command::Kind::kClose:
      if (accepted && !TakeConversation(answer.body)) return false;
      if (conversation != nullptr) conversation->closing = false;
      return accepted || OnCommand(command, answer, judgement);
    case Command::Kind::kRead:
      return true;
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
    case Command::Kind::kTyping:
    case Command::Kind::kViewing:
    case Command::Kind::kPresence:
    case Command::Kind::kClosed:
    case Command::Kind::kTeam:
    case Command::Kind::kConfiguration:
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

}  // namespace alcove::client
