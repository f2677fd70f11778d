// A store for a request that must not wait: it reads a snapshot that is there
// already, and refuses, and notes, whatever would need more than that.
//
//   SnapshotStore store(real, snapshot);
//   Outcome outcome = function(request, Context(store, ...));
//   if (store.refused()) ... run it again on the real one, for which this run has left no trace
//
// Threads: one.
#pragma once

#include <functional>
#include <string>

#include "store/store.h"

namespace alcove::store {

class SnapshotStore final : public Store {
 public:
  // Both must outlive it.
  SnapshotStore(Store& store, Reader& snapshot) : store_(store), snapshot_(snapshot) {}

  // Whether a transaction was wanted.
  bool refused() const { return refused_; }

  std::string epoch() const override { return store_.epoch(); }
  // As on the store behind it.
  void Watch(Watcher* watcher) override { store_.Watch(watcher); }

 protected:
  // UNAVAILABLE; the body is not run.
  absl::Status TransactStatus(const Body& body) override;
  absl::Status ReadStatus(const std::function<absl::Status(Reader&)>& body) override { return body(snapshot_); }

 private:
  Store& store_;
  Reader& snapshot_;
  bool refused_ = false;
};

}  // namespace alcove::store
