// The loop: events, messages and deadlines. What they mean to a connection is in reactor_connection.cc.
#include "runtime/reactor.h"

#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <random>
#include <utility>
#include <variant>

#include "runtime/client_network.h"
#include "runtime/drain_spread.h"
#include "runtime/thread_usage.h"
#include "runtime/turn_away.h"

namespace alcove::runtime {
namespace {

using functions::Wake;

// Marks the mailbox among the connections.
constexpr uint64_t kMailboxTag = ~uint64_t{0};

uint64_t TagOf(uint32_t slot, uint32_t generation) { return (uint64_t{generation} << 32) | slot; }

}  // namespace

Reactor::Reactor(Shared shared)
    : shared_(std::move(shared)), epoll_(epoll_create1(EPOLL_CLOEXEC)), timers_(Now()), memory_(shared_.memory_limits) {
  epoll_event event = {};
  event.events = EPOLLIN | EPOLLET;
  event.data.u64 = kMailboxTag;
  (void)epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, mailbox_.descriptor(), &event);
  thread_ = std::thread([this] { Run(); });
}

Reactor::~Reactor() { Join(); }

void Reactor::Join() {
  if (thread_.joinable()) thread_.join();
}

void Reactor::Run() {
  std::array<epoll_event, 256> events;
  while (!stop_ && !IsDrained()) {
    const auto tick = static_cast<int>(TimerWheel::kTick.count());
    // A poll that was answered here may have a send behind it on its connection.
    const bool has_work = !polls_.empty() || !sends_.empty();
    const int timeout = has_work ? 0 : timers_.empty() && !draining_ ? -1 : tick;
    const int count = epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), timeout);
    bool has_mail = false;
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<size_t>(i)];
      if (event.data.u64 == kMailboxTag) {
        has_mail = true;
      } else {
        HandleEvent(event.data.u64, event.events);
      }
    }
    if (has_mail) {
      for (Message& message : mailbox_.Take()) {
        std::visit([this](auto& content) { Handle(std::move(content)); }, message);
      }
    }
    const SteadyTime now = Now();
    while (Timed* const expired = timers_.NextExpired(now)) HandleDeadline(*static_cast<Connection*>(expired));
    RunSends();
    RunPolls();
  }
  for (Slot& slot : slots_) {
    if (slot.connection != nullptr) Close(*slot.connection);
  }
  stopped_.store(true);
}

// What a turn of runs takes of the reactor's time.
class Reactor::Turn {
 public:
  Turn(const Turns& turns, SteadyTime begin) : turns_(turns), begin_(begin), now_(begin) {}

  // Called after each run. Whether that took long by itself: it did not only wait for a core, or a lock for which a
  // worker would wait as well.
  bool LastWasSlow() {
    const SteadyTime before = std::exchange(now_, std::chrono::steady_clock::now());
    if (now_ - before < turns_.slow_run) return false;
    const ThreadUsage had = std::exchange(usage_, ThreadUsage::Now());
    return usage_.disk_reads != had.disk_reads || usage_.cpu - had.cpu >= turns_.slow_run;
  }
  bool IsOver() const { return now_ - begin_ >= turns_.turn; }
  SteadyTime now() const { return now_; }

 private:
  const Turns& turns_;
  const SteadyTime begin_;
  SteadyTime now_;
  ThreadUsage usage_ = ThreadUsage::Now();
};

void Reactor::RunSends() {
  if (sends_.empty()) return;
  // What is refused here may have the next one behind it on its connection.
  std::vector<std::unique_ptr<Exchange>> sends = std::exchange(sends_, {});
  Turn turn(shared_.turns, Now());
  bool here = turn.now() >= all_for_workers_until_;
  for (std::unique_ptr<Exchange>& exchange : sends) {
    if (!here) {
      shared_.workers.Push(std::move(exchange));
      continue;
    }
    if (shared_.runner.StoreAtOnce(*exchange)) {
      shared_.gate.Hold(std::move(exchange));
    } else {
      GiveToWorkers(std::move(exchange));
    }
    const bool slow = turn.LastWasSlow();
    if (slow) all_for_workers_until_ = turn.now() + shared_.turns.after_slow_run;
    here = !slow && !turn.IsOver();
  }
  shared_.application.CarryOut();
}

