// The connections of a store: made when they are needed, kept while they are
// sound, given up when they are old, when the server is another one, or broken.
//
// Threads: all methods, any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "store/mutex.h"
#include "store/postgres_connection.h"

namespace alcove::store::postgres {

class Pool {
 public:
  // `on_timeline` is called, without a lock held, when a connection shows that
  // a standby has taken over.
  Pool(Target target, size_t connections_max, std::function<void()> on_timeline);

  // A connection for one transaction. It goes back when this dies; one that is
  // broken or amid a transaction is closed.
  class Lease {
   public:
    Lease(Pool& pool, std::unique_ptr<Connection> connection, uint64_t generation);
    Lease(Lease&& other) = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease();

    Connection& operator*() { return *connection_; }
    Connection* operator->() { return connection_.get(); }
    // It is not to be used again: its transaction was left open.
    void Discard() { discarded_ = true; }

   private:
    Pool* pool_;
    std::unique_ptr<Connection> connection_;
    uint64_t generation_;
    bool discarded_ = false;
  };

  // Waits for a free one, not for long. UNAVAILABLE: none came free, or the
  // database cannot be reached.
  absl::StatusOr<Lease> Take();

  // A connection that is not counted and never comes back. Errors as for Take().
  absl::StatusOr<std::unique_ptr<Connection>> Connect();

  // The highest seen.
  uint32_t timeline() const;
  // Whether a standby has taken over from the server of the connection.
  bool HasOvertaken(const Connection& connection) const;

 private:
  struct Idle {
    std::unique_ptr<Connection> connection;
    uint64_t generation;
  };

  void GiveBack(std::unique_ptr<Connection> connection, uint64_t generation, bool sound);
  const Target target_;
  const size_t connections_max_;
  const std::function<void()> on_timeline_;

  mutable Mutex mutex_;
  CondVar freed_;
  std::vector<Idle> idle_ ABSL_GUARDED_BY(mutex_);  // the last used at the end
  size_t taken_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t generation_ ABSL_GUARDED_BY(mutex_) = 0;
  uint32_t timeline_ ABSL_GUARDED_BY(mutex_) = 0;
  // After a failure to connect, nobody tries again until then.
  std::chrono::steady_clock::time_point pause_until_ ABSL_GUARDED_BY(mutex_);
  std::chrono::milliseconds pause_ ABSL_GUARDED_BY(mutex_){0};
  std::string last_failure_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace alcove::store::postgres
