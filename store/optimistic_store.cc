#include "store/optimistic_store.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <random>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "functions/wire/limits.h"
#include "store/optimistic_transaction.h"
#include "store/sizes.h"
#include "store/status_macros.h"

namespace alcove::store {
namespace {

// Conflicts that are answered by running again at once; then pauses that grow
// to kLongestPause spread the contenders out. Without pauses a hot range starves
// long bodies until they run alone; with longer ones the disk goes idle.
constexpr int kEagerAttempts = 4;
constexpr std::chrono::microseconds kLongestPause{2000};

// A body that runs alone is only outdated by a failure of the disk.
constexpr int kAloneAttempts = 3;

// Changes of the last durable batch that are kept, to be found again.
constexpr size_t kVerifiedChanges = 32;

void PauseAfterConflict(int attempt) {
  if (attempt < kEagerAttempts) return;
  thread_local std::minstd_rand jitter(std::random_device{}());
  const auto most = std::min(kLongestPause, std::chrono::microseconds(50) * (attempt - kEagerAttempts + 1));
  std::this_thread::sleep_for(std::chrono::microseconds(jitter() % static_cast<unsigned>(most.count())));
}

// Checks what the disk does not.
class CheckedReader final : public Reader {
 public:
  explicit CheckedReader(std::unique_ptr<Reader> snapshot) : snapshot_(std::move(snapshot)) {}
  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) override {
    RETURN_IF_ERROR(CheckKey(key));
    return snapshot_->Get(key);
  }
  absl::StatusOr<std::vector<Entry>> Scan(const Range& range, const ScanOptions& options) override {
    RETURN_IF_ERROR(CheckScan(options));
    return snapshot_->Scan(range, options);
  }

 private:
  const std::unique_ptr<Reader> snapshot_;
};

}  // namespace

OptimisticStore::OptimisticStore(std::unique_ptr<Disk> disk, std::string epoch, EngineOptions options)
    : disk_(std::move(disk)),
      epoch_(std::move(epoch)),
      options_(std::move(options)),
      window_(options_.validation),
      committer_([this] { CommitBatches(); }) {}

OptimisticStore::~OptimisticStore() {
  window_.Stop();
  committer_.join();
}

void OptimisticStore::Watch(Watcher* watcher) {
  const MutexLock lock(watcher_mutex_);
  watcher_ = watcher;
}

absl::Status OptimisticStore::TransactStatus(const Body& body) {
  FatePtr fate;
  absl::Status result = Sequence(body, fate);
  if (fate == nullptr) return result;
  const absl::Status durable = fate->Await();
  return durable.ok() ? result : durable;
}

absl::Status OptimisticStore::Sequence(const Body& body, FatePtr& fate) {
  fate = nullptr;
  for (int attempt = 1; attempt <= wire::kTransactionAttemptsMax + kAloneAttempts; ++attempt) {
    const bool alone = attempt > wire::kTransactionAttemptsMax;
    const auto company = alone ? CommitWindow::Company::kAlone : CommitWindow::Company::kAny;
    if (const auto status = RunOnce(body, company, fate)) return *status;
    if (!alone) PauseAfterConflict(attempt);
  }
  return absl::AbortedError("a transaction met too many conflicts");
}

std::optional<absl::Status> OptimisticStore::SequenceAtOnce(const Body& body, FatePtr& fate) {
  fate = nullptr;
  return RunOnce(body, CommitWindow::Company::kAtOnce, fate);
}

std::optional<absl::Status> OptimisticStore::RunOnce(const Body& body, CommitWindow::Company company, FatePtr& fate) {
  const auto start = window_.Begin(company);
  if (!start.ok()) return start.status();
  const absl::Cleanup end = [&] { window_.End(*start); };
  std::unique_ptr<Reader> snapshot;
  if (company == CommitWindow::Company::kAtOnce) {
    snapshot = disk_->SnapshotAtOnce();
    if (snapshot == nullptr) return std::nullopt;
  }
  OptimisticTransaction transaction(
      window_, *disk_, *start, std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(options_.body_time_max),
      std::move(snapshot));
  absl::Status result = body(transaction);
  if (transaction.outdated()) return std::nullopt;
  if (result.ok()) result = transaction.error();

  CommitWindow::Verdict verdict;
  if (result.ok() && transaction.writes()) {
    verdict = window_.Commit(*start, transaction.read_set(), transaction.TakeChanges(), transaction.TakeTopics(), fate);
  } else {
    verdict = window_.AwaitDurable(*start, transaction.rests_on(), fate);
  }
  if (verdict == CommitWindow::Verdict::kOutdated) return std::nullopt;
  return result;
}

