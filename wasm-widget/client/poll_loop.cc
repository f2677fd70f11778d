#include "wasm-widget/client/poll_loop.h"

#include <algorithm>
#include <utility>

namespace alcove::client {
namespace {

constexpr int64_t kWaitSeconds = 25;
// A snapshot is not held, and is larger than a poll.
constexpr int64_t kSnapshotTimeoutMs = 20'000;
constexpr int64_t kTimeoutBeyondHoldMs = 10'000;
// A server that would answer held polls at once with nothing is asked no faster.
constexpr int64_t kEmptyGapMs = 1'000;
// Before that a break is not worth a word on screen.
constexpr int kFailuresUntilShown = 3;
constexpr int64_t kFailingMsUntilShown = 10'000;
// A poll of the page that was here before a reload, or one that was given up, may arrive late and end ours: it is
// asked again. What ends that one too, within this time, is a tab that lives. Half of it and two tabs that are slow
// to ask take the line from each other for ever; twice, and a page that is reloaded now and then stops by itself.
constexpr int64_t kTakeBackOnceInMs = 60'000;
// By then the late one is told that it was ended, if anybody still hears it. A tab that is not looked at lets the other
// be first.
constexpr int64_t kTakeBackAfterMs = 1'000;
constexpr int64_t kTakeBackAfterHiddenMs = 5'000;

// A cursor is opaque; what could end its place in a query is encoded.
void AppendQueryValue(std::string_view text, std::string& out) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
                       c == '_' || c == '.' || c == '~';
    if (plain) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
}

// Refusals that pass without a change here: somebody is let in again, an address is put on the list.
bool MayPass(std::string_view code) {
  return code == "blocked" || code == "origin_denied" || code == "role_required" || code == "consent_required";
}

}  // namespace

void PollLoop::Start(int64_t now) {
  phase_ = Phase::kSnapshot;
  due_at_ = now;
  answered_ = false;
  failures_ = 0;
  failing_since_ = kNever;
  resyncs_ = 0;
  superseded_at_ = kNever;
}

int64_t PollLoop::Stop() {
  phase_ = Phase::kStopped;
  cursor_.clear();
  due_at_ = kNever;
  return std::exchange(request_, 0);
}

PollLoop::Need PollLoop::NeedAt(int64_t now) const {
  if (request_ != 0 || now < due_at_) return Need::kNothing;
  if (phase_ == Phase::kSnapshot || phase_ == Phase::kBlocked) return Need::kSnapshot;
  return phase_ == Phase::kPoll ? Need::kPoll : Need::kNothing;
}

void PollLoop::Sent(int64_t request, int64_t now) {
  request_ = request;
  sent_at_ = now;
}

int64_t PollLoop::NextDueAt(int64_t now) const {
  if (phase_ == Phase::kStopped || phase_ == Phase::kSuperseded) return kNever;
  int64_t due = request_ == 0 ? due_at_ : kNever;
  if (phase_ == Phase::kBlocked) return due;
  if (failing_since_ != kNever && failures_ < kFailuresUntilShown && failing_since_ + kFailingMsUntilShown > now) {
    due = std::min(due, failing_since_ + kFailingMsUntilShown);
  }
  return due;
}

std::string PollLoop::Query() const {
  std::string query = "?cursor=";
  AppendQueryValue(cursor_, query);
  query += "&wait=";
  query += std::to_string(held_ ? kWaitSeconds : 0);
  return query;
}

int64_t PollLoop::TimeoutMs() const {
  if (phase_ == Phase::kSnapshot || phase_ == Phase::kBlocked) return kSnapshotTimeoutMs;
  return (held_ ? std::clamp<int64_t>(hold_ms_, 0, kWaitSeconds * 1000) : 0) + kTimeoutBeyondHoldMs;
}

void PollLoop::Succeeded(int64_t now) {
  request_ = 0;
  due_at_ = now;
  answered_ = true;
  failures_ = 0;
  failing_since_ = kNever;
}

void PollLoop::OnSnapshot(std::string cursor, const wire::PollHints& hints, int64_t now) {
  Succeeded(now);
  phase_ = Phase::kPoll;
  cursor_ = std::move(cursor);
  hold_ms_ = hints.hold_ms;
  due_at_ = now + std::max<int64_t>(hints.retry_ms, 0);
  held_ = true;
}

void PollLoop::OnPoll(const wire::PollAnswer& answer, int64_t now) {
  const bool was_quick = held_ && now - sent_at_ < kEmptyGapMs;
  const bool was_empty = answer.events.empty() && answer.signals.empty() && !answer.more;
  Succeeded(now);
  resyncs_ = 0;
  cursor_ = answer.cursor;
  hold_ms_ = answer.poll.hold_ms;
  held_ = true;
  due_at_ = now + std::max<int64_t>(answer.poll.retry_ms, was_quick && was_empty ? kEmptyGapMs : 0);
}

