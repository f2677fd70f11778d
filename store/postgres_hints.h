// What transactions read, remembered so that the next one of its kind can ask
// for everything at once.
//
// A body reads one key, then another whose name it learnt from the first: each
// would be a round trip. But whoever begins with a key tends to go on as the
// last one that began with it did (the same token, the same conversation, the
// same feeds). So the last transaction's keys and values are kept by their
// first key. They are a hint of what to fetch and what it probably says, never
// an answer: postgres_transaction.h says how they are proven.
//
// Threads: all methods of Hints, any thread.
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "store/mutex.h"

namespace alcove::store::postgres {

// Keys and values that were so at one moment, all of them: a body that sees
// only these sees one state of the store, though perhaps an old one.
struct Hint {
  struct Known {
    std::string key;
    std::optional<std::string> value;
    bool written = false;  // by the last transaction
    int unused = 0;        // transactions in a row that did not ask for it
  };
  std::vector<Known> known;

  const Known* Find(std::string_view key) const;
};

class Hints {
 public:
  // nullptr: nothing is known.
  std::shared_ptr<const Hint> Find(const std::string& first_key);
  // Replaces what was known; forgets the longest unused where memory is short.
  void Remember(const std::string& first_key, Hint hint);

 private:
  struct Kept {
    std::string first_key;
    std::shared_ptr<const Hint> hint;
    size_t bytes;
  };
  Mutex mutex_;
  std::list<Kept> kept_ ABSL_GUARDED_BY(mutex_);  // the last used at the front
  std::unordered_map<std::string, std::list<Kept>::iterator> by_key_ ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace alcove::store::postgres
