#include "runtime/one_by_one.h"

#include <string_view>
#include <utility>

#include "functions/problem.h"
#include "runtime/answer.h"
#include "runtime/exchange.h"

namespace alcove::runtime {

OneByOne::OneByOne(Parts parts)
    : trusted_proxies_(std::move(parts.trusted_proxies)),
      store_(std::move(parts.store)),
      files_(std::move(parts.files)),
      ephemera_(hub_, RandomName(random_), {}, [this](std::string_view message) { store_->Broadcast(message); }),
      limiter_(random_.Next(), [this](std::string_view address) { return trusted_proxies_.MayBeMany(address); }),
      context_(*store_, clock_, random_, ephemera_, *files_, config_, limiter_),
      host_(parts.find_route, *files_, trusted_proxies_, context_, metrics_, parts.log),
      fetcher_(std::move(parts.fetcher), metrics_),
      runner_(host_, hub_, clock_) {}

void OneByOne::Run(Exchange& exchange) {
  const functions::Lane lane = exchange.lane;
  runner_.Run(exchange);
  // There is one lane here.
  if (exchange.lane != lane) runner_.Run(exchange);
  while (exchange.fetch != nullptr) {
    exchange.fetched.Add(fetcher_.Await(std::move(*std::exchange(exchange.fetch, nullptr)), exchange.request_id));
    exchange.wake = functions::Wake::kFetched;
    runner_.Run(exchange);
  }
}

std::string OneByOne::Answer(FramedRequest request, const std::string& peer_address) {
  Exchange exchange(ExchangeKey{}, mailbox_, hub_, superseder_);
  exchange.request = std::move(request.bytes);
  exchange.peer_address = peer_address;
  exchange.persistence = Persistence::kClose;
  Run(exchange);
  if (!exchange.answer.has_value()) {
    exchange.wake = functions::Wake::kDraining;
    Run(exchange);
  }
  if (const store::FatePtr fate = std::move(exchange.fate); fate != nullptr) runner_.Decide(exchange, fate->Await());
  // The runner answers whatever may not wait.
  return exchange.answer.has_value() ? *std::move(exchange.answer) : RefusalBytes(functions::ProblemCode::kInternal);
}

}  // namespace alcove::runtime
