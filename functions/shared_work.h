// What requests that are run on one snapshot of the store have in common, done
// for the first of them: 10,000 agents who are told of one customer cost one
// reading and writing of what they are told. Only where the store has
// Store::SnapshotAtOnce(): on PostgreSQL each reads and writes by itself.
//
// Only what follows from the snapshot and the key alone may be shared: who may
// see it is for each request to find out.
//
// Threads: one, and one snapshot; it dies with it.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

#include "absl/status/statusor.h"

namespace alcove::functions {

class SharedWork {
 public:
  // What `make()` returned for the key, an absl::StatusOr<T>; called where nobody did before. A
  // failure is not kept. REQUIRES: a key is always asked for with one T, and begins with a name that
  // no other kind of work has.
  template <class T, class Make>
  absl::StatusOr<std::shared_ptr<const T>> Once(const std::string& key, const Make& make) {
    std::shared_ptr<const void>& kept = done_[key];
    if (kept == nullptr) {
      absl::StatusOr<T> made = make();
      if (!made.ok()) return made.status();
      kept = std::make_shared<const T>(*std::move(made));
    }
    return std::static_pointer_cast<const T>(kept);
  }

 private:
  std::unordered_map<std::string, std::shared_ptr<const void>> done_;
};

}  // namespace alcove::functions
