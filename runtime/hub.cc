#include "runtime/hub.h"

#include <array>
#include <functional>
#include <unordered_map>

#include "store/mutex.h"

namespace alcove::runtime {
namespace {

size_t HashOf(std::string_view topic) { return std::hash<std::string_view>()(topic); }

// 64 shards of 256: among 10,000 busy topics two of a thousand replays are
// needless. Half doubles that; double costs 128 KB more.
constexpr size_t kStripesPerShard = 256;

}  // namespace

// The waiters of one topic. Exists while there is one.
struct Waiter::Topic {
  Node* first = nullptr;

  void Add(Node& node) {
    node.topic = this;
    node.next = first;
    if (first != nullptr) first->previous = &node;
    first = &node;
  }
  void Remove(Node& node) {
    (node.previous != nullptr ? node.previous->next : first) = node.next;
    if (node.next != nullptr) node.next->previous = node.previous;
    node = {};
  }
};

struct Hub::Shard {
  store::Mutex mutex;
  // By the topic's hash. Its name is not kept, which would be a third of what the hub has of a waiter: of two topics
  // with one hash each wakes the other's, as two in one stripe do.
  std::unordered_map<size_t, Waiter::Topic> topics ABSL_GUARDED_BY(mutex);
  // The number of the last signal to a topic of the stripe. In the shard whose
  // lock is held, or two signals could store their numbers in the wrong order.
  std::array<uint64_t, kStripesPerShard> stripes ABSL_GUARDED_BY(mutex) = {};

  uint64_t& StripeOf(size_t hash) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    return stripes[hash / kShards % kStripesPerShard];
  }

  // The whole list is let go; each waiter stays on its other topics until it is unparked.
  static void WakeAll(Waiter::Topic& topic) {
    for (Waiter::Node* node = topic.first; node != nullptr;) {
      Waiter::Node* const next = node->next;
      node->topic = nullptr;
      node->previous = nullptr;
      node->next = nullptr;
      node->waiter->Signalled();
      node = next;
    }
  }
};

Hub::Hub() : shards_(std::make_unique<Shard[]>(kShards)) {}
Hub::~Hub() = default;

Hub::Shard& Hub::ShardOf(size_t hash) const { return shards_[hash % kShards]; }

bool Hub::Park(Waiter& waiter, const std::vector<std::string>& topics, uint64_t since) {
  waiter.nodes_ = std::make_unique<Waiter::Node[]>(topics.size());
  waiter.node_count_ = topics.size();
  for (size_t i = 0; i < topics.size(); ++i) {
    const size_t hash = HashOf(topics[i]);
    Shard& shard = ShardOf(hash);
    bool changed = false;
    {
      const store::MutexLock lock(shard.mutex);
      changed = shard.StripeOf(hash) > since;
      if (!changed) {
        waiter.nodes_[i].waiter = &waiter;
        waiter.nodes_[i].hash = hash;
        shard.topics[hash].Add(waiter.nodes_[i]);
      }
    }
    if (changed) {
      Unpark(waiter);
      return false;
    }
  }
  return true;
}

void Hub::Unpark(Waiter& waiter) {
  for (size_t i = 0; i < waiter.node_count_; ++i) {
    Waiter::Node& node = waiter.nodes_[i];
    if (node.waiter == nullptr) continue;  // Park() did not come so far
    Shard& shard = ShardOf(node.hash);
    const store::MutexLock lock(shard.mutex);
    Waiter::Topic* const topic = node.topic;
    if (topic == nullptr) continue;  // a signal has taken it off
    const size_t hash = node.hash;
    topic->Remove(node);
    if (topic->first == nullptr) shard.topics.erase(hash);
  }
  waiter.nodes_.reset();
  waiter.node_count_ = 0;
}

void Hub::Signal(std::string_view topic) {
  const size_t hash = HashOf(topic);
  Shard& shard = ShardOf(hash);
  const store::MutexLock lock(shard.mutex);
  shard.StripeOf(hash) = sequence_.fetch_add(1) + 1;
  const auto found = shard.topics.find(hash);
  if (found == shard.topics.end()) return;
  Shard::WakeAll(found->second);
  shard.topics.erase(found);
}

void Hub::TopicsChanged(const std::vector<std::string>& topics) {
  for (const std::string& topic : topics) Signal(topic);
}

void Hub::AnythingMayHaveChanged() {
  for (size_t i = 0; i < kShards; ++i) {
    Shard& shard = shards_[i];
    const store::MutexLock lock(shard.mutex);
    // Whoever has read and not yet parked is refused, whatever the topic.
    shard.stripes.fill(sequence_.fetch_add(1) + 1);
    for (auto& [hash, topic] : shard.topics) Shard::WakeAll(topic);
    shard.topics.clear();
  }
}

size_t Hub::topic_count() const {
  size_t count = 0;
  for (size_t i = 0; i < kShards; ++i) {
    const store::MutexLock lock(shards_[i].mutex);
    count += shards_[i].topics.size();
  }
  return count;
}

}  // namespace alcove::runtime
