// functions::Ephemera of one process: in memory, bounded, waking through the hub.
// Other nodes are told of each item, and their items are taken in.
//
// Threads: all methods may be called from any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "functions/context.h"
#include "runtime/hub.h"
#include "store/mutex.h"

namespace alcove::runtime {

// What is kept at most, in number and in bytes of keys and values. Most are
// about 300 bytes, but a draft may be 12 KB. Half would forget who types while
// 50,000 do; what is forgotten is only a signal that comes again.
struct EphemeraBounds {
  size_t items_max = 100'000;
  size_t bytes_max = 64 * 1024 * 1024;
};

class HubEphemera final : public functions::Ephemera {
 public:
  // Tells the other nodes; see store::Store::Broadcast().
  using Broadcast = std::function<void(std::string_view message)>;

  HubEphemera(Hub& hub, std::string incarnation, EphemeraBounds bounds = {}, Broadcast broadcast = nullptr)
      : hub_(hub), incarnation_(std::move(incarnation)), bounds_(bounds), broadcast_(std::move(broadcast)) {}

  // Past a bound, what has expired goes first, then all.
  void Publish(std::string_view topic, std::string_view key, std::string_view value, absl::Time expires_at) override;
  std::vector<Item> Since(std::string_view topic, uint64_t after, absl::Time now) override;
  uint64_t Version() override;
  const std::string& Incarnation() override { return incarnation_; }

  // What another node has broadcast. One that cannot be read is passed over: a later version's.
  void TakeIn(std::string_view message);

  // Forgets what has expired. To be called now and then.
  void Sweep(absl::Time now);
  size_t size() const;

 private:
  void Keep(std::string_view topic, std::string_view key, std::string_view value, absl::Time expires_at);
  bool HasRoomFor(size_t bytes) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Forgets the items of which `gone` says so.
  template <class Gone>
  void Erase(std::vector<Item>& items, Gone gone) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void SweepLocked(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Hub& hub_;
  const std::string incarnation_;
  const EphemeraBounds bounds_;
  const Broadcast broadcast_;
  // One lock for all: a version must not be seen before its item.
  mutable store::Mutex mutex_;
  uint64_t version_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t items_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  std::unordered_map<std::string, std::vector<Item>> topics_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace alcove::runtime
