// Where transactions meet: gives each its place in the order of commits, shows
// it what was committed before it, and refuses it when its view is outdated.
//
// A transaction is validated and takes its sequence at once; its writes are
// seen by later transactions at once; only then does the committer carry them
// to the disk, with all others that wait. So transactions on one hot key follow
// each other without waiting for the disk, and share its sync. Nobody is told
// of a result before everything that it rests on is durable.
//
// Three numbers grow: `sequenced` (the last commit), `durable` (the last commit
// on disk, <= sequenced) and `generation` (how often a failure of the disk threw
// undurable commits away). After a failure every running transaction may have
// seen what is no more: it is outdated by its generation.
//
// Threads: any, all methods.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/disk.h"
#include "store/fate.h"
#include "store/mutex.h"
#include "store/recent_commits.h"
#include "store/store.h"

namespace alcove::store {

class CommitWindow {
 public:
  // kOff exists for the tests that show what validation prevents.
  enum class Validation { kOn, kOff };
  explicit CommitWindow(Validation validation) : validation_(validation) {}

  // --- For a transaction ----------------------------------------------------

  // kAlone: no other commit is accepted until End(), so it cannot be outdated
  // but by a failure of the disk. kAtOnce: outdated where it would have to wait
  // for one that is alone.
  enum class Company { kAny, kAlone, kAtOnce };
  struct Start {
    uint64_t sequence = 0;  // it sees the commits up to this one
    uint64_t durable = 0;   // and finds those up to this one on the disk
    uint64_t generation = 0;
    Company company = Company::kAny;
  };

  // UNAVAILABLE while the disk has failed. Every success is given to End() once,
  // before its fate is awaited: a running transaction holds the window open.
  absl::StatusOr<Start> Begin(Company company);
  void End(const Start& start);

  // What recent commits say of a key. Where they say nothing, ask the disk and then look again, or ask a snapshot of it
  // that was taken after Begin() and before this look: all that is in that was told by this.
  struct Sight {
    enum { kOutdated, kNothing, kVersion } kind = kNothing;
    SharedValue value;
    uint64_t sequence = 0;
  };
  Sight Look(const Start& start, std::string_view key);
  // Of a range: nullopt where the transaction is outdated.
  std::optional<RecentCommits::Versions> Look(const Start& start, const Range& range);

  enum class Verdict {
    kAccepted,  // `fate` will be decided; where it is null all is durable already
    kOutdated,  // run the body again
  };
  Verdict Commit(const Start& start, const ReadSet& read_set, RecentCommits::Nodes changes,
                 std::vector<std::string> topics, FatePtr& fate);
  // Tells the committer of what was accepted of those that began kAtOnce, which nobody has told it of.
  void WakeCommitter();
  // For a result without writes that rests on the commit `sequence`.
  Verdict AwaitDurable(const Start& start, uint64_t sequence, FatePtr& fate);

  // --- For the committer, one thread ----------------------------------------

  struct Batch {
    uint64_t last_sequence = 0;
    size_t commits = 0;
    std::vector<Change> changes;      // in order
    std::vector<std::string> topics;  // each once
  };
  // What waits, oldest first, bounded in bytes; waits for something. nullopt: stopped and nothing is left.
  std::optional<Batch> Take();
  // The batch is on disk.
  void MarkDurable(const Batch& batch);
  // Those who may be told now, after the topics were published: of what is durable, and each once.
  std::vector<FatePtr> TakeDurable();
  // Nothing that is not durable will be: decides its fate as UNAVAILABLE and
  // refuses to begin until Resume().
  void Fail(const absl::Status& reason);
  void Resume();
  // Sleeps, but not past Stop(), of which false tells.
  bool Pause(absl::Duration duration);

  // Take() ends when nothing is left.
  void Stop();

 private:
  struct Pending {
    uint64_t sequence;
    std::vector<Change> changes;
    std::vector<std::string> topics;
  };
  struct Waiter {
    uint64_t sequence;
    FatePtr fate;
  };

  bool Outdated(const Start& start) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Forget(RecentCommits::Nodes& waste) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Validation validation_;

  Mutex mutex_;
  RecentCommits recent_ ABSL_GUARDED_BY(mutex_);
  uint64_t sequenced_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t durable_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t generation_ ABSL_GUARDED_BY(mutex_) = 0;
  // Recent commits up to this were forgotten though older transactions ran.
  uint64_t forgotten_ ABSL_GUARDED_BY(mutex_) = 0;
  // How many transactions run, by their Start::durable. None of 0.
  std::map<uint64_t, size_t> running_ ABSL_GUARDED_BY(mutex_);
  std::vector<Pending> pending_ ABSL_GUARDED_BY(mutex_);  // oldest first
  std::vector<Waiter> waiters_ ABSL_GUARDED_BY(mutex_);
  // Why nothing begins. Text, not a Status: a shared one's count of references is
  // invisible to the thread sanitizer.
  std::optional<std::string> failure_ ABSL_GUARDED_BY(mutex_);
  bool alone_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  CondVar work_;         // pending_ or stopping_ changed
  CondVar alone_ended_;  // alone_ became false
};

}  // namespace alcove::store
