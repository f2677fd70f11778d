#include "store/commit_window.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <memory>
#include <set>
#include <utility>

#include "functions/wire/limits.h"

namespace alcove::store {
namespace {

// Recent commits are held while a transaction runs that is older than they are.
// Past this many bytes they are forgotten and such transactions start again:
// half would disturb a few transactions of the largest size, double would let
// one slow body cost the memory of the whole idle server.
constexpr size_t kRecentBytesMax = 4 * wire::kTransactionBytesMax;

// Commits that are forgotten under one lock. One for each that is made would do;
// many at once, as a batch ends, would let all wait who go on then.
constexpr size_t kForgottenAtOnce = 4;

// One batch to the disk: more only makes those in front wait longer.
constexpr size_t kBatchBytesMax = wire::kTransactionBytesMax;

size_t Bytes(const std::vector<Change>& changes) {
  size_t bytes = 0;
  for (const Change& change : changes) bytes += change.key.size() + (change.value ? change.value->size() : 0);
  return bytes;
}

}  // namespace

bool CommitWindow::Outdated(const Start& start) const {
  return start.generation != generation_ || start.durable < forgotten_;
}

absl::StatusOr<CommitWindow::Start> CommitWindow::Begin(Company company) {
  const MutexLock lock(mutex_);
  if (company == Company::kAlone) {
    while (alone_) alone_ended_.Wait(mutex_);
  }
  if (failure_) return absl::UnavailableError(*failure_);
  alone_ = alone_ || company == Company::kAlone;
  ++running_[durable_];
  return Start{sequenced_, durable_, generation_, company};
}

void CommitWindow::End(const Start& start) {
  RecentCommits::Nodes waste;  // outlives the lock
  const MutexLock lock(mutex_);
  if (const auto running = running_.find(start.durable); --running->second == 0) running_.erase(running);
  if (start.company == Company::kAlone) {
    alone_ = false;
    alone_ended_.NotifyAll();
  }
  Forget(waste);
}

CommitWindow::Sight CommitWindow::Look(const Start& start, std::string_view key) {
  const MutexLock lock(mutex_);
  if (Outdated(start)) return {Sight::kOutdated, {}, 0};
  const RecentCommits::Version* version = recent_.Find(key);
  if (version == nullptr) return {};
  if (version->sequence > start.sequence && validation_ == Validation::kOn) return {Sight::kOutdated, {}, 0};
  return {Sight::kVersion, version->value, version->sequence};
}

std::optional<RecentCommits::Versions> CommitWindow::Look(const Start& start, const Range& range) {
  const MutexLock lock(mutex_);
  if (Outdated(start)) return std::nullopt;
  RecentCommits::Versions versions;
  const RecentCommits::Span span = recent_.In(range);
  for (auto entry = span.begin; entry != span.end; ++entry) {
    if (entry->second.sequence > start.sequence && validation_ == Validation::kOn) return std::nullopt;
    versions.insert(versions.end(), *entry);
  }
  return versions;
}

CommitWindow::Verdict CommitWindow::Commit(const Start& start, const ReadSet& read_set, RecentCommits::Nodes nodes,
                                           std::vector<std::string> topics, FatePtr& fate) {
  // All wait for the lock: what can be made before it is.
  std::vector<Change> changes;
  changes.reserve(nodes.size());
  for (const auto& node : nodes) changes.push_back({node.key(), node.mapped().value});
  auto made = std::make_shared<Fate>();
  const MutexLock lock(mutex_);
  if (alone_ && start.company == Company::kAtOnce) return Verdict::kOutdated;
  while (alone_ && start.company != Company::kAlone) alone_ended_.Wait(mutex_);
  if (Outdated(start)) return Verdict::kOutdated;
  if (validation_ == Validation::kOn && recent_.WrittenSince(start.sequence, read_set)) return Verdict::kOutdated;

  const uint64_t sequence = ++sequenced_;
  recent_.Add(sequence, nodes);
  pending_.push_back({sequence, std::move(changes), std::move(topics)});
  fate = std::move(made);
  waiters_.push_back({sequence, fate});
  if (start.company != Company::kAtOnce) work_.NotifyOne();
  return Verdict::kAccepted;
}

void CommitWindow::WakeCommitter() {
  const MutexLock lock(mutex_);
  if (!pending_.empty()) work_.NotifyOne();
}

CommitWindow::Verdict CommitWindow::AwaitDurable(const Start& start, uint64_t sequence, FatePtr& fate) {
  if (sequence <= start.durable) return Verdict::kAccepted;
  const MutexLock lock(mutex_);
  if (Outdated(start)) return Verdict::kOutdated;
  if (sequence <= durable_) return Verdict::kAccepted;
  fate = std::make_shared<Fate>();
  waiters_.push_back({sequence, fate});
  return Verdict::kAccepted;
}

std::optional<CommitWindow::Batch> CommitWindow::Take() {
  std::vector<Pending> taken;
  {
    const MutexLock lock(mutex_);
    while (pending_.empty() && !stopping_) work_.Wait(mutex_);
    if (pending_.empty()) return std::nullopt;
    size_t bytes = Bytes(pending_.front().changes);
    auto end = pending_.begin() + 1;
    for (; end != pending_.end(); ++end) {
      bytes += Bytes(end->changes);
      if (bytes > kBatchBytesMax) break;
    }
    taken.assign(std::make_move_iterator(pending_.begin()), std::make_move_iterator(end));
    pending_.erase(pending_.begin(), end);
  }
  Batch batch;
  batch.commits = taken.size();
  size_t changes = 0;
  for (const Pending& pending : taken) changes += pending.changes.size();
  batch.changes.reserve(changes);
  std::set<std::string> topics;
  for (Pending& pending : taken) {
    batch.last_sequence = pending.sequence;
    std::move(pending.changes.begin(), pending.changes.end(), std::back_inserter(batch.changes));
    topics.insert(pending.topics.begin(), pending.topics.end());
  }
  batch.topics.assign(topics.begin(), topics.end());
  return batch;
}

void CommitWindow::MarkDurable(const Batch& batch) {
  RecentCommits::Nodes waste;  // outlives the lock
  const MutexLock lock(mutex_);
  durable_ = batch.last_sequence;
  Forget(waste);
}

std::vector<FatePtr> CommitWindow::TakeDurable() {
  std::vector<FatePtr> taken;
  const MutexLock lock(mutex_);
  const auto kept =
      std::remove_if(waiters_.begin(), waiters_.end(), [&](Waiter& waiter) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        if (waiter.sequence > durable_) return false;
        taken.push_back(std::move(waiter.fate));
        return true;
      });
  waiters_.erase(kept, waiters_.end());
  return taken;
}

