// Serves the functions and the web files: finds who answers, keeps what it
// throws from the process, counts.
//
// Threads: all methods may be called from any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "functions/context.h"
#include "functions/routes.h"
#include "runtime/application.h"
#include "runtime/log.h"
#include "runtime/metrics.h"
#include "runtime/static_files.h"
#include "runtime/trusted_proxies.h"

namespace alcove::runtime {

// What a canonical request asks for, as far as its line tells.
functions::Work WorkOfRequest(std::string_view canonical);
// Whether its body is small (framer.h): who types, is here or has read, and all that only reads.
bool IsSmall(functions::Work work);

class FunctionHost final : public Application {
 public:
  using RouteFinder = functions::Matched (*)(functions::Method, std::string_view);

  // All must outlive it.
  FunctionHost(RouteFinder find_route, const StaticFiles& files, const TrustedProxies& proxies,
               functions::Context& context, Metrics& metrics, RequestLog log = RequestLog::kOff)
      : find_route_(find_route), files_(files), proxies_(proxies), context_(context), metrics_(metrics), log_(log) {}

  Foreseen Foresee(std::string_view canonical) override;
  void CarryOut() override { context_.store.CarryOut(); }
  std::unique_ptr<store::Reader> SnapshotAtOnce() override { return context_.store.SnapshotAtOnce(); }
  Admission Admit(Call& call) override;
  functions::Outcome Run(Call& call) override;
  void Refused(int status) override;

 private:
  std::string ClientOf(const Call& call) const;
  // The route, or null; looked for once.
  const functions::Route* RouteOf(Call& call) const;
  std::optional<functions::Response> PutOff(const Call& call, const functions::Route* route);
  // The outcome, and as what it is counted.
  struct Served {
    functions::Outcome outcome;
    std::string_view name;
    RouteClass route_class = RouteClass::kOther;
  };
  Served Serve(Call& call);
  struct Answer {
    std::string_view name;
    int status;
    size_t bytes;
    absl::Duration took;  // to run, without the wait for the disk
    RouteClass route_class = RouteClass::kOther;
    std::chrono::steady_clock::time_point arrived_at = std::chrono::steady_clock::now();
  };
  void CountDelivery(absl::Duration age);
  void Count(const Answer& answer, const std::string& request_id);
  functions::Outcome RunFunction(const functions::Route& route, Call& call);
  // What it throws, the caller stops.
  functions::Outcome RunOn(store::Store& store, functions::SharedWork* shared, const functions::Route& route,
                           const functions::Request& request);
  // What may be done with a path: "GET, HEAD"; empty where there is nothing.
  std::string AllowedMethods(const functions::Request& request) const;

  const RouteFinder find_route_;
  const StaticFiles& files_;
  const TrustedProxies& proxies_;
  functions::Context& context_;
  Metrics& metrics_;
  const RequestLog log_;
};

}  // namespace alcove::runtime
