// What becomes of a transaction between its place in the order of commits and
// the disk.
//
// Threads: all methods from any.
#pragma once

#include <memory>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "store/mutex.h"

namespace alcove::store {

// Decided once: OK when all that the transaction wrote and saw is durable,
// UNAVAILABLE when it is lost or nobody knows. Shared by who commits and who
// waits.
class Fate {
 public:
  // Hears it from the thread that decides: it must be quick, and must not call
  // back into the store.
  using Then = absl::AnyInvocable<void(absl::Status)>;

  // REQUIRES: once, and the caller holds the fate: who waits may let go of it meanwhile.
  void Decide(absl::Status status);

  // Waits until it is decided. REQUIRES: once, and not beside WhenDecided().
  absl::Status Await();

  // Whether a thread waits in Await(), which is woken by Decide().
  bool IsAwaited();

  // Calls `then` once; now where it is decided. REQUIRES: once, and not beside Await().
  void WhenDecided(Then then);

 private:
  Mutex mutex_;
  CondVar decided_;
  std::optional<absl::Status> status_ ABSL_GUARDED_BY(mutex_);
  bool awaited_ ABSL_GUARDED_BY(mutex_) = false;
  Then then_ ABSL_GUARDED_BY(mutex_);
};

// Null: nothing is left to wait for.
using FatePtr = std::shared_ptr<Fate>;

}  // namespace alcove::store
