// One thread that owns many connections: reads, frames, parks, writes, and
// never waits for anything but events.
//
// It runs polls itself, which are most of what is run: to wake a worker for one
// costs as much as the poll. They get nothing but a snapshot of the store
// (Moment), so they cannot wait for a commit or another machine; what they read
// is what was just written, or what the same client's last poll has read. Where
// one has to wait after all, or the store gives no snapshot, a worker runs it.
//
// Threads: mailbox() may be posted to from any thread, and the counters read;
// all else happens on the reactor's own.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "functions/problem.h"
#include "runtime/application.h"
#include "runtime/commit_gate.h"
#include "runtime/connection.h"
#include "runtime/connection_list.h"
#include "runtime/hub.h"
#include "runtime/mailbox.h"
#include "runtime/memory_budget.h"
#include "runtime/runner.h"
#include "runtime/seats.h"
#include "runtime/superseder.h"
#include "runtime/timer_wheel.h"
#include "runtime/worker_pool.h"

namespace alcove::runtime {

struct Deadlines {
  // From its first byte. A head is one packet; slow-loris clients live on more.
  SteadyDuration head = std::chrono::seconds(10);
  // From the end of the head: 128 KB at 4 KB/s, a bad mobile connection.
  SteadyDuration body = std::chrono::seconds(32);
  // Longer than the 60 s for which proxies keep theirs, or they use ours just as we close it (502).
  SteadyDuration idle = std::chrono::seconds(75);
  // For an answer: this, and a second more for each `write_bytes_per_second`.
  SteadyDuration write = std::chrono::seconds(30);
  size_t write_bytes_per_second = 8 * 1024;
  SteadyDuration linger = std::chrono::seconds(2);
  // So many came at once that the reactors are behind with finding them room: the next waits in the kernel for so long,
  // and is refused where they still are. Double would be more than an overloaded server may take to say so; half would
  // turn people away whom a busy machine only kept from its core.
  SteadyDuration seat = std::chrono::milliseconds(25);
  // Parked polls are answered spread over this when draining, so that their clients do not come back at once.
  SteadyDuration drain_spread = std::chrono::seconds(2);
  // Who has not finished by then is cut off. Supervisors kill after 30 s.
  SteadyDuration drain = std::chrono::seconds(12);
};

// How a reactor divides its time between what it runs itself and all else.
struct Turns {
  // Polls are run for so long before it looks for events again: about 200 of them, and the most that they
  // delay a message which comes meanwhile. Half takes a snapshot and looks for events twice as often while
  // 10,000 are woken. As long it stores messages; workers store the others of that moment.
  SteadyDuration turn = std::chrono::milliseconds(2);
  // A poll takes some ten microseconds. Where one took this, and not because others had the core, it waited for
  // a disk that is busy or cold, or had much to read: workers run the others for a while, so that a reactor is
  // held up by one in that while. Half would take a few cold blocks for a slow disk; double could be felt.
  SteadyDuration slow_run = std::chrono::milliseconds(10);
  SteadyDuration after_slow_run = std::chrono::seconds(1);
  // New polls that wait for their turn; beyond it they are put off. One message to 10,000 brings as many back at once,
  // and who is put off comes again on a new connection, which costs more than the poll: at half some of them are,
  // where there is one reactor. Of ten microseconds each this is 0.16 s of work. Where workers run polls they are put
  // off much sooner.
  size_t queued_max = size_t{16} * 1024;
};

class Reactor {
 public:
  // What reactors of one server share. All must outlive them.
  struct Shared {
    const FramerLimits& framer_limits;
    const Deadlines& deadlines;
    const Turns& turns;
    Application& application;
    Hub& hub;
    Superseder& superseder;
    const Runner& runner;
    WorkerPool& workers;
    CommitGate& gate;
    // Of one reactor.
    const MemoryBudgetLimits& memory_limits;
    const Seats& seats;
    // Of one reactor, from one address.
    size_t address_connections_max;
    // Whether many clients come from this address: a proxy.
    std::function<bool(std::string_view)> is_shared_address;
    // Hands it to a reactor that has not been asked for room yet. False, and it is left: all have.
    std::function<bool(Accepted&)> ask_another;
  };

