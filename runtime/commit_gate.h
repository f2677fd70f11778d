// Holds answers back until what they tell is durable, so that no thread waits
// for the disk.
//
// Threads: all methods from any.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "functions/routes.h"
#include "runtime/exchange.h"
#include "store/mutex.h"

namespace alcove::runtime {

class CommitGate {
 public:
  // Lets an exchange go, with what became of its fate. Called from store
  // threads: it must be quick, and must not call back into the store.
  using LetGo = std::function<void(std::unique_ptr<Exchange>, const absl::Status&)>;

  explicit CommitGate(LetGo let_go) : let_go_(std::move(let_go)) {}
  // Waits until all are gone. REQUIRES: the store still commits, and Hold() is not called any more.
  ~CommitGate();

  // Lets it go when its fate is decided: now, where it has none.
  void Hold(std::unique_ptr<Exchange> exchange);

  // Whether a new request of this work may still come to wait here. Where the disk does not keep up what matters least
  // is refused first, and what people send when kQueuedRequestsMax wait, or answers of kHeldAnswersBytesMax.
  bool TakesMore(functions::Work work) const;
  size_t held() const;

 private:
  const LetGo let_go_;
  mutable store::Mutex mutex_;
  store::CondVar emptied_;
  size_t held_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t held_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace alcove::runtime
