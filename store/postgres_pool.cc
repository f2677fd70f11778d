#include "store/postgres_pool.h"

#include <algorithm>
#include <random>
#include <utility>

#include "store/status_macros.h"

namespace alcove::store::postgres {
namespace {

using std::chrono::steady_clock;

// How long a transaction waits for a connection. Half would refuse in a short
// stall of the database; at double workers pile up behind a dead one.
constexpr std::chrono::seconds kTakeTime{2};

// After this a connection is replaced, so that servers behind one name are used
// evenly and what leaks in a session does not gather.
constexpr std::chrono::minutes kLifetime{30};

// Between attempts to connect to a server that is away.
constexpr std::chrono::milliseconds kShortestPause{50};
constexpr std::chrono::milliseconds kLongestPause{1000};

template <class Duration>
Duration HalfToWhole(Duration duration) {
  thread_local std::minstd_rand jitter(std::random_device{}());
  return duration / 2 +
         Duration(static_cast<typename Duration::rep>(
             jitter() % static_cast<unsigned>(std::max<typename Duration::rep>(duration.count() / 2, 1))));
}

}  // namespace

Pool::Pool(Target target, size_t connections_max, std::function<void()> on_timeline)
    : target_(std::move(target)), connections_max_(connections_max), on_timeline_(std::move(on_timeline)) {}

Pool::Lease::Lease(Pool& pool, std::unique_ptr<Connection> connection, uint64_t generation)
    : pool_(&pool), connection_(std::move(connection)), generation_(generation) {}

Pool::Lease::~Lease() {
  if (connection_ != nullptr) pool_->GiveBack(std::move(connection_), generation_, !discarded_);
}

absl::StatusOr<Pool::Lease> Pool::Take() {
  const auto deadline = steady_clock::now() + kTakeTime;
  uint64_t generation = 0;
  {
    const MutexLock lock(mutex_);
    while (taken_ >= connections_max_) {
      const auto left = deadline - steady_clock::now();
      if (left <= left.zero()) return absl::UnavailableError("all connections to the database are in use");
      freed_.WaitFor(mutex_, absl::FromChrono(left));
    }
    ++taken_;
    generation = generation_;
    while (!idle_.empty()) {
      Idle candidate = std::move(idle_.back());
      idle_.pop_back();
      const bool young = steady_clock::now() - candidate.connection->made_at() < kLifetime;
      if (candidate.generation == generation_ && young && candidate.connection->LooksAlive()) {
        return Lease(*this, std::move(candidate.connection), generation);
      }
    }
  }
  absl::StatusOr<std::unique_ptr<Connection>> made = Connect();
  if (made.ok()) return Lease(*this, *std::move(made), generation);
  const MutexLock lock(mutex_);
  --taken_;
  freed_.NotifyOne();
  return made.status();
}

absl::StatusOr<std::unique_ptr<Connection>> Pool::Connect() {
  uint32_t timeline_min = 0;
  {
    const MutexLock lock(mutex_);
    if (steady_clock::now() < pause_until_) return absl::UnavailableError(last_failure_);
    timeline_min = timeline_;
  }
  absl::StatusOr<std::unique_ptr<Connection>> made = Connection::Connect(target_, timeline_min);
  bool risen = false;
  {
    const MutexLock lock(mutex_);
    if (!made.ok()) {
      pause_ = std::clamp(pause_ * 2, kShortestPause, kLongestPause);
      pause_until_ = steady_clock::now() + HalfToWhole(pause_);
      last_failure_ = std::string(made.status().message());
      return made;
    }
    pause_ = {};
    const uint32_t found = (*made)->timeline();
    // Another thread may have seen the standby meanwhile.
    if (found != 0 && found < timeline_) return Connection::Overtaken();
    risen = timeline_ != 0 && found > timeline_;
    timeline_ = std::max(timeline_, found);
    if (risen) ++generation_;
  }
  // Before anything is read through it, so that cursors of the old history are refused from the first on.
  if (risen) on_timeline_();
  return made;
}

void Pool::GiveBack(std::unique_ptr<Connection> connection, uint64_t generation, bool sound) {
  const bool broken = connection->broken();
  const MutexLock lock(mutex_);
  --taken_;
  // After one connection broke, the others most likely have, too.
  if (broken && generation == generation_) ++generation_;
  if (sound && !broken && generation == generation_) idle_.push_back({std::move(connection), generation});
  freed_.NotifyOne();
}

bool Pool::HasOvertaken(const Connection& connection) const {
  return connection.timeline() != 0 && connection.timeline() < timeline();
}

uint32_t Pool::timeline() const {
  const MutexLock lock(mutex_);
  return timeline_;
}

}  // namespace alcove::store::postgres
