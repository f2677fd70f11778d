#include "runtime/http_server.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "functions/problem.h"
#include "runtime/allocator.h"
#include "runtime/function_host.h"
#include "runtime/turn_away.h"
#include "store/status_macros.h"

namespace alcove::runtime {

namespace {

HttpServerOptions WithBodiesByRoute(HttpServerOptions options, Application& application) {
  options.framer_limits.is_small = [&application](std::string_view head) {
    return IsSmall(application.Foresee(head).work);
  };
  return options;
}

}  // namespace

std::unique_ptr<HttpServer> HttpServer::Start(Listener listener, HttpServerOptions options, Application& application,
                                              Hub& hub, functions::Clock& clock) {
  std::unique_ptr<HttpServer> server(new HttpServer(std::move(options), application, hub, clock));
  server->address_ = listener.address;
  server->acceptor_ = std::make_unique<Acceptor>(
      std::move(listener), [&server = *server](Accepted accepted) { server.Adopt(std::move(accepted)); });
  return server;
}

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(const SocketAddress& address, HttpServerOptions options,
                                                              Application& application, Hub& hub,
                                                              functions::Clock& clock) {
  ASSIGN_OR_RETURN(Listener listener, ListenOn(address));
  return Start(std::move(listener), std::move(options), application, hub, clock);
}

HttpServer::HttpServer(HttpServerOptions options, Application& application, Hub& hub, functions::Clock& clock)
    : options_(WithBodiesByRoute(std::move(options), application)),
      application_(application),
      runner_(application, hub, clock),
      memory_limits_(options_.memory.Share(options_.reactors)),
      seats_(options_.connections_max) {
  gate_ = std::make_unique<CommitGate>([](std::unique_ptr<Exchange> exchange, const absl::Status& status) {
    // Its reactor counts and logs it: who commits only tells. The status is not shared between threads, as its count of
    // references is invisible to the thread sanitizer.
    Mailbox& mailbox = exchange->mailbox();
    mailbox.Post(Ran{std::move(exchange), absl::Status(status.code(), status.message())});
  });
  workers_ = std::make_unique<WorkerPool>(
      options_.workers, options_.queued_max, options_.queued_slow_max,
      [this](std::unique_ptr<Exchange> exchange, WorkerPool& pool) { Run(std::move(exchange), pool); });
  const auto reactors = static_cast<size_t>(options_.reactors);
  const Reactor::Shared shared{options_.framer_limits,
                               options_.deadlines,
                               options_.turns,
                               application,
                               hub,
                               superseder_,
                               runner_,
                               *workers_,
                               *gate_,
                               memory_limits_,
                               seats_,
                               std::max<size_t>(options_.address_connections_max / reactors, 1),
                               options_.is_shared_address,
                               [this](Accepted& accepted) { return AskAnother(accepted); }};
  for (int i = 0; i < options_.reactors; ++i) reactors_.push_back(std::make_unique<Reactor>(shared));
}

HttpServer::~HttpServer() {
  acceptor_.reset();
  for (const auto& reactor : reactors_) reactor->mailbox().Post(Stop{});
  for (const auto& reactor : reactors_) reactor->Join();
  // The workers' last exchanges go to mailboxes that nobody reads and die with them.
  workers_.reset();
  gate_.reset();
}

void HttpServer::Run(std::unique_ptr<Exchange> exchange, WorkerPool& pool) {
  const functions::Lane lane = exchange->lane;
  runner_.Run(*exchange);
  if (exchange->lane != lane) {
    if (pool.Move(exchange)) return;
    runner_.Refuse(*exchange);
  }
  if (exchange->fetch != nullptr) return Fetch(std::move(exchange), pool);
  gate_->Hold(std::move(exchange));
  // Of a sign-in before all: nobody waits for its answer any more.
  if (lane == functions::Lane::kSlow) GiveBackMemory();
}

void HttpServer::Fetch(std::unique_ptr<Exchange> exchange, WorkerPool& pool) {
  functions::Fetch fetch = std::move(*std::exchange(exchange->fetch, nullptr));
  exchange->wake = functions::Wake::kFetched;
  if (options_.fetcher == nullptr) {
    exchange->fetched.Add({.name = std::move(fetch.name)});
    return pool.Push(std::move(exchange));
  }
  const std::string id = exchange->request_id;
  options_.fetcher->Start(std::move(fetch), id,
                          [&pool, held = std::move(exchange)](functions::Fetched fetched) mutable {
                            held->fetched.Add(std::move(fetched));
                            pool.Push(std::move(held));
                          });
}

void HttpServer::Adopt(Accepted accepted) {
  if (!AwaitSeats()) {
    constexpr auto kProblem = functions::ProblemCode::kOverloaded;
    application_.Refused(functions::StatusOf(kProblem));
    return TurnAway(std::move(accepted.socket), kProblem);
  }
  accepted.seat = Seats::Seat(seats_);
  next_reactor_ = (next_reactor_ + 1) % reactors_.size();
  accepted.reactor = next_reactor_;
  reactors_[next_reactor_]->mailbox().Post(std::move(accepted));
}

bool HttpServer::AwaitSeats() {
  while (seats_.jammed()) {
    const SteadyTime now = std::chrono::steady_clock::now();
    if (!jam_end_.has_value()) jam_end_ = now + options_.deadlines.seat;
    if (now >= *jam_end_) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  jam_end_.reset();
  return true;
}

bool HttpServer::AskAnother(Accepted& accepted) {
  if (accepted.asked == reactors_.size()) return false;
  ++accepted.asked;
  accepted.reactor = (accepted.reactor + 1) % reactors_.size();
  Mailbox& next = reactors_[accepted.reactor]->mailbox();
  next.Post(std::move(accepted));
  return true;
}

void HttpServer::Drain() {
  acceptor_.reset();
  for (const auto& reactor : reactors_) reactor->mailbox().Post(runtime::Drain{});
}

bool HttpServer::drained() const {
  return std::all_of(reactors_.begin(), reactors_.end(), [](const auto& reactor) { return reactor->stopped(); });
}

size_t HttpServer::queued_requests(functions::Lane lane) const {
  size_t count = workers_->queued(lane);
  if (lane == functions::Lane::kSlow) return count;
  for (const auto& reactor : reactors_) count += reactor->queued_polls();
  return count;
}

size_t HttpServer::open_connections() const {
  size_t count = 0;
  for (const auto& reactor : reactors_) count += reactor->open_connections();
  return count;
}

size_t HttpServer::parked_requests() const {
  size_t count = 0;
  for (const auto& reactor : reactors_) count += reactor->parked_requests();
  return count;
}

}  // namespace alcove::runtime