void Reactor::RunPolls() {
  if (polls_.empty()) return;
  Turn turn(shared_.turns, Now());
  const bool here = turn.now() >= all_for_workers_until_;
  // Taken for the first that is run: most are only parked.
  std::optional<Moment> moment;
  const auto run = [&](Exchange& exchange) {
    if (exchange.follow_up != nullptr) {
      shared_.runner.Follow(exchange);
      return true;
    }
    if (!moment.has_value()) {
      moment.emplace().since = shared_.hub.Sequence();
      if (here) moment->snapshot = shared_.application.SnapshotAtOnce();
    }
    return moment->snapshot != nullptr && shared_.runner.RunAtOnce(exchange, *moment);
  };
  // Those that come meanwhile may have been told of what the snapshot does not have.
  size_t left = polls_.size();
  do {
    std::unique_ptr<Exchange> exchange = TakePoll();
    if (run(*exchange)) {
      Handle(Ran{std::move(exchange)});
    } else {
      GiveToWorkers(std::move(exchange));
    }
    if (!turn.LastWasSlow()) continue;
    all_for_workers_until_ = turn.now() + shared_.turns.after_slow_run;
    break;
  } while (--left > 0 && !turn.IsOver());
  queued_polls_.store(polls_.size());
}

void Reactor::GiveToWorkers(std::unique_ptr<Exchange> exchange) {
  // Slow was not seen of a path that was not decoded.
  if (exchange->lane == functions::Lane::kFast) return shared_.workers.Push(std::move(exchange));
  if (shared_.workers.Move(exchange)) return;
  shared_.runner.Refuse(*exchange);
  Handle(Ran{std::move(exchange)});
}

std::unique_ptr<Exchange> Reactor::TakePoll() {
  std::unique_ptr<Exchange> exchange = std::move(polls_.front());
  polls_.pop_front();
  if (exchange->wake == Wake::kArrived) --arrived_polls_;
  return exchange;
}

void Reactor::HandleEvent(uint64_t tag, uint32_t events) {
  Slot& slot = slots_[static_cast<uint32_t>(tag)];
  // Closed by an earlier event of the same batch.
  if (slot.connection == nullptr || slot.generation != static_cast<uint32_t>(tag >> 32)) return;
  Connection& connection = *slot.connection;
  if ((events & (EPOLLERR | EPOLLHUP)) != 0) {
    connection.is_broken = true;
    // Or who sends a request and resets would have it queued at no charge.
    if (connection.state == Connection::State::kRunning) return;
    return Close(connection);
  }
  if ((events & EPOLLIN) != 0) connection.readable = true;
  if ((events & EPOLLRDHUP) != 0) {
    connection.readable = true;
    connection.peer_is_gone = true;
    // A half-closed client could still read the answer to a parked poll, but
    // none does that, and one that vanished must not stay until its deadline.
    if (connection.state == Connection::State::kParked) return Close(connection);
  }
  Advance(connection);
}

void Reactor::Handle(Accepted accepted) {
  // None: of many, who do not count as one.
  std::optional<std::string> network;
  if (!shared_.is_shared_address(accepted.peer_address)) network = NetworkOf(accepted.peer_address);
  if (!MakeRoom(accepted, network)) return;
  if (free_slots_.empty()) {
    free_slots_.push_back(static_cast<uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const uint32_t number = free_slots_.back();
  Slot& slot = slots_[number];
  epoll_event event = {};
  // Registered once for all there is, edge-triggered: a change of state costs no system call.
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.u64 = TagOf(number, slot.generation);
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, accepted.socket.get(), &event) != 0) return;

  free_slots_.pop_back();
  slot.connection = std::make_unique<Connection>(std::move(accepted), shared_.framer_limits);
  Connection& connection = *slot.connection;
  connection.slot = number;
  if (!network.has_value()) {
    connection.peer = MemoryBudget::Peer::kMany;
  } else {
    connection.neighbours = &neighbours_[*network];
    ++connection.neighbours->connections;
  }
  open_.fetch_add(1);
  timers_.Set(connection, Now() + shared_.deadlines.idle);
  Advance(connection);
}

std::string Reactor::NetworkOf(const std::string& address) {
  std::array<char, 16> bytes;
  return std::string(ClientNetwork(address, bytes));
}

