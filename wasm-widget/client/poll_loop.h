// The line to the server: a snapshot, then polls from its cursor, for ever.
//
// Decides only: what to ask next and when, and what to say of the connection.
// The session sends, and tells what came of it.
//
// One thread; every time is the monotonic clock's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "functions/wire/poll.h"
#include "wasm-widget/client/answer.h"
#include "wasm-widget/client/backoff.h"
#include "wasm-widget/client/view.h"

namespace alcove::client {

class PollLoop {
 public:
  enum class Need { kNothing, kSnapshot, kPoll };

  explicit PollLoop(Random& random) : random_(random) {}

  void Start(int64_t now);
  // Forgets the cursor. Returns the request to abort, 0 for none.
  int64_t Stop();

  // What is to be sent now; then Sent() follows.
  Need NeedAt(int64_t now) const;
  void Sent(int64_t request, int64_t now);
  int64_t request() const { return request_; }
  // When something is to be sent, or connection() changes by itself.
  int64_t NextDueAt(int64_t now) const;

  // `?cursor=…&wait=…` of the poll, and how long to wait for its answer: the server's hold and 10 s.
  std::string Query() const;
  int64_t TimeoutMs() const;

  // Whether the last request brought nothing.
  bool failing() const { return failures_ > 0; }

  // What came of the request.
  void OnSnapshot(std::string cursor, const wire::PollHints& hints, int64_t now);
  void OnPoll(const wire::PollAnswer& answer, int64_t now);
  // Everything that is not usable: also an accepted answer that cannot be read.
  void OnFailure(const HttpAnswer& answer, const Judgement& judgement, int64_t now);

  // The snapshot that was asked for says to ask for another, at once.
  void AskAgain(int64_t now);

  // The token is no longer good, wherever that was found: a snapshot is next.
  // Returns the request to abort. Repeated without a good poll between, it backs off.
  int64_t TakeSnapshotAnew(int64_t now);

  // The network is back, the page is shown again: asks at once, without being held.
  // Returns the request to abort, 0 for none.
  int64_t AskAtOnce(int64_t now);
  // After kSuperseded or kBlocked: as AskAtOnce(). Otherwise nothing.
  void Resume(int64_t now);

  void SetVisibility(Visibility visibility) { visibility_ = visibility; }

  Connection ConnectionAt(int64_t now) const;
  const std::string& blocked_code() const { return blocked_code_; }

 private:
  enum class Phase { kStopped, kSnapshot, kPoll, kBlocked, kSuperseded };

  void Succeeded(int64_t now);
  void Resync(int64_t now);
  void Block(std::string code, int64_t now);
  void OnSuperseded(int64_t now);

  Random& random_;
  Visibility visibility_ = Visibility::kVisible;
  Phase phase_ = Phase::kStopped;
  int64_t request_ = 0;
  int64_t sent_at_ = 0;
  int64_t due_at_ = kNever;  // also of what is refused: now and then it is tried again
  std::string cursor_;
  int64_t hold_ms_ = 0;
  bool held_ = false;      // whether the next poll may be held
  bool answered_ = false;  // ever
  int failures_ = 0;       // since the last usable answer
  int64_t failing_since_ = kNever;
  int resyncs_ = 0;                 // since the last good poll
  int64_t superseded_at_ = kNever;  // the last time
  std::string blocked_code_;
};

}  // namespace alcove::client