  explicit Reactor(Shared shared);
  // Closes every connection. REQUIRES: Drain or Stop was posted.
  ~Reactor();

  // Returns when its thread has ended; its mailbox still takes what workers bring.
  void Join();

  Mailbox& mailbox() { return mailbox_; }
  // It was told to drain or stop and has.
  bool stopped() const { return stopped_.load(); }
  size_t open_connections() const { return open_.load(); }
  size_t parked_requests() const { return parked_.load(); }
  size_t queued_polls() const { return queued_polls_.load(); }

 private:
  struct Slot {
    std::unique_ptr<Connection> connection;
    uint32_t generation = 0;
  };
  class Turn;

  void Run();
  void HandleEvent(uint64_t tag, uint32_t events);
  void Handle(Accepted accepted);
  void Handle(Ran ran);
  void Handle(Woken woken);
  void Handle(Drain);
  void Handle(Stop) { stop_ = true; }
  // Makes room for one more, of a network that may have enough. False: all are busy here, and another reactor has it
  // now, or it is turned away.
  bool MakeRoom(Accepted& accepted, const std::optional<std::string>& network);
  void HandleDeadline(Connection& connection);
  bool IsDrained() const;

  // Goes on until the connection has to wait for something. May close it.
  void Advance(Connection& connection);
  // One step of Advance() in a state. False: it waits, or is closed and gone.
  bool Read(Connection& connection);
  bool Write(Connection& connection);
  bool Linger(Connection& connection);

  bool AwaitMore(Connection& connection);
  bool SendContinue(Connection& connection);
  void StartExchange(Connection& connection);
  // Whether the server has too much to do to take this on.
  bool IsBehind(functions::Work work) const;
  void Dispatch(std::unique_ptr<Exchange> exchange, functions::Wake wake);
  // Stores what has come, for as long as a turn may take; the rest is for workers.
  void RunSends();
  // Runs polls that are due, for as long as a turn may take.
  void RunPolls();
  std::unique_ptr<Exchange> TakePoll();
  // What was not done here.
  void GiveToWorkers(std::unique_ptr<Exchange> exchange);
  void Replay(Connection& connection, functions::Wake wake);
  void Park(Connection& connection, std::unique_ptr<Exchange> exchange);
  void Answer(Connection& connection, std::string bytes, Persistence persistence);
  void Refuse(Connection& connection, functions::ProblemCode problem);
  void Close(Connection& connection);
  static std::string NetworkOf(const std::string& address);
  // Takes it out of the lists of those that may have to go.
  static void Unlist(Connection& connection);

  // Brings what the connection is charged up to date. Where that needs room,
  // slow readers go, oldest first: who has not read for longest is the least
  // likely to. False: no room can be made.
  bool Charge(Connection& connection);
  // Who goes for `connection`, or nullptr.
  Connection* OldestSlowReader(const Connection& connection, MemoryBudget::Verdict verdict) const;

  Connection* Find(const ExchangeKey& key);
  SteadyTime Now() const { return std::chrono::steady_clock::now(); }

  // As much as one client may make us copy for nothing.
  std::array<char, size_t{16} * 1024> buffer_;
  const Shared shared_;
  Mailbox mailbox_;
  Descriptor epoll_;
  TimerWheel timers_;
  MemoryBudget memory_;
  Evictable evictable_;
  ConnectionList slow_readers_;
  std::unordered_map<std::string, Neighbours> neighbours_;  // by ClientNetwork()
  std::vector<Slot> slots_;
  std::vector<uint32_t> free_slots_;
  // To be run here, all in one turn, before polls.
  std::vector<std::unique_ptr<Exchange>> sends_;
  // To be run here, in turn. Of them, those that are new.
  std::deque<std::unique_ptr<Exchange>> polls_;
  size_t arrived_polls_ = 0;
  SteadyTime all_for_workers_until_;
  uint64_t next_serial_ = 1;
  bool stop_ = false;
  bool draining_ = false;
  SteadyTime drain_spread_end_;
  SteadyTime drain_end_;
  std::atomic<size_t> open_{0};
  std::atomic<size_t> parked_{0};
  std::atomic<size_t> queued_polls_{0};
  std::atomic<bool> stopped_{false};
  std::thread thread_;
};

}  // namespace alcove::runtime