bool Reactor::MakeRoom(Accepted& accepted, const std::optional<std::string>& network) {
  const auto refuse = [&](functions::ProblemCode problem) {
    if (shared_.ask_another(accepted)) return false;
    shared_.application.Refused(functions::StatusOf(problem));
    TurnAway(std::move(accepted.socket), problem);
    return false;
  };
  const auto neighbours = network.has_value() ? neighbours_.find(*network) : neighbours_.end();
  if (neighbours != neighbours_.end() && neighbours->second.connections >= shared_.address_connections_max) {
    ConnectionList::Member* const first = neighbours->second.evictable.first();
    if (first == nullptr) return refuse(functions::ProblemCode::kTooManyRequests);
    Close(static_cast<Connection::AmongNeighbours*>(first)->owner);
  }
  if (!shared_.seats.overbooked()) return true;
  ConnectionList::Member* const first = evictable_.first();
  if (first == nullptr) return refuse(functions::ProblemCode::kOverloaded);
  Close(*static_cast<Connection*>(first));
  return true;
}

void Reactor::Handle(Ran ran) {
  if (ran.fate.has_value()) shared_.runner.Decide(*ran.exchange, *ran.fate);
  Connection* const connection = Find(ran.exchange->key());
  if (connection == nullptr) return;  // the client has gone meanwhile
  if (connection->is_broken) return Close(*connection);
  Exchange& exchange = *ran.exchange;
  if (exchange.answer.has_value()) {
    if (exchange.next != nullptr) {
      connection->follow_up = FollowUp::Of(std::move(exchange.request), *std::move(exchange.next), exchange.since);
    }
    Answer(*connection, *std::move(exchange.answer), exchange.persistence);
    ran.exchange.reset();
    connection->request_bytes = 0;
    return Advance(*connection);
  }
  if (connection->peer_is_gone) return Close(*connection);
  Park(*connection, std::move(ran.exchange));
}

void Reactor::Handle(Woken woken) {
  Connection* const connection = Find(woken.key);
  if (connection == nullptr || connection->state != Connection::State::kParked) return;
  Replay(*connection, connection->parked->superseded() ? Wake::kSuperseded : Wake::kSignalled);
}

void Reactor::Handle(Drain) {
  if (draining_) return;
  draining_ = true;
  const SteadyTime now = Now();
  const SteadyDuration length = open_.load() > 0 ? shared_.deadlines.drain_spread : SteadyDuration::zero();
  DrainSpread spread(now, length, std::random_device()());
  drain_spread_end_ = spread.end();
  drain_end_ = now + shared_.deadlines.drain;
  for (Slot& slot : slots_) {
    Connection* const connection = slot.connection.get();
    if (connection == nullptr || connection->state != Connection::State::kParked) continue;
    timers_.Set(*connection, spread.Next(connection->deadline()));
  }
}

void Reactor::HandleDeadline(Connection& connection) {
  switch (connection.state) {
    case Connection::State::kReading:
      if (connection.phase == Phase::kIdle) return Close(connection);
      Refuse(connection, functions::ProblemCode::kTimeout);
      return Advance(connection);
    case Connection::State::kParked:
      return Replay(connection, draining_ ? Wake::kDraining : Wake::kDeadline);
    case Connection::State::kRunning:
      return;
    case Connection::State::kWriting:
    case Connection::State::kLingering:
      return Close(connection);
  }
}

bool Reactor::IsDrained() const {
  if (!draining_) return false;
  const SteadyTime now = Now();
  if (now >= drain_end_) return true;
  // Until the spread is over a kept connection may bring one more request, which is answered with `Connection: close`.
  if (now < drain_spread_end_ && open_.load() > 0) return false;
  return std::none_of(slots_.begin(), slots_.end(), [](const Slot& slot) {
    if (slot.connection == nullptr) return false;
    const bool idle = slot.connection->state == Connection::State::kReading && !slot.connection->framer.begun();
    return !idle && slot.connection->state != Connection::State::kLingering;
  });
}

Connection* Reactor::Find(const ExchangeKey& key) {
  Connection* const connection = slots_[key.slot].connection.get();
  return connection != nullptr && connection->serial == key.serial ? connection : nullptr;
}

}  // namespace alcove::runtime