void CommitWindow::Fail(const absl::Status& reason) {
  std::vector<Waiter> lost;
  {
    const MutexLock lock(mutex_);
    failure_ = std::string(reason.message());
    ++generation_;
    durable_ = sequenced_;
    recent_.Clear();
    pending_.clear();
    lost.swap(waiters_);
  }
  for (const Waiter& waiter : lost) waiter.fate->Decide(absl::UnavailableError(std::string(reason.message())));
}

void CommitWindow::Resume() {
  const MutexLock lock(mutex_);
  failure_.reset();
}

bool CommitWindow::Pause(absl::Duration duration) {
  const MutexLock lock(mutex_);
  // A spurious wake only ends the pause early.
  if (!stopping_) work_.WaitFor(mutex_, duration);
  return !stopping_;
}

void CommitWindow::Stop() {
  const MutexLock lock(mutex_);
  stopping_ = true;
  work_.NotifyAll();
}

void CommitWindow::Forget(RecentCommits::Nodes& waste) {
  // A transaction that started when a commit was not yet durable may have
  // looked past it on the disk, so it must find it here.
  const uint64_t oldest = running_.empty() ? durable_ : running_.begin()->first;
  recent_.Forget(oldest, kForgottenAtOnce, waste);
  if (recent_.bytes() > kRecentBytesMax && oldest < durable_) {
    recent_.Forget(durable_, std::numeric_limits<size_t>::max(), waste);
    forgotten_ = durable_;
  }
}

}  // namespace alcove::store
