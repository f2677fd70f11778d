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
  // `store` must outlive it.
  explicit GatedStore(Store& store) : store_(store) {}

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
  Store& store_;
  FatePtr fate_;
};

}  // namespace alcove::store
