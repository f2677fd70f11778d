// An HTTP/1.1 server: acceptor, reactors, workers and the hub between them.
//
// Threads: all methods from any thread; start and destruction from one.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "functions/context.h"
#include "functions/wire/limits.h"
#include "runtime/acceptor.h"
#include "runtime/application.h"
#include "runtime/commit_gate.h"
#include "runtime/descriptor_limit.h"
#include "runtime/fetcher.h"
#include "runtime/hub.h"
#include "runtime/listener.h"
#include "runtime/memory_budget.h"
#include "runtime/reactor.h"
#include "runtime/runner.h"
#include "runtime/seats.h"
#include "runtime/superseder.h"
#include "runtime/worker_pool.h"

namespace alcove::runtime {

struct HttpServerOptions {
  int reactors = 1;
  int workers = kBlockedWorkers;
  size_t queued_slow_max = wire::kQueuedSlowMax;
  FramerLimits framer_limits = {};
  Deadlines deadlines = {};
  Turns turns = {};
  MemoryBudgetLimits memory = {};
  // Over all reactors; beyond it the oldest idle one of a reactor makes room, or the oldest unfinished request, or
  // nobody is let in.
  size_t connections_max = ConnectionsMax(DescriptorLimit());
  // From one address, each reactor an equal share; beyond it one of that address makes room, likewise.
  size_t address_connections_max = AddressConnectionsMax(DescriptorLimit());
  // New requests that wait for a worker; see wire::kQueuedRequestsMax.
  size_t queued_max = wire::kQueuedRequestsMax;
  // Asks other servers for what is run; it must be stopped before this server is destroyed. Null: everything is
  // kStopped.
  Fetcher* fetcher = nullptr;
  // Whether many clients come from this address (a proxy).
  std::function<bool(std::string_view)> is_shared_address = [](std::string_view) { return false; };
};

class HttpServer {
 public:
  // Serves `application` until destroyed. All but the options must outlive it.
  static std::unique_ptr<HttpServer> Start(Listener listener, HttpServerOptions options, Application& application,
                                           Hub& hub, functions::Clock& clock);
  // As above, on a socket of its own. Errors as for ListenOn().
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(const SocketAddress& address, HttpServerOptions options,
                                                           Application& application, Hub& hub, functions::Clock& clock);
  // Stops at once: functions that run end, their answers are not sent.
  ~HttpServer();

  const SocketAddress& address() const { return address_; }

  // Accepts nobody any more, answers what is parked, finishes what runs. Returns at once.
  void Drain();
  // Whether that is done.
  bool drained() const;

  size_t open_connections() const;
  size_t parked_requests() const;
  size_t queued_requests(functions::Lane lane) const;
  size_t held_answers() const { return gate_->held(); }

 private:
  HttpServer(HttpServerOptions options, Application& application, Hub& hub, functions::Clock& clock);

  void Adopt(Accepted accepted);
  // Waits while the reactors are behind: Deadlines::seat. False: they still are.
  bool AwaitSeats();
  // On a reactor: see Reactor::Shared.
  bool AskAnother(Accepted& accepted);
  // On a worker.
  void Run(std::unique_ptr<Exchange> exchange, WorkerPool& pool);
  // Asks, and has it run again.
  void Fetch(std::unique_ptr<Exchange> exchange, WorkerPool& pool);

  const HttpServerOptions options_;
  Application& application_;
  const Runner runner_;
  Superseder superseder_;
  const MemoryBudgetLimits memory_limits_;
  Seats seats_;
  std::unique_ptr<CommitGate> gate_;
  std::unique_ptr<WorkerPool> workers_;
  std::vector<std::unique_ptr<Reactor>> reactors_;
  // Of the acceptor's thread.
  size_t next_reactor_ = 0;
  std::optional<SteadyTime> jam_end_;  // when who comes is refused, as nobody was seated since
  SocketAddress address_{{}};
  std::unique_ptr<Acceptor> acceptor_;
};

}  // namespace alcove::runtime
