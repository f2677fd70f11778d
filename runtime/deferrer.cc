#include "runtime/deferrer.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <string>
#include <typeinfo>
#include <utility>

#include "functions/deferrables.h"
#include "functions/wire/limits.h"
#include "runtime/log.h"
#include "store/keys.h"

namespace alcove::runtime {
namespace {

using functions::Ran;

constexpr absl::Duration kLook = absl::Milliseconds(wire::kDeferLookMs);
constexpr absl::Duration kPause = absl::Milliseconds(wire::kDeferPauseMs);
constexpr std::chrono::milliseconds kCount{wire::kDeferCountMs};
// After a store that could not be read.
constexpr absl::Duration kTrouble = absl::Seconds(1);

std::string_view NameOf(Ran ran) {
  switch (ran) {
    case Ran::kDone:
      return "done";
    case Ran::kRepeats:
      return "failed";
    case Ran::kDied:
      return "dead";
    case Ran::kGone:
      break;
  }
  return "gone";
}

void WarnUnreadable(const absl::Status& status) {
  LogWarning("deferred calls cannot be read", {{"reason", std::string(status.message())}});
}

// Fisher and Yates, by the dice that everything else uses.
void Shuffle(std::vector<functions::DueCall>& calls, functions::Random& random) {
  for (size_t i = calls.size(); i > 1; --i) std::swap(calls[i - 1], calls[random.Next() % i]);
}

}  // namespace

Deferrer::Deferrer(std::span<const functions::Deferrable> deferrables, functions::Context& context, Hub& hub,
                   Metrics& metrics, Fetcher& fetcher)
    : deferrables_(deferrables), context_(context), hub_(hub), metrics_(metrics), fetcher_(fetcher) {
  threads_.emplace_back([this] { Look(); });
  for (int i = 0; i < wire::kDeferredRunsMax; ++i) threads_.emplace_back([this] { Work(); });
}

Deferrer::~Deferrer() {
  Stop();
  for (std::thread& thread : threads_) thread.join();
  hub_.Unpark(*this);
}

void Deferrer::Stop() {
  const store::MutexLock lock(mutex_);
  stopping_ = true;
  due_.clear();
  changed_.NotifyAll();
  available_.NotifyAll();
}

bool Deferrer::stopped() const {
  const store::MutexLock lock(mutex_);
  return IsDone() && at_hand_.empty();
}

Deferrer::Backlog Deferrer::backlog() const {
  const store::MutexLock lock(mutex_);
  Backlog backlog;
  backlog.due = backlog_.due;
  if (backlog_.oldest) {
    backlog.oldest = std::max(context_.clock.Now() - absl::FromUnixMillis(*backlog_.oldest), absl::ZeroDuration());
  }
  return backlog;
}

void Deferrer::Signalled() {
  const store::MutexLock lock(mutex_);
  told_ = true;
  changed_.NotifyAll();
}

// --- Who looks ------------------------------------------------------------------

void Deferrer::Look() {
  while (true) {
    while (!AwaitRoom()) CountBacklog();
    hub_.Unpark(*this);
    const uint64_t since = hub_.Sequence();
    const SteadyTime looked_at = std::chrono::steady_clock::now();
    const absl::Duration rest = LookOnce();
    if (rest > absl::ZeroDuration()) Rest(looked_at, rest, since);
    const store::MutexLock lock(mutex_);
    if (stopping_) return;
  }
}

bool Deferrer::IsFull() const {
  return !due_.empty() || at_hand_.size() >= wire::kDeferredRunsMax || asking_ >= wire::kDeferredAskingMax;
}

bool Deferrer::AwaitRoom() {
  const store::MutexLock lock(mutex_);
  while (!stopping_ && IsFull()) {
    const SteadyTime now = std::chrono::steady_clock::now();
    if (now >= counted_at_ + kCount) return false;
    changed_.WaitFor(mutex_, absl::FromChrono(counted_at_ + kCount - now));
  }
  return true;
}

void Deferrer::SetBacklog(const functions::Backlog& backlog) {
  counted_at_ = std::chrono::steady_clock::now();
  const store::MutexLock lock(mutex_);
  backlog_ = backlog;
}

void Deferrer::CountBacklog() {
  counted_at_ = std::chrono::steady_clock::now();
  const int64_t now_ms = absl::ToUnixMillis(context_.clock.Now());
  const auto backlog = context_.store.Read([&](store::Reader& reader) { return functions::CountDue(reader, now_ms); });
  if (backlog.ok()) {
    SetBacklog(*backlog);
  } else {
    WarnUnreadable(backlog.status());
  }
}

absl::Duration Deferrer::LookOnce() {
  if (!has_standing_) has_standing_ = functions::DeferStanding(deferrables_, context_).ok();
  const int64_t now_ms = absl::ToUnixMillis(context_.clock.Now());
  auto due = context_.store.Read([&](store::Reader& reader) { return functions::FindDue(reader, now_ms); });
  if (!due.ok()) {
    WarnUnreadable(due.status());
    return kTrouble;
  }
  const size_t found = due->calls.size();
  if (found < wire::kDeferSweepMax) {
    SetBacklog({found, due->oldest});
  } else if (backlog().due < found || std::chrono::steady_clock::now() >= counted_at_ + kCount) {
    CountBacklog();
  }
  Shuffle(due->calls, context_.random);
  const store::MutexLock lock(mutex_);
  for (functions::DueCall& call : due->calls) {
    if (!stopping_ && !at_hand_.contains(call.id)) due_.push_back(std::move(call));
  }
  if (!due_.empty()) {
    available_.NotifyAll();
    return absl::ZeroDuration();
  }
  if (found > 0) return kPause;
  if (!has_standing_) return kTrouble;
  return due->next ? std::clamp(absl::Milliseconds(*due->next - now_ms), kPause, kLook) : kLook;
}

void Deferrer::Rest(SteadyTime looked_at, absl::Duration rest, uint64_t since) {
  const bool parked = hub_.Park(*this, {store::keys::DeferTopic()}, since);
  const SteadyTime end = looked_at + absl::ToChronoNanoseconds(rest);
  const SteadyTime soonest = looked_at + absl::ToChronoNanoseconds(kPause);
  const store::MutexLock lock(mutex_);
  if (!parked) told_ = true;
  while (!stopping_) {
    const SteadyTime until = told_ ? soonest : end;
    const SteadyTime now = std::chrono::steady_clock::now();
    if (now >= until) break;
    changed_.WaitFor(mutex_, absl::FromChrono(until - now));
  }
  told_ = false;
}

// --- Who runs -------------------------------------------------------------------

void Deferrer::Work() {
  mutex_.Lock();
  while (true) {
    while (due_.empty() && answered_.empty() && !IsDone()) available_.Wait(mutex_);
    if (!answered_.empty()) {
      HandleFirst(answered_, [this](functions::Claim claim) { Run(std::move(claim)); });
    } else if (!due_.empty()) {
      HandleFirst(due_, [this](const functions::DueCall& call) { Claim(call); });
    } else {
      break;
    }
  }
  mutex_.Unlock();
}

template <class Item, class Handle>
void Deferrer::HandleFirst(std::deque<Item>& queue, const Handle& handle) {
  Item first = std::move(queue.front());
  queue.pop_front();
  const wire::DeferredId id = first.id;
  at_hand_.insert(id);
  changed_.NotifyAll();
  mutex_.Unlock();
  handle(std::move(first));
  mutex_.Lock();
  at_hand_.erase(id);
  changed_.NotifyAll();
}

absl::StatusOr<functions::Run> Deferrer::Threw(const functions::Claim& claim, std::string_view name,
                                               const std::string& what) {
  LogWarning("a deferred function threw", {{"function", std::string(name)}, {"what", what}});
  metrics_.CountFailure();
  const auto ran = functions::FailClaim(claim, "it threw an exception", context_);
  if (!ran.ok()) return ran.status();
  return functions::Run{*ran};
}

void Deferrer::Count(const wire::DeferredId& id, std::string_view name, Ran ran) {
  metrics_.CountDeferred(name, NameOf(ran));
  if (ran == Ran::kDied) {
    LogWarning("a deferred call was given up", {{"function", std::string(name)}, {"call", id.text()}});
  }
}

void Deferrer::Claim(const functions::DueCall& call) {
  auto claimed = functions::ClaimCall(call, context_);
  if (!claimed.ok()) {
    // Nobody has it: it is found again.
    LogWarning("a deferred call cannot be claimed", {{"reason", std::string(claimed.status().message())}});
  } else if (claimed->claim) {
    Run(*std::move(claimed->claim));
  } else {
    Count(call.id, "unknown", claimed->otherwise);
  }
}

void Deferrer::Run(functions::Claim claim) {
  const functions::Deferrable* const deferrable = functions::FindDeferrable(deferrables_, claim.function);
  const std::string_view name = deferrable != nullptr ? deferrable->name : "unknown";
  absl::StatusOr<functions::Run> run;
  // Ours throw nothing; this is the last net under third parties and memory.
  try {
    run = functions::RunClaim(claim, deferrable, context_);
  } catch (const std::exception& exception) {
    // Its type, not its words: a parser's hold what people wrote.
    run = Threw(claim, name, typeid(exception).name());
  } catch (...) {
    run = Threw(claim, name, "no std::exception");
  }
  if (!run.ok()) {
    LogWarning("a deferred call cannot be ended; it is run again when its lease is over",
               {{"function", std::string(name)}, {"reason", std::string(run.status().message())}});
  } else if (run->fetch) {
    Fetch(std::move(claim), *std::move(run->fetch));
  } else {
    Count(claim.id, name, run->ran);
  }
}

void Deferrer::Fetch(functions::Claim claim, functions::Fetch fetch) {
  {
    const store::MutexLock lock(mutex_);
    // Nobody knows whether there is time for the answer: whoever has the call after its lease asks.
    if (stopping_) return;
    ++asking_;
  }
  const std::string id = claim.id.text();
  fetcher_.Start(std::move(fetch), id, [this, held = std::move(claim)](functions::Fetched fetched) mutable {
    Fetched(std::move(held), std::move(fetched));
  });
}

void Deferrer::Fetched(functions::Claim claim, functions::Fetched fetched) {
  const store::MutexLock lock(mutex_);
  --asking_;
  // As above, where it is cut short because the server goes down.
  if (fetched.result != functions::FetchResult::kStopped) {
    claim.fetched.Add(std::move(fetched));
    answered_.push_back(std::move(claim));
  }
  available_.NotifyAll();
  changed_.NotifyAll();
}

}  // namespace alcove::runtime
