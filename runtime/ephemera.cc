#include "runtime/ephemera.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/time/clock.h"
#include "functions/json_codec.h"

namespace alcove::runtime {

// An item on its way to another node.
struct Told {
  std::string topic;
  std::string key;
  std::string value;
  int64_t expires_at = 0;
};
template <class V>
void Describe(V& visit, Told& told) {
  visit("topic", told.topic);
  visit("key", told.key);
  visit("value", told.value);
  visit("expires_at", told.expires_at);
}

namespace {

size_t Bytes(const functions::Ephemera::Item& item) { return item.key.size() + item.value.size(); }

}  // namespace

bool HubEphemera::HasRoomFor(size_t bytes) const {
  return items_ < bounds_.items_max && bytes_ + bytes <= bounds_.bytes_max;
}

template <class Gone>
void HubEphemera::Erase(std::vector<Item>& items, Gone gone) {
  const auto first = std::stable_partition(items.begin(), items.end(), [&](const Item& item) { return !gone(item); });
  for (auto item = first; item != items.end(); ++item) bytes_ -= Bytes(*item);
  items_ -= static_cast<size_t>(items.end() - first);
  items.erase(first, items.end());
}

void HubEphemera::Publish(std::string_view topic, std::string_view key, std::string_view value, absl::Time expires_at) {
  Keep(topic, key, value, expires_at);
  if (!broadcast_) return;
  Told told{std::string(topic), std::string(key), std::string(value), absl::ToUnixMillis(expires_at)};
  broadcast_(functions::ToJson(told));
}

void HubEphemera::TakeIn(std::string_view message) {
  const auto told = functions::ParseJson<Told>(message);
  if (told.ok()) Keep(told->topic, told->key, told->value, absl::FromUnixMillis(told->expires_at));
}

void HubEphemera::Keep(std::string_view topic, std::string_view key, std::string_view value, absl::Time expires_at) {
  {
    const store::MutexLock lock(mutex_);
    const size_t bytes = key.size() + value.size();
    if (!HasRoomFor(bytes)) SweepLocked(absl::Now());
    if (!HasRoomFor(bytes)) {
      topics_.clear();
      items_ = bytes_ = 0;
    }
    std::vector<Item>& items = topics_[std::string(topic)];
    // Oldest first: the item moves to the end with its new version.
    Erase(items, [&](const Item& item) { return item.key == key; });
    items.push_back({std::string(key), std::string(value), ++version_, expires_at});
    ++items_;
    bytes_ += bytes;
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
    Erase(topic->second, [&](const Item& item) { return item.expires_at <= now; });
    topic = topic->second.empty() ? topics_.erase(topic) : std::next(topic);
  }
}

size_t HubEphemera::size() const {
  const store::MutexLock lock(mutex_);
  return items_;
}

}  // namespace alcove::runtime
