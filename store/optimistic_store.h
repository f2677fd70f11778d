// Serializable transactions over a Disk: optimistic, with group commit.
//
// A body runs without locks (OptimisticTransaction), is validated in one place
// (CommitWindow), and one committer thread writes what waits as one batch with
// one sync, publishes its topics and then answers its callers.
//
// When the disk refuses a write, nothing that is not durable is acknowledged,
// and nothing more is written until the disk was opened anew and shows the last
// acknowledged batch. Until then Transact() is UNAVAILABLE; Read() goes on for
// as long as the disk can be read.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "functions/wire/limits.h"
#include "store/commit_window.h"
#include "store/disk.h"
#include "store/mutex.h"
#include "store/releaser.h"
#include "store/store.h"

namespace alcove::store {

struct EngineOptions {
  // Called once, from a store thread, when the disk can not be trusted or opened
  // again: the process should say why and end. The store stays UNAVAILABLE.
  std::function<void(const absl::Status&)> on_fatal = nullptr;

  // Reopenings that may fail before that. A disk that is merely full does not
  // count: it is tried again for ever.
  int reopen_attempts_max = 10;
  // The pause before the second reopening; it doubles up to the last.
  absl::Duration reopen_pause = absl::Milliseconds(50);
  absl::Duration reopen_pause_max = absl::Seconds(5);

  // How long a run of a body may take.
  absl::Duration body_time_max = absl::Milliseconds(wire::kTransactionBodyMsMax);

  // For tests only.
  CommitWindow::Validation validation = CommitWindow::Validation::kOn;
};

class OptimisticStore final : public Store {
 public:
  OptimisticStore(std::unique_ptr<Disk> disk, std::string epoch, EngineOptions options);
  // Finishes what was committed. REQUIRES: no body runs, none will.
  ~OptimisticStore() override;

  std::string epoch() const override { return epoch_; }
  void Watch(Watcher* watcher) override;
  absl::Status Sequence(const Body& body, FatePtr& fate) override;
  std::optional<absl::Status> SequenceAtOnce(const Body& body, FatePtr& fate) override;
  void CarryOut() override { window_.WakeCommitter(); }
  bool sequences() const override { return true; }
  std::unique_ptr<Reader> SnapshotAtOnce() override;

 protected:
  absl::Status TransactStatus(const Body& body) override;
  absl::Status ReadStatus(const std::function<absl::Status(Reader&)>& body) override;

 private:
  // nullopt: outdated, to be run again.
  std::optional<absl::Status> RunOnce(const Body& body, CommitWindow::Company company, FatePtr& fate);

  // The committer thread.
  void CommitBatches();
  void Publish(const std::vector<std::string>& topics);
  // Publishes a batch that is durable, and decides its fates.
  void Tell(const CommitWindow::Batch& batch);
  void TellOfCommits(size_t commits, std::chrono::nanoseconds took);
  // False: given up.
  bool Recover(const absl::Status& reason, const std::vector<Change>& in_doubt);
  absl::Status Verify(const std::vector<Change>& in_doubt);

  const std::unique_ptr<Disk> disk_;
  const std::string epoch_;
  const EngineOptions options_;
  CommitWindow window_;

  // Held while the watcher is called.
  Mutex watcher_mutex_;
  Watcher* watcher_ ABSL_GUARDED_BY(watcher_mutex_) = nullptr;

  // Of the committer alone: what must be found after a reopening.
  std::vector<Change> last_durable_;

  Releaser releaser_;
  std::thread committer_;  // last: it uses all of the above
};

}  // namespace alcove::store