absl::Status OptimisticStore::ReadStatus(const std::function<absl::Status(Reader&)>& body) {
  ASSIGN_OR_RETURN(std::unique_ptr<Reader> snapshot, disk_->Snapshot());
  CheckedReader reader(std::move(snapshot));
  return body(reader);
}

std::unique_ptr<Reader> OptimisticStore::SnapshotAtOnce() {
  std::unique_ptr<Reader> snapshot = disk_->SnapshotAtOnce();
  if (snapshot == nullptr) return nullptr;
  return std::make_unique<CheckedReader>(std::move(snapshot));
}

void OptimisticStore::CommitBatches() {
  while (std::optional<CommitWindow::Batch> batch = window_.Take()) {
    const auto begin = std::chrono::steady_clock::now();
    // Topics alone need no disk.
    const absl::Status written = batch->changes.empty() ? absl::OkStatus() : disk_->Write(batch->changes);
    if (!written.ok()) {
      if (!Recover(written, batch->changes)) return;
      // It may have been kept, and who waits for it was told by nobody else.
      Publish(batch->topics);
      continue;
    }
    const auto took = std::chrono::steady_clock::now() - begin;
    window_.MarkDurable(*batch);
    Tell(*batch);
    if (batch->changes.empty()) continue;
    TellOfCommits(batch->commits, took);
    last_durable_ = std::move(batch->changes);
    if (last_durable_.size() > kVerifiedChanges) {
      last_durable_.erase(last_durable_.begin(), last_durable_.end() - kVerifiedChanges);
    }
  }
}

void OptimisticStore::Publish(const std::vector<std::string>& topics) {
  if (topics.empty()) return;
  const MutexLock lock(watcher_mutex_);
  if (watcher_ != nullptr) watcher_->TopicsChanged(topics);
}

void OptimisticStore::Tell(const CommitWindow::Batch& batch) {
  const MutexLock lock(watcher_mutex_);
  if (watcher_ == nullptr) return releaser_.Release(window_.TakeDurable());
  watcher_->TellTogether([&]() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    if (!batch.topics.empty()) watcher_->TopicsChanged(batch.topics);
    releaser_.Release(window_.TakeDurable());
  });
}

void OptimisticStore::TellOfCommits(size_t commits, std::chrono::nanoseconds took) {
  const MutexLock lock(watcher_mutex_);
  if (watcher_ != nullptr) watcher_->CommitsMade(commits, took);
}

bool OptimisticStore::Recover(const absl::Status& reason, const std::vector<Change>& in_doubt) {
  window_.Fail(reason);
  absl::Duration pause = options_.reopen_pause;
  for (int failed = 0; failed < options_.reopen_attempts_max;) {
    absl::Status status = disk_->Reopen();
    if (status.ok()) status = Verify(in_doubt);
    if (status.ok()) {
      window_.Resume();
      return true;
    }
    if (absl::IsDataLoss(status)) {
      if (options_.on_fatal) options_.on_fatal(status);
      return false;
    }
    if (!absl::IsResourceExhausted(status)) ++failed;
    if (!window_.Pause(pause)) return false;
    pause = std::min(pause * 2, options_.reopen_pause_max);
  }
  if (options_.on_fatal) {
    options_.on_fatal(absl::UnavailableError(
        absl::StrCat("the store could not be opened again after a failed write: ", std::string(reason.message()))));
  }
  return false;
}

absl::Status OptimisticStore::Verify(const std::vector<Change>& in_doubt) {
  // From the newest: an older value of the same key was replaced.
  std::vector<Change> found;
  std::set<std::string> seen;
  for (auto change = last_durable_.rbegin(); change != last_durable_.rend(); ++change) {
    if (!seen.insert(change->key).second) continue;
    ASSIGN_OR_RETURN(std::optional<std::string> text, disk_->Get(change->key));
    SharedValue value = text ? SharedValue(*std::move(text)) : SharedValue();
    const bool may_have_changed = std::any_of(in_doubt.begin(), in_doubt.end(), [&](const Change& other) {
      return other.key == change->key && other.value == value;
    });
    if (value != change->value && !may_have_changed) {
      return absl::DataLossError("a write that was acknowledged is gone after the store was opened again");
    }
    found.push_back({change->key, std::move(value)});
  }
  // The batch in doubt may have been written: the next failure compares with what is there now.
  last_durable_ = std::move(found);
  return absl::OkStatus();
}

}  // namespace alcove::store
