// One request a key: a newer one ends the older.
//
// Newer is what arrived later. Workers run requests in any order, so each is
// numbered when it arrives, and one that is entered late finds that it has lost.
//
// Threads: all methods may be called from any thread. A lock is held while
// Holder::Superseded() runs.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>
#include <unordered_map>

#include "absl/base/thread_annotations.h"
#include "store/mutex.h"

namespace alcove::runtime {

class Superseder {
 public:
  class Holder {
   public:
    virtual ~Holder() = default;
    // A newer request has the key. It must only pass the news on.
    virtual void Superseded() = 0;
  };

  // The number of a request that arrives now: greater than all before.
  uint64_t NextArrival() { return ++arrivals_; }

  // Of `holder` and the one that holds `key`, the newer holds it afterwards and
  // the older is told. REQUIRES: Leave() before the holder dies, or the text of its key.
  void Enter(std::string_view key, uint64_t arrival, Holder& holder);

  // When it returns, Superseded() is not running and will not be called again.
  // Does nothing where the key has another holder.
  void Leave(std::string_view key, Holder& holder);

 private:
  struct Entry {
    Holder* holder = nullptr;
    uint64_t arrival = 0;
  };

  std::atomic<uint64_t> arrivals_{0};
  store::Mutex mutex_;
  // Each key's text is its holder's: everybody who waits has one.
  std::unordered_map<std::string_view, Entry> entries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace alcove::runtime
