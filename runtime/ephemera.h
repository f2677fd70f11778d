// functions::Ephemera of one process: in memory, bounded, waking through the hub.
//
// Threads: all methods may be called from any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "functions/context.h"
#include "runtime/hub.h"
#include "store/mutex.h"

namespace alcove::runtime {

// Each is about 300 bytes: 30 MB at most. Half would forget who types while
// 50,000 do; what is forgotten is only a signal that comes again.
inline constexpr size_t kEphemeraItemsMax = 100'000;

class HubEphemera final : public functions::Ephemera {
 public:
  HubEphemera(Hub& hub, std::string incarnation, size_t items_max = kEphemeraItemsMax)
      : hub_(hub), incarnation_(std::move(incarnation)), items_max_(items_max) {}

  // Past the bound, the topics that nobody needs any more go first, then all.
  void Publish(std::string_view topic, std::string_view key, std::string_view value, absl::Time expires_at) override;
  std::vector<Item> Since(std::string_view topic, uint64_t after, absl::Time now) override;
  uint64_t Version() override;
  const std::string& Incarnation() override { return incarnation_; }

  // Forgets what has expired. To be called now and then.
  void Sweep(absl::Time now);
  size_t size() const;

 private:
  void SweepLocked(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Hub& hub_;
  const std::string incarnation_;
  const size_t items_max_;
  // One lock for all: a version must not be seen before its item.
  mutable store::Mutex mutex_;
  uint64_t version_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t items_ ABSL_GUARDED_BY(mutex_) = 0;
  std::unordered_map<std::string, std::vector<Item>> topics_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace alcove::runtime
