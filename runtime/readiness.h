// Whether the server can do its work: a write is on disk, and it is not going down.
//
// A write probe runs on a thread of its own, when somebody asks and the last
// one is old: a disk that hangs must not hang who asks, and an idle server
// must not write.
//
// Threads: all methods may be called from any thread.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "functions/wire/limits.h"
#include "runtime/timer_wheel.h"
#include "store/mutex.h"

namespace alcove::runtime {

class Readiness {
 public:
  // A probe counts for so long.
  static constexpr std::chrono::milliseconds kProbeAgeMax{wire::kReadyProbeAgeMsMax};

  // `probe` writes something and returns when it is durable.
  explicit Readiness(std::function<absl::Status()> probe);
  // Waits for a probe that runs.
  ~Readiness();

  // OK, or why not. Waits at most `patience` for a probe.
  absl::Status Check(std::chrono::milliseconds patience = std::chrono::milliseconds(800));

  // Not ready any more, for good.
  void SetDraining();

 private:
  void RunProbes();
  bool IsFresh() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::function<absl::Status()> probe_;
  store::Mutex mutex_;
  store::CondVar changed_;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool wanted_ ABSL_GUARDED_BY(mutex_) = false;
  int probes_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Status last_ ABSL_GUARDED_BY(mutex_) = absl::UnavailableError("the store has not been probed");
  std::optional<SteadyTime> last_success_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace alcove::runtime
