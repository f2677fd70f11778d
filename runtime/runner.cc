#include "runtime/runner.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "absl/time/time.h"
#include "functions/problem.h"
#include "functions/wire/limits.h"
#include "runtime/answer.h"

namespace alcove::runtime {
namespace {

using functions::Wake;

// No function holds longer, whatever it asks for: a jump of its clock must not
// park a client for a day.
constexpr absl::Duration kHoldMax = absl::Milliseconds(wire::kParkMsMax);

SteadyTime DeadlineOf(absl::Duration hold) {
  return std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(std::clamp(hold, absl::ZeroDuration(), kHoldMax));
}

bool MayWait(Wake wake) { return wake == Wake::kArrived || wake == Wake::kSignalled || wake == Wake::kFetched; }
// At its deadline it has time enough for a question, as its client is there still.
bool MayFetch(Wake wake) { return MayWait(wake) || wake == Wake::kDeadline; }

}  // namespace

void Runner::Run(Exchange& exchange) const {
  exchange.since = hub_.Sequence();
  exchange.answer =
      engine_.Answer(exchange.request, exchange.persistence, [&](Call& call) { return Handle(exchange, call); });
}

bool Runner::RunAtOnce(Exchange& exchange, Moment& moment) const {
  exchange.since = moment.since;
  return RunHere(exchange, [&](Call& call) { call.moment = &moment; });
}

bool Runner::StoreAtOnce(Exchange& exchange) const {
  return RunHere(exchange, [](Call& call) { call.at_once = true; });
}

bool Runner::RunHere(Exchange& exchange, absl::FunctionRef<void(Call&)> prepare) const {
  bool done = true;
  exchange.answer = engine_.Answer(exchange.request, exchange.persistence, [&](Call& call) {
    prepare(call);
    std::optional<functions::Response> response = Handle(exchange, call);
    done = !call.needs_to_wait && exchange.lane == functions::Lane::kFast;
    return response;
  });
  return done;
}

void Runner::Refuse(Exchange& exchange) const {
  constexpr auto kProblem = functions::ProblemCode::kOverloaded;
  application_.Refused(functions::StatusOf(kProblem));
  exchange.persistence = Persistence::kClose;
  exchange.answer = RefusalBytes(kProblem);
}

void Runner::Decide(Exchange& exchange, const absl::Status& fate) const {
  const auto decided = std::exchange(exchange.decided, nullptr);
  if (fate.ok()) {
    if (decided) decided(nullptr);
    return;
  }
  exchange.answer = engine_.Answer(exchange.request, exchange.persistence, [&](Call&) {
    functions::Outcome outcome(fate);
    functions::Response& response = *outcome.response();
    // What waits is not counted yet.
    if (decided) {
      decided(&response);
    } else {
      application_.Refused(response.status);
    }
    AddCommonHeaders(exchange.request_id, response);
    return std::move(response);
  });
}

void Runner::Follow(Exchange& exchange) const {
  exchange.answer =
      engine_.Answer(exchange.request, exchange.persistence, [&](Call& call) { return Admit(exchange, call); });
  const std::unique_ptr<FollowUp> follow_up = std::move(exchange.follow_up);
  exchange.topics = std::move(follow_up->next().topics);
  exchange.deadline = DeadlineOf(follow_up->next().hold);
  exchange.since = follow_up->since();
}

std::optional<functions::Response> Runner::Admit(Exchange& exchange, Call& call) const {
  functions::Request& request = call.request;
  const bool first = exchange.request_id.empty();
  if (first) exchange.request_id = RequestIdFor(request.id);
  request.id = exchange.request_id;
  call.arrived_at = exchange.arrived_at();
  request.client_address = exchange.peer_address;
  if (!first) return std::nullopt;
  Admission admission = application_.Admit(call);
  if (admission.refusal.has_value()) {
    AddCommonHeaders(request.id, *admission.refusal);
    return std::move(admission.refusal);
  }
  if (!admission.supersede_key.empty()) exchange.Supersede(std::move(admission.supersede_key));
  exchange.lane = admission.lane;
  return std::nullopt;
}

std::optional<functions::Response> Runner::Handle(Exchange& exchange, Call& call) const {
  functions::Request& request = call.request;
  const bool first = exchange.request_id.empty();
  if (auto refusal = Admit(exchange, call)) return refusal;
  // Nobody waits for an answer without a body.
  request.wake = call.verb == Call::Verb::kHead ? Wake::kDeadline : exchange.wake;
  if (first && exchange.superseded()) request.wake = Wake::kSuperseded;  // a newer one was run before it
  if (first && exchange.lane == functions::Lane::kSlow) return std::nullopt;

  request.fetched = std::move(exchange.fetched);
  functions::Outcome outcome = application_.Run(call);
  if (call.needs_to_wait) {
    exchange.fetched = std::move(request.fetched);
    return std::nullopt;
  }
  exchange.fate = std::move(call.fate);
  exchange.decided = std::move(call.decided);
  exchange.fetched.Clear();
  if (functions::Fetch* const fetch = outcome.fetch();
      // What it rests on is durable before others hear of it: function_host.cc has waited for that.
      fetch != nullptr && exchange.fate == nullptr && MayFetch(request.wake) && request.fetched.Allow(*fetch)) {
    exchange.fetch = std::make_unique<functions::Fetch>(std::move(*fetch));
    exchange.fetched = std::move(request.fetched);
    return std::nullopt;
  }
  if (const functions::Wait* wait = outcome.wait(); wait != nullptr && MayWait(request.wake)) {
    exchange.topics = wait->topics;
    const SteadyTime deadline = DeadlineOf(wait->deadline - clock_.Now());
    exchange.deadline = std::min(exchange.deadline.value_or(deadline), deadline);
    return std::nullopt;
  }
  // A function that waits or asks when it must answer has no other answer to give.
  const auto late =
      request.wake == Wake::kDraining ? functions::ProblemCode::kDraining : functions::ProblemCode::kInternal;
  functions::Response response =
      outcome.response() != nullptr ? std::move(*outcome.response()) : functions::ProblemResponse(late);
  if (response.next && call.verb == Call::Verb::kPlain) {
    exchange.next = std::make_unique<functions::Next>(*std::move(response.next));
  }
  AddCommonHeaders(request.id, response);
  return response;
}

}  // namespace alcove::runtime
