#include "runtime/ephemera.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/time/clock.h"

namespace alcove::runtime {

void HubEphemera::Publish(std::string_view topic, std::string_view key, std::string_view value, absl::Time expires_at) {
  {
    const store::MutexLock lock(mutex_);
    if (items_ >= items_max_) SweepLocked(absl::Now());
    if (items_ >= items_max_) {
      topics_.clear();
      items_ = 0;
    }
    std::vector<Item>& items = topics_[std::string(topic)];
    // Oldest first: the item moves to the end with its new version.
    items_ -= std::erase_if(items, [&](const Item& item) { return item.key == key; });
    items.push_back({std::string(key), std::string(value), ++version_, expires_at});
    ++items_;
  }
  hub_.Signal(topic);
}

std::vector<functions::Ephemera::Item> HubEphemera::Since(std::string_view topic, uint64_t after, absl::Time now) {
  std::vector<Item> found;
  const store::MutexLock lock(mutex_);
  const auto items = topics_.find(std::string(topic));
  if (items == topics_.end()) return found;
  std::copy_if(items->second.begin(), items->second.end(), std::back_inserter(found),
               [&](const Item& item) { return item.version > after && item.expires_at > now; });
  return found;
}

uint64_t HubEphemera::Version() {
  const store::MutexLock lock(mutex_);
  return version_;
}

void HubEphemera::Sweep(absl::Time now) {
  const store::MutexLock lock(mutex_);
  SweepLocked(now);
}

void HubEphemera::SweepLocked(absl::Time now) {
  for (auto topic = topics_.begin(); topic != topics_.end();) {
    items_ -= std::erase_if(topic->second, [&](const Item& item) { return item.expires_at <= now; });
    topic = topic->second.empty() ? topics_.erase(topic) : std::next(topic);
  }
}

size_t HubEphemera::size() const {
  const store::MutexLock lock(mutex_);
  return items_;
}

}  // namespace alcove::runtime
