// The server as `alcove serve` runs it: store, hub, functions, deferred calls,
// web files and the two listeners, put together and taken apart in the right order.
//
// Threads: all methods from one thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "functions/context.h"
#include "runtime/command_line.h"
#include "runtime/deferrer.h"
#include "runtime/ephemera.h"
#include "runtime/fetcher.h"
#include "runtime/function_host.h"
#include "runtime/http_server.h"
#include "runtime/hub.h"
#include "runtime/later_signals.h"
#include "runtime/metrics.h"
#include "runtime/operations.h"
#include "runtime/rate_limiter.h"
#include "runtime/readiness.h"
#include "runtime/static_files.h"
#include "runtime/system.h"
#include "store/store.h"

namespace alcove::runtime {

class Service {
 public:
  struct Parts {
    std::unique_ptr<store::Store> store;
    std::unique_ptr<StaticFiles> files;
    FunctionHost::RouteFinder find_route;
    // Instead of the sockets that the command names: first that for customers and
    // agents, then that for operators.
    std::vector<Listener> inherited = {};
    std::span<const functions::Deferrable> deferrables = {};
  };
  // Listens when it returns. Errors as for ListenOn().
  static absl::StatusOr<std::unique_ptr<Service>> Start(const ServeCommand& command, Parts parts);
  ~Service();

  const SocketAddress& address() const { return server_->address(); }
  // nullptr: there is none.
  const SocketAddress* ops_address() const { return ops_server_ == nullptr ? nullptr : &ops_server_->address(); }

  // Answers no longer as ready, takes no new connection, ends what is under way. Returns at once.
  void Drain();
  // To be called now and then after it: cuts off what other servers are asked and do not answer in time.
  bool drained();

  // To be called now and then: forgets what has expired.
  void Sweep() { ephemera_.Sweep(clock_.Now()); }

  const Metrics& metrics() const { return metrics_; }

  // What this server gives its functions; lives as long as the server.
  functions::Context& context() { return context_; }

 private:
  // Hears what the store and the other nodes have to tell.
  class Ear final : public store::Watcher {
   public:
    Ear(Hub& hub, HubEphemera& ephemera, Metrics& metrics)
        : hub_(hub),
          signals_(hub, std::chrono::milliseconds(wire::kOwnNewsMs)),
          ephemera_(ephemera),
          metrics_(metrics) {}
    void TopicsChanged(const std::vector<std::string>& topics) override { signals_.TopicsChanged(topics); }
    void TellTogether(absl::FunctionRef<void()> tell) override {
      const Mailbox::OneRing ring;
      tell();
    }
    void AnythingMayHaveChanged() override { hub_.AnythingMayHaveChanged(); }
    void MessageHeard(std::string_view message) override { ephemera_.TakeIn(message); }
    void CommitsMade(size_t commits, std::chrono::nanoseconds took) override {
      metrics_.CountCommits(commits, absl::FromChrono(took));
    }

   private:
    Hub& hub_;
    LaterSignals signals_;
    HubEphemera& ephemera_;
    Metrics& metrics_;
  };

  Service(const ServeCommand& command, Parts parts);

  absl::Status Probe();
  std::string MetricsText() const;

  SystemClock clock_;
  SystemRandom random_;
  Hub hub_;
  HubEphemera ephemera_;
  Metrics metrics_;
  Ear ear_;
  const TrustedProxies trusted_proxies_;
  const functions::Config config_;
  const std::unique_ptr<store::Store> store_;
  const std::unique_ptr<StaticFiles> files_;
  RateLimiter limiter_;
  functions::Context context_;
  FunctionHost host_;
  Fetcher fetcher_;
  Deferrer deferrer_;
  Readiness readiness_;
  Operations operations_;
  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<HttpServer> ops_server_;
  std::optional<SteadyTime> drain_end_;  // of what other servers are asked
};

}  // namespace alcove::runtime
