#include "functions/due.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "functions/deferred_call.h"
#include "functions/wire/limits.h"
#include "store/each_entry.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

constexpr std::string_view kNeverEnded = "it was begun and did not end: its node died, or took longer than its lease";

int64_t Now(Context& context) { return absl::ToUnixMillis(context.clock.Now()); }

// Gives a call up. The oldest letter makes room.
absl::Status Bury(store::Transaction& txn, StoredCall call, std::string_view reason, int64_t now_ms) {
  ASSIGN_OR_RETURN(const auto letters, txn.Scan(keys::AllDeadLetters(), {.limit = wire::kDeadLettersMax}));
  if (letters.size() == wire::kDeadLettersMax) txn.Erase(letters.front().key);
  EraseCall(txn, call);
  call.record.lease_until = 0;
  call.record.behind.reset();
  call.record.reason = std::string(reason.substr(0, wire::kReasonBytesMax));
  Save(txn, keys::DeadLetter(now_ms, call.id), call.record);
  return absl::OkStatus();
}

// The call, where the claim is still good. Otherwise lets go of what waits for
// the claim's end, and of a call that was cancelled.
absl::StatusOr<std::optional<StoredCall>> TakeBack(store::Transaction& txn, const Claim& claim, int64_t now_ms) {
  ASSIGN_OR_RETURN(auto call, FindCallAt(txn, claim.lease_until, claim.id));
  if (call && call->record.attempts == claim.attempt && !call->record.behind) {
    if (!call->record.cancelled.value_or(false)) return call;
    EraseCall(txn, *call);
    return std::optional<StoredCall>();
  }
  ASSIGN_OR_RETURN(auto later, FindCallOf(txn, claim.function, claim.key));
  if (!later || later->record.behind != claim.id.text()) return std::optional<StoredCall>();
  if (later->record.cancelled.value_or(false)) {
    EraseCall(txn, *later);
    return std::optional<StoredCall>();
  }
  later->record.behind.reset();
  later->record.lease_until = 0;
  RETURN_IF_ERROR(MoveCall(txn, *later, later->record.due_at));
  TellOfCall(txn, later->run_at, now_ms);
  return std::optional<StoredCall>();
}

absl::StatusOr<AskOrDone> CallInside(store::Transaction& txn, const Claim& claim, const Deferrable& deferrable,
                                     Context& context) {
  if (deferrable.fetching != nullptr) return deferrable.fetching(txn, claim.arguments, claim.fetched, context);
  ASSIGN_OR_RETURN(Afterwards afterwards, deferrable.atomic(txn, claim.arguments, context));
  return AskOrDone(std::move(afterwards));
}

// The function's work and the end of the call in one transaction; where it asks first, neither.
absl::StatusOr<Run> RunInside(const Claim& claim, const Deferrable& deferrable, Context& context) {
  bool gone = false;
  AskOrDone answer;
  const absl::Status status = context.store.Transact([&](store::Transaction& txn) -> absl::Status {
    answer = Afterwards();
    ASSIGN_OR_RETURN(const auto call, TakeBack(txn, claim, Now(context)));
    gone = !call.has_value();
    if (gone) return absl::OkStatus();
    EraseCall(txn, *call);
    ASSIGN_OR_RETURN(answer, CallInside(txn, claim, deferrable, context));
    if (std::holds_alternative<Fetch>(answer)) return absl::FailedPreconditionError("it asks another server");
    return absl::OkStatus();
  });
  if (Fetch* const fetch = std::get_if<Fetch>(&answer); fetch != nullptr) {
    if (!claim.fetched.Allow(*fetch)) return absl::InternalError("it asks too often");
    fetch->timeout = std::min(fetch->timeout, absl::Milliseconds(wire::kFetchMsMax));
    if (Now(context) + absl::ToInt64Milliseconds(fetch->timeout) >= claim.lease_until) {
      return absl::DeadlineExceededError("what it asks may take longer than its lease");
    }
    return Run{.ran = Ran::kGone, .fetch = std::move(*fetch)};
  }
  RETURN_IF_ERROR(status);
  if (gone) return Run{Ran::kGone};
  if (const Afterwards& afterwards = std::get<Afterwards>(answer)) afterwards(context);
  return Run{Ran::kDone};
}

absl::StatusOr<Run> RunOutside(const Claim& claim, const Deferrable& deferrable, Context& context) {
  RETURN_IF_ERROR(deferrable.outside(claim.arguments, context));
  return context.store.Transact([&](store::Transaction& txn) -> absl::StatusOr<Run> {
    ASSIGN_OR_RETURN(const auto call, TakeBack(txn, claim, Now(context)));
    if (!call) return Run{Ran::kGone};
    EraseCall(txn, *call);
    return Run{Ran::kDone};
  });
}

absl::StatusOr<Run> FailRun(const Claim& claim, std::string_view reason, Context& context) {
  ASSIGN_OR_RETURN(const Ran ran, FailClaim(claim, reason, context));
  return Run{ran};
}

}  // namespace

