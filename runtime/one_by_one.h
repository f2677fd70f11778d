// Answers requests one after another, without a listener: for hosts that start
// the program for each request, or hand it one at a time.
//
// All between the framer and the answer is the server's own (runner.h), but
// nothing is parked: what would wait is run again at once as in a server that
// drains, and so tells its client when to come back. What it asks of other
// servers is awaited. An answer is given when what it tells is durable.
//
// Threads: one.
#pragma once

#include <memory>
#include <string>

#include "functions/context.h"
#include "runtime/ephemera.h"
#include "runtime/exchange.h"
#include "runtime/fetcher.h"
#include "runtime/framer.h"
#include "runtime/function_host.h"
#include "runtime/hub.h"
#include "runtime/mailbox.h"
#include "runtime/metrics.h"
#include "runtime/rate_limiter.h"
#include "runtime/runner.h"
#include "runtime/static_files.h"
#include "runtime/superseder.h"
#include "runtime/system.h"
#include "runtime/trusted_proxies.h"
#include "store/store.h"

namespace alcove::runtime {

class OneByOne {
 public:
  struct Parts {
    std::unique_ptr<store::Store> store;
    std::unique_ptr<StaticFiles> files;
    FunctionHost::RouteFinder find_route;
    TrustedProxies trusted_proxies = {};
    RequestLog log = RequestLog::kOff;
    FetcherOptions fetcher = {};
  };
  explicit OneByOne(Parts parts);

  // The whole answer, with `Connection: close`. `peer_address` is who handed the
  // request over: the client, or a proxy; empty where nobody knows.
  std::string Answer(FramedRequest request, const std::string& peer_address);

 private:
  // Until it has an answer, or waits.
  void Run(Exchange& exchange);

  SystemClock clock_;
  SystemRandom random_;
  Hub hub_;
  Superseder superseder_;
  Mailbox mailbox_;
  Metrics metrics_;
  const functions::Config config_;
  const TrustedProxies trusted_proxies_;
  const std::unique_ptr<store::Store> store_;
  const std::unique_ptr<StaticFiles> files_;
  HubEphemera ephemera_;
  RateLimiter limiter_;
  functions::Context context_;
  FunctionHost host_;
  Fetcher fetcher_;
  const Runner runner_;
};

}  // namespace alcove::runtime
