#include "runtime/service.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "functions/wire/limits.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::runtime {
namespace {

// Reactors move bytes and run polls: four tell of more than one disk can sync. Each has a share of what an address may
// hold, which of eight would be too small for two large answers.
// One core is for those who commit, merge tables and hash passwords, and for the proxy in front: on two cores one
// reactor takes a seventh less of the processor a message than two, which wait for each other's memory, and answers as
// many. One where the number of cores is not known.
int ReactorCount() { return static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 2U, 5U)) - 1; }

// At least four: two may be busy with slow functions, and one may read a cold block.
int WorkerCount(const store::Store& store) {
  if (!store.sequences()) return kBlockedWorkers;
  return std::max(static_cast<int>(std::thread::hardware_concurrency()) * kFreeWorkersPerCore, 4);
}

// Operators ask seldom. Two workers, so that a /readyz that waits for a slow disk does not hold up /healthz.
constexpr int kOpsWorkers = 2;

absl::StatusOr<Listener> ListenAt(const std::string& text) {
  ASSIGN_OR_RETURN(const SocketAddress address, SocketAddress::Parse(text));
  return ListenOn(address);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Service>> Service::Start(const ServeCommand& command, Parts parts) {
  std::vector<Listener> listeners = std::move(parts.inherited);
  if (listeners.empty()) {
    ASSIGN_OR_RETURN(Listener listener, ListenAt(command.listen));
    listeners.push_back(std::move(listener));
  }
  if (listeners.size() < 2 && !command.ops.empty()) {
    ASSIGN_OR_RETURN(Listener listener, ListenAt(command.ops));
    listeners.push_back(std::move(listener));
  }
  std::unique_ptr<Service> service(new Service(command, std::move(parts)));
  HttpServerOptions options;
  options.reactors = ReactorCount();
  options.workers = WorkerCount(*service->store_);
  options.fetcher = &service->fetcher_;
  options.is_shared_address = [&proxies = service->trusted_proxies_](std::string_view address) {
    return proxies.MayBeMany(address);
  };
  service->server_ =
      HttpServer::Start(std::move(listeners[0]), std::move(options), service->host_, service->hub_, service->clock_);
  if (listeners.size() > 1) {
    HttpServerOptions ops_options;
    ops_options.workers = kOpsWorkers;
    ops_options.connections_max = wire::kOpsConnectionsMax;
    service->ops_server_ = HttpServer::Start(std::move(listeners[1]), std::move(ops_options), service->operations_,
                                             service->hub_, service->clock_);
  }
  return service;
}

Service::Service(const ServeCommand& command, Parts parts)
    : ephemera_(hub_, RandomName(random_), {}, [this](std::string_view message) { store_->Broadcast(message); }),
      ear_(hub_, ephemera_, metrics_),
      trusted_proxies_(command.trusted_proxies),
      store_(std::move(parts.store)),
      files_(std::move(parts.files)),
      limiter_(random_.Next(), [this](std::string_view address) { return trusted_proxies_.MayBeMany(address); }),
      context_(*store_, clock_, random_, ephemera_, *files_, config_,
               command.limits == LimitsSwitch::kOn ? limiter_ : functions::NoBudgets()),
      host_(parts.find_route, *files_, trusted_proxies_, context_, metrics_, command.log),
      fetcher_({.allowed = command.fetch_allowed, .log = command.log}, metrics_),
      deferrer_(parts.deferrables, context_, hub_, metrics_, fetcher_),
      readiness_([this] { return Probe(); }),
      operations_(readiness_, [this] { return MetricsText(); }) {
  store_->Watch(&ear_);
}

Service::~Service() {
  // First who asks about the server: /metrics reads it until the end.
  ops_server_.reset();
  fetcher_.Stop();
  server_.reset();
  // What still runs is waited for by its destructor, before the store goes.
  deferrer_.Stop();
  store_->Watch(nullptr);
}

void Service::Drain() {
  readiness_.SetDraining();
  deferrer_.Stop();
  server_->Drain();
  drain_end_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(wire::kFetchDrainMs);
}

bool Service::drained() {
  if (server_->drained() && deferrer_.stopped()) return true;
  if (drain_end_ && std::chrono::steady_clock::now() >= *drain_end_) {
    fetcher_.Stop();
    drain_end_.reset();
  }
  return false;
}

absl::Status Service::Probe() {
  return store_->Transact([&](store::Transaction& transaction) {
    transaction.Put(store::keys::MetaProbe(), absl::StrCat(absl::ToUnixMillis(clock_.Now())));
    return absl::OkStatus();
  });
}

std::string Service::MetricsText() const {
  const Deferrer::Backlog deferred = deferrer_.backlog();
  return metrics_.Text({.open_connections = server_->open_connections(),
                        .parked_requests = server_->parked_requests(),
                        .queued_fast = server_->queued_requests(functions::Lane::kFast),
                        .queued_slow = server_->queued_requests(functions::Lane::kSlow),
                        .held_answers = server_->held_answers(),
                        .queued_fetches = fetcher_.queued(),
                        .fetches_out = fetcher_.out(),
                        .waited_topics = hub_.topic_count(),
                        .ephemera_items = ephemera_.size(),
                        .deferred_due = deferred.due,
                        .deferred_oldest = deferred.oldest});
}

}  // namespace alcove::runtime
