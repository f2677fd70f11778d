// Who waits for which topic, and no wake-up is ever lost.
//
// A signal gives its topic a new sequence number. A request notes the hub's
// number before it reads; if a topic was signalled after that, parking it is
// refused and it runs again at once. So a change between the read and the park
// is seen, without any help from the function.
//
// Numbers are kept in stripes that topics share by hash: nothing has to be
// forgotten, and two topics in one stripe cost a needless replay now and then.
// Who waits is kept by the topic's hash alone, for the same price.
//
// Threads: all methods may be called from any thread. The lock of a shard is
// held while Waiter::Signalled() runs; see runtime/README.md for the order.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.h"

namespace alcove::runtime {

// A parked request. REQUIRES: not destroyed while it is parked.
class Waiter {
 public:
  virtual ~Waiter() = default;

  // One of its topics was signalled; it may be called again until Unpark(). On
  // the signalling thread, with a lock of the hub held: it must only pass the news on.
  virtual void Signalled() = 0;

 private:
  friend class Hub;
  struct Topic;
  // The waiter's place in the list of one topic; `topic` is null when it is in none.
  struct Node {
    Waiter* waiter = nullptr;
    Node* previous = nullptr;
    Node* next = nullptr;
    Topic* topic = nullptr;
    size_t hash = 0;
  };
  std::unique_ptr<Node[]> nodes_;
  size_t node_count_ = 0;
};

class Hub final : public store::Watcher {
 public:
  Hub();
  ~Hub() override;

  // To be noted before the request reads anything.
  uint64_t Sequence() const { return sequence_.load(); }

  // Parks the waiter on the topics, or returns false and does nothing if one
  // of them was signalled after `since`. REQUIRES: it is not parked.
  [[nodiscard]] bool Park(Waiter& waiter, const std::vector<std::string>& topics, uint64_t since);

  // When it returns, Signalled() is not running and will not be called again.
  // Does nothing to a waiter that is not parked.
  void Unpark(Waiter& waiter);

  // Wakes who waits for `topic`. To be called after the change is visible.
  void Signal(std::string_view topic);
  void TopicsChanged(const std::vector<std::string>& topics) override;
  // Wakes everyone.
  void AnythingMayHaveChanged() override;

  // Topics that somebody waits for.
  size_t topic_count() const;

 private:
  struct Shard;
  // Enough that two cores seldom meet; half would do.
  static constexpr size_t kShards = 64;

  Shard& ShardOf(size_t hash) const;

  std::atomic<uint64_t> sequence_{1};
  std::unique_ptr<Shard[]> shards_;
};

}  // namespace alcove::runtime
