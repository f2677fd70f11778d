// What the nodes of one database tell each other: which topics were signalled,
// and what is broadcast without being stored.
//
// Apart from the transactions, on a connection of its own: what there was to
// tell within a short while is one numbered row of alcove_signal (postgres_news.h),
// written after the commits. NOTIFY says that there is a row; without it, or where
// it is lost, the others look by themselves.
//
// Nothing can be missed in silence. Rows of a node are numbered 1, 2, 3 and at
// least one comes each second, so the others see a gap, and see when a node
// falls silent, perhaps with topics that it never came to write. Then, and when
// their own connection was lost, they take it that anything may have changed.
//
// Threads: all methods, any thread; it has one of its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "store/mutex.h"
#include "store/postgres_pool.h"

namespace alcove::store::postgres {

enum class Notifications { kOn, kOff };

struct Listeners {
  std::function<void(const std::vector<std::string>&)> topics_changed;
  std::function<void()> anything_may_have_changed;
  std::function<void(const std::string&)> message_heard;
};

class Signals {
 public:
  // `node` is of this process alone. The listeners are called on the own thread.
  Signals(Pool& pool, std::string node, Notifications notifications, Listeners listeners);
  // Tells what is left to tell, if that is quickly done.
  ~Signals();

  // Tells the other nodes, soon.
  void Publish(const std::vector<std::string>& topics);
  // The same, and tells them and this node again several times in the next
  // minute: of a commit whose answer was lost, and which may still come to be
  // where it was sent. REQUIRES: seldom; what is in doubt is kept that long.
  void PublishInDoubt(const std::vector<std::string>& topics);
  // As Store::Broadcast().
  void Broadcast(std::string_view message);

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  struct Peer {
    int64_t last = 0;  // the row read last
    SteadyTime grown_at;
    enum { kAlive, kEnded, kSilent } state = kAlive;
  };

  struct Pending {
    std::set<std::string> topics;
    std::vector<std::string> messages;
    size_t message_bytes = 0;
    bool empty() const { return topics.empty() && messages.empty(); }
  };
  struct Doubt {
    SteadyTime due;
    size_t repeats = 0;
    std::vector<std::string> topics;
  };

  void Loop();
  bool HasPending();
  // Adds to what is pending, and wakes the thread where that was nothing.
  void Add(const std::function<void(Pending&)>& add);
  SteadyTime NextDoubt();
  void RepeatDoubts();
  bool Connected();
  absl::Status Work(bool notified);
  absl::Status Publish();
  absl::Status WriteRow(const std::string& row);
  absl::Status ReadPeers();
  absl::Status ReadRows(const std::string& node, Peer& peer, bool is_new);
  // Who has been silent for long, and own rows that everyone has read.
  absl::Status Clean();
  void Wake() const;

  Pool& pool_;
  const std::string node_;
  const Notifications notifications_;
  const Listeners listeners_;
  const int wake_descriptor_;

  Mutex mutex_;
  Pending pending_ ABSL_GUARDED_BY(mutex_);
  std::vector<Doubt> doubts_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;

  // Of the own thread.
  std::unique_ptr<Connection> connection_;
  bool listening_ = false;
  int64_t number_ = 0;
  std::map<std::string, Peer> peers_;
  std::deque<std::pair<SteadyTime, int64_t>> written_;
  SteadyTime next_publish_;
  SteadyTime next_sign_of_life_;
  SteadyTime next_look_;
  SteadyTime next_cleaning_;

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace alcove::store::postgres
