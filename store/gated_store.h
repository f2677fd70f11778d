// A store for one request: its transactions come back as soon as they have
// their place in the order of commits, and whoever lets their results out
// waits for the last one's fate.
//
//   GatedStore gated(store);
//   Outcome outcome = function(request, Context(gated, ...));
//   if (FatePtr fate = gated.TakeFate()) fate->WhenDecided([...](status) { ... });
//
// So no thread waits for the disk, and as many requests as there are share one
// sync. A second transaction, or a Read(), waits for the fate of the one before
// it, so that a function sees its own writes and nothing goes on after a loss.
//
// On a thread that must not wait (kAtOnce) there is one transaction, and what is
// read before it. It is refused where it would have to wait, as is all that is
// asked behind it; then the request is to be run again on a store that waits.
// Who has written asks nothing more, so that such a run has left no trace.
//
// Threads: one.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "store/fate.h"
#include "store/store.h"

namespace alcove::store {

class GatedStore final : public Store {
 public:
  enum class Pace { kWaits, kAtOnce };
  // `store` must outlive it.
  explicit GatedStore(Store& store, Pace pace = Pace::kWaits) : store_(store), pace_(pace) {}

  // Whether anything was.
  bool refused() const { return refused_; }

  // Of what was answered since the last call.
  FatePtr TakeFate() { return std::move(fate_); }

  std::string epoch() const override { return store_.epoch(); }
  absl::Status Settle() override;
  // As on the store behind it.
  void Watch(Watcher* watcher) override { store_.Watch(watcher); }

 protected:
  absl::Status TransactStatus(const Body& body) override;
  absl::Status ReadStatus(const std::function<absl::Status(Reader&)>& body) override;

 private:
  // Whether more may be asked: waits for the fate of what was, or is UNAVAILABLE.
  absl::Status GoOn();

  Store& store_;
  const Pace pace_;
  bool transacted_ = false;
  bool refused_ = false;
  FatePtr fate_;
};

}  // namespace alcove::store