void PollLoop::OnFailure(const HttpAnswer& answer, const Judgement& judgement, int64_t now) {
  request_ = 0;
  held_ = false;
  due_at_ = now;
  switch (judgement.verdict) {
    case Verdict::kTokenRefused:
    case Verdict::kResync:
      Resync(now);
      return;
    case Verdict::kRefused:
      if (judgement.code == "superseded") {
        OnSuperseded(now);
      } else if (judgement.code == "bad_cursor" && resyncs_ == 0) {
        Resync(now);
      } else {
        Block(judgement.code, now);
      }
      return;
    // A held poll that nobody answered tells of a dead path, not of a server in trouble.
    case Verdict::kTimedOut:
      if (phase_ == Phase::kPoll && failures_ == 0) return;
      break;
    case Verdict::kAccepted:
    case Verdict::kNoAnswer:
    case Verdict::kBusy:
      break;
  }
  // Nobody hurries to be refused again.
  if (phase_ == Phase::kBlocked) {
    Block(blocked_code_, now);
    return;
  }
  ++failures_;
  if (failing_since_ == kNever) failing_since_ = now;
  due_at_ = now + RetryDelayMs(answer, judgement, failures_, visibility_, random_);
}

void PollLoop::Resync(int64_t now) {
  phase_ = Phase::kSnapshot;
  cursor_.clear();
  // The first is at once; a server that refuses each cursor it gives is asked ever more seldom.
  due_at_ = now + (resyncs_ == 0 ? 0 : BackoffMs(resyncs_ + 1, visibility_, random_));
  ++resyncs_;
}

int64_t PollLoop::TakeSnapshotAnew(int64_t now) {
  if (phase_ == Phase::kStopped || phase_ == Phase::kBlocked) return 0;
  // It is under way already.
  if (phase_ == Phase::kSnapshot && (request_ != 0 || due_at_ > now)) return 0;
  Resync(now);
  return std::exchange(request_, 0);
}

void PollLoop::Block(std::string code, int64_t now) {
  phase_ = Phase::kBlocked;
  blocked_code_ = std::move(code);
  due_at_ = kNever;
  // With a random share, so that those who were refused together do not come together.
  if (MayPass(blocked_code_)) due_at_ = now + wire::kBlockedRetryMs + RandomShare(wire::kBlockedRetryMs / 2, random_);
}

void PollLoop::OnSuperseded(int64_t now) {
  const bool is_second = superseded_at_ != kNever && now - superseded_at_ < kTakeBackOnceInMs;
  superseded_at_ = now;
  if (is_second) {
    phase_ = Phase::kSuperseded;
    return;
  }
  const int64_t after = visibility_ == Visibility::kHidden ? kTakeBackAfterHiddenMs : kTakeBackAfterMs;
  due_at_ = now + after + RandomShare(after, random_);
}

void PollLoop::AskAgain(int64_t now) {
  request_ = 0;
  due_at_ = now;
}

int64_t PollLoop::AskAtOnce(int64_t now) {
  if (phase_ != Phase::kSnapshot && phase_ != Phase::kPoll) return 0;
  held_ = false;
  due_at_ = now;
  // A snapshot is never held: what is under way is as fresh as another.
  return phase_ == Phase::kPoll ? std::exchange(request_, 0) : 0;
}

void PollLoop::Resume(int64_t now) {
  if (phase_ != Phase::kSuperseded && phase_ != Phase::kBlocked) return;
  phase_ = cursor_.empty() || phase_ == Phase::kBlocked ? Phase::kSnapshot : Phase::kPoll;
  blocked_code_.clear();
  resyncs_ = 0;
  // Somebody looks at this tab: it may take the line back from one that nobody looks at.
  superseded_at_ = kNever;
  held_ = false;
  due_at_ = now;
}

Connection PollLoop::ConnectionAt(int64_t now) const {
  switch (phase_) {
    case Phase::kStopped:
      return Connection::kIdle;
    case Phase::kBlocked:
      return Connection::kBlocked;
    case Phase::kSuperseded:
      return Connection::kSuperseded;
    case Phase::kSnapshot:
    case Phase::kPoll:
      break;
  }
  const bool failing =
      failures_ >= kFailuresUntilShown || (failing_since_ != kNever && now - failing_since_ >= kFailingMsUntilShown);
  if (failing) return Connection::kReconnecting;
  return answered_ ? Connection::kOnline : Connection::kConnecting;
}

}  // namespace alcove::client