absl::StatusOr<Due> FindDue(store::Reader& reader, int64_t now_ms) {
  const store::Range range = keys::DeferredUntil(now_ms);
  ASSIGN_OR_RETURN(const auto entries, reader.Scan(range, {.limit = wire::kDeferSweepMax}));
  Due due;
  for (const store::Entry& entry : entries) {
    ASSIGN_OR_RETURN(const StoredCall call, DecodeCall(entry));
    due.calls.push_back({call.run_at, call.id});
    due.oldest = std::min(due.oldest.value_or(call.record.due_at), call.record.due_at);
  }
  if (entries.size() == wire::kDeferSweepMax) {
    due.next = now_ms;
    return due;
  }
  ASSIGN_OR_RETURN(const auto later, reader.Scan({range.end, keys::AllDeferred().end}, {.limit = 1}));
  if (!later.empty()) {
    ASSIGN_OR_RETURN(due.next, keys::DecodeTime(later.front().key));
  }
  return due;
}

absl::StatusOr<Backlog> CountDue(store::Reader& reader, int64_t now_ms) {
  Backlog backlog;
  store::Range range = keys::DeferredUntil(now_ms);
  for (bool more = true; more && backlog.due < wire::kDeferBacklogMax;) {
    const size_t limit = std::min(store::kPageEntries, wire::kDeferBacklogMax - backlog.due);
    ASSIGN_OR_RETURN(const auto page, reader.Scan(range, {.limit = limit}));
    for (const store::Entry& entry : page) {
      ASSIGN_OR_RETURN(const StoredCall call, DecodeCall(entry));
      backlog.oldest = std::min(backlog.oldest.value_or(call.record.due_at), call.record.due_at);
    }
    backlog.due += page.size();
    more = page.size() == limit;
    if (more) range.begin = page.back().key + '\0';
  }
  return backlog;
}

absl::StatusOr<Claimed> ClaimCall(const DueCall& due, Context& context) {
  return context.store.Transact([&](store::Transaction& txn) -> absl::StatusOr<Claimed> {
    const int64_t now_ms = Now(context);
    ASSIGN_OR_RETURN(auto call, FindCallAt(txn, due.run_at, due.id));
    if (!call) return Claimed{};
    DeferredRecord& record = call->record;
    if (record.cancelled.value_or(false)) {
      EraseCall(txn, *call);
      return Claimed{};
    }
    if (record.attempts >= wire::kDeferAttemptsMax) {
      RETURN_IF_ERROR(Bury(txn, *std::move(call), kNeverEnded, now_ms));
      return Claimed{.claim = {}, .otherwise = Ran::kDied};
    }
    record.behind.reset();
    ++record.attempts;
    record.lease_until = now_ms + wire::kDeferLeaseMs;
    RETURN_IF_ERROR(MoveCall(txn, *call, record.lease_until));
    return Claimed{
        .claim = Claim{call->id, record.function, record.key, record.arguments, record.attempts, record.lease_until},
        .otherwise = Ran::kGone};
  });
}

absl::StatusOr<Run> RunClaim(const Claim& claim, const Deferrable* deferrable, Context& context) {
  if (deferrable == nullptr) return FailRun(claim, "this version has no such function", context);
  absl::StatusOr<Run> run =
      deferrable->outside != nullptr ? RunOutside(claim, *deferrable, context) : RunInside(claim, *deferrable, context);
  if (run.ok()) return run;
  // One whose commit is in doubt may be done: then there is nothing left to fail.
  return FailRun(claim, run.status().ToString(absl::StatusToStringMode::kWithNoExtraData), context);
}

absl::StatusOr<Ran> FailClaim(const Claim& claim, std::string_view reason, Context& context) {
  const int64_t backoff_ms = BackoffMs(claim.attempt, context.random);
  return context.store.Transact([&](store::Transaction& txn) -> absl::StatusOr<Ran> {
    const int64_t now_ms = Now(context);
    ASSIGN_OR_RETURN(auto call, TakeBack(txn, claim, now_ms));
    if (!call) return Ran::kGone;
    if (claim.attempt >= wire::kDeferAttemptsMax) {
      RETURN_IF_ERROR(Bury(txn, *std::move(call), reason, now_ms));
      return Ran::kDied;
    }
    call->record.lease_until = 0;
    call->record.reason = std::string(reason.substr(0, wire::kReasonBytesMax));
    RETURN_IF_ERROR(MoveCall(txn, *call, now_ms + backoff_ms));
    TellOfCall(txn, call->run_at, now_ms);
    return Ran::kRepeats;
  });
}

int64_t BackoffMs(int64_t attempt, Random& random) {
  int64_t wait = wire::kDeferBackoffMs;
  for (int64_t i = 1; i < attempt && wait < wire::kDeferBackoffMsMax; ++i) wait *= 2;
  wait = std::min(wait, wire::kDeferBackoffMsMax);
  return wait - static_cast<int64_t>(random.Next() % static_cast<uint64_t>(wait / 2 + 1));
}

}  // namespace alcove::functions
