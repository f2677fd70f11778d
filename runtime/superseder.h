// One request a key: a newer one ends the older.
//
// Threads: all methods may be called from any thread. A lock is held while
// Holder::Superseded() runs.
#pragma once

#include <string>
#include <unordered_map>

#include "absl/base/thread_annotations.h"
#include "store/mutex.h"

namespace alcove::runtime {

class Superseder {
 public:
  class Holder {
   public:
    virtual ~Holder() = default;
    // A newer request has the key now. It must only pass the news on.
    virtual void Superseded() = 0;
  };

  // Makes `holder` the one of `key` and tells the one before it.
  // REQUIRES: Leave() before the holder dies.
  void Enter(const std::string& key, Holder& holder);

  // When it returns, Superseded() is not running and will not be called again.
  // Does nothing where the key has another holder.
  void Leave(const std::string& key, Holder& holder);

 private:
  store::Mutex mutex_;
  std::unordered_map<std::string, Holder*> holders_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace alcove::runtime
