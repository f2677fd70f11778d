// How much memory unfinished requests may hold, in all and for one address.
//
// Without it, clients that begin requests and never end them would hold a body
// each. Charged only while a request waits for its rest, so that a request
// that comes in one piece pays nothing.
//
// Threads: all methods may be called from any thread.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>

#include "absl/base/thread_annotations.h"
#include "store/mutex.h"

namespace alcove::runtime {

struct InputBudgetLimits {
  // 500 bodies of the largest size at once; half still is more than the workers take in a second.
  size_t all_bytes = size_t{64} * 1024 * 1024;
  // 32 of them from one address. Behind a company's one address sit many people, and none of them uploads all day.
  size_t address_bytes = size_t{4} * 1024 * 1024;
};

class InputBudget {
 public:
  explicit InputBudget(const InputBudgetLimits& limits) : limits_(limits) {}

  enum class Peer { kOne, kMany };  // kMany: a proxy, which the bound for one address does not bind

  // Raises or lowers what a connection from `address` is charged, and returns
  // true; false, and nothing changed, where a limit forbids to raise it.
  bool Charge(const std::string& address, Peer peer, size_t charged_before, size_t charged_now);

  size_t charged() const;

 private:
  const InputBudgetLimits limits_;
  mutable store::Mutex mutex_;
  size_t all_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  std::unordered_map<std::string, size_t> address_bytes_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace alcove::runtime
