#include "runtime/function_host.h"

#include <algorithm>
#include <array>
#include <exception>
#include <typeinfo>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "functions/answer.h"
#include "functions/method.h"
#include "functions/problem.h"
#include "runtime/log.h"
#include "store/gated_store.h"
#include "store/snapshot_store.h"

namespace alcove::runtime {
namespace {

using functions::Budget;
using functions::Method;
using functions::ProblemCode;
using Pace = store::GatedStore::Pace;

// Of a session, for what it asks.
Budget BudgetOf(functions::Work work) {
  switch (work) {
    case functions::Work::kSend:
      return Budget::kMessagesByToken;
    case functions::Work::kConversation:
      return Budget::kConversationsByToken;
    case functions::Work::kPoll:
      return Budget::kPollsByToken;
    default:
      return Budget::kOtherRequestsByToken;
  }
}

functions::Response WithAllow(functions::Response response, std::string allowed) {
  response.headers.emplace_back("Allow", std::move(allowed));
  return response;
}

functions::Response NoContent() {
  functions::Response response;
  response.status = 204;
  response.content_type.clear();
  return response;
}

RouteClass ClassOf(const functions::Route& route) {
  if (route.parking != functions::Parking::kNever) return RouteClass::kPoll;
  if (route.lane == functions::Lane::kSlow) return RouteClass::kSlow;
  return route.method == Method::kGet ? RouteClass::kRead : RouteClass::kWrite;
}

// As far as can be seen before it is parsed; nullptr: no function's.
const functions::Route* RouteOfRequest(std::string_view canonical) {
  const std::string_view method = canonical.substr(0, canonical.find(' '));
  std::string_view path = canonical.substr(std::min(method.size() + 1, canonical.size()));
  // One character after the other: find_first_of() makes a call for each byte.
  path = path.substr(0, path.find(' '));
  path = path.substr(0, path.find('?'));
  return functions::LikelyRoute(functions::ParseMethod(method).value_or(Method::kGet), path);
}

functions::Work WorkOf(const functions::Route* route) {
  return route != nullptr ? route->work : functions::Work::kPage;
}

}  // namespace

bool IsSmall(functions::Work work) { return work < functions::Work::kSession; }

functions::Work WorkOfRequest(std::string_view canonical) { return WorkOf(RouteOfRequest(canonical)); }

Foreseen FunctionHost::Foresee(std::string_view canonical) {
  const functions::Route* const route = RouteOfRequest(canonical);
  const bool stores_once = route != nullptr && route->stores == functions::Stores::kOnce;
  return {.work = WorkOf(route), .stores_at_once = stores_once && context_.store.sequences()};
}

std::string FunctionHost::ClientOf(const Call& call) const {
  return proxies_.ClientOf(call.request.client_address, call.forwarded_for, call.forwarded);
}

const functions::Route* FunctionHost::RouteOf(Call& call) const {
  if (!call.matched.has_value()) call.matched = find_route_(call.request.method, call.request.path);
  return call.matched->match.has_value() ? call.matched->match->route : nullptr;
}

Admission FunctionHost::Admit(Call& call) {
  Admission admission;
  const functions::Route* const route = RouteOf(call);
  admission.refusal = PutOff(call, route);
  if (route == nullptr || call.verb != Call::Verb::kPlain) return admission;
  admission.lane = route->lane;
  if (route->parking == functions::Parking::kOneByToken && !call.request.token.empty()) {
    admission.supersede_key = absl::StrCat(std::string(route->pattern), "\n", call.request.token);
  }
  return admission;
}

std::optional<functions::Response> FunctionHost::PutOff(const Call& call, const functions::Route* route) {
  const functions::Request& request = call.request;
  functions::Budgets& budgets = context_.budgets;
  if (&budgets == &functions::NoBudgets()) return std::nullopt;
  const std::string client = ClientOf(call);
  absl::Duration wait = budgets.Take(Budget::kRequestsByAddress, client);
  std::string_view name = "edge";
  if (route != nullptr && wait == absl::ZeroDuration()) {
    name = route->pattern;
    const bool is_anyones = route->who.caller == functions::Caller::kAnyone;
    if (is_anyones && route->lane == functions::Lane::kSlow) {
      wait = budgets.Take(Budget::kSignInsByAddress, client);
    } else if (!is_anyones && !request.token.empty()) {
      wait = budgets.Take(BudgetOf(route->work), request.token);
    }
  }
  if (wait == absl::ZeroDuration()) return std::nullopt;
  functions::Response response = functions::TooManyRequests(wait);
  Count({name, response.status, response.body.size(), absl::ZeroDuration()}, request.id);
  return response;
}

functions::Outcome FunctionHost::Run(Call& call) {
  const absl::Time begin = absl::Now();
  functions::Request& request = call.request;
  request.client_address = ClientOf(call);
  Served served = Serve(call);
  if (call.needs_to_wait) return std::move(served.outcome);  // the run that counts is still to come
  const absl::Duration took = absl::Now() - begin;
  metrics_.CountRun(took);
  if (const functions::Response* const response = served.outcome.response(); response != nullptr) {
    const Answer answer{served.name, response->status,   response->body.size(),
                        took,        served.route_class, call.arrived_at};
    for (const absl::Time at : response->event_times) CountDelivery(begin + took - at);
    if (call.fate == nullptr) {
      Count(answer, request.id);
    } else {
      call.decided = [this, answer, id = request.id, ran = begin + took](const functions::Response* instead) {
        metrics_.CountCommitWait(absl::Now() - ran);
        Answer sent = answer;
        if (instead != nullptr) {
          sent.status = instead->status;
          sent.bytes = instead->body.size();
        }
        Count(sent, id);
      };
    }
  }
  return std::move(served.outcome);
}

void FunctionHost::CountDelivery(absl::Duration age) {
  // Older ones are told to who was away, which says nothing of us.
  constexpr absl::Duration kFresh = absl::Minutes(1);
  if (age < kFresh) metrics_.CountDelivery(age);
}

void FunctionHost::Count(const Answer& answer, const std::string& request_id) {
  metrics_.CountAnswer(answer.name, answer.status);
  metrics_.CountRequest(answer.route_class, absl::FromChrono(std::chrono::steady_clock::now() - answer.arrived_at));
  if (log_ == RequestLog::kOff) return;
  LogInfo("request", {{"id", request_id},
                      {"route", std::string(answer.name)},
                      {"status", absl::StrCat(answer.status)},
                      {"us", absl::StrCat(absl::ToInt64Microseconds(answer.took))},
                      {"bytes", absl::StrCat(answer.bytes)}});
}

FunctionHost::Served FunctionHost::Serve(Call& call) {
  functions::Request& request = call.request;
  if (call.verb != Call::Verb::kOther) {
    if (const functions::Route* const route = RouteOf(call); route != nullptr) {
      request.parameters = std::move(call.matched->match->parameters);
      return {RunFunction(*route, call), route->pattern, ClassOf(*route)};
    }
    if (request.method == Method::kGet) {
      auto file = files_.Answer(request.path, request.accept_encoding, request.if_none_match);
      if (file.has_value()) return {*std::move(file), "file", RouteClass::kFile};
    }
  }
  std::string allowed = AllowedMethods(request);
  if (allowed.empty()) return {functions::ProblemResponse(ProblemCode::kNotFound), "none"};
  // OPTIONS asks for just this; nothing here is for other origins, so that is all it is told.
  functions::Response response =
      call.is_options ? NoContent() : functions::ProblemResponse(ProblemCode::kMethodNotAllowed);
  return {WithAllow(std::move(response), std::move(allowed)), "other_method"};
}

functions::Outcome FunctionHost::RunOn(store::Store& store, functions::SharedWork* shared,
                                       const functions::Route& route, const functions::Request& request) {
  functions::Context context(store, context_.clock, context_.random, context_.ephemera, context_.assets,
                             context_.config, context_.budgets, shared);
  return functions::AnswerRoute(route, request, context);
}

functions::Outcome FunctionHost::RunFunction(const functions::Route& route, Call& call) {
  const functions::Request& request = call.request;
  // Ours throw nothing; this is the last net under third parties and memory.
  try {
    if (call.moment != nullptr) {
      store::SnapshotStore store(context_.store, *call.moment->snapshot);
      functions::Outcome outcome = RunOn(store, &call.moment->shared, route, request);
      // Who asks another server is answered later, which a worker's way knows.
      call.needs_to_wait = store.refused() || outcome.fetch() != nullptr;
      return outcome;
    }
    if (call.at_once && route.stores != functions::Stores::kOnce) {
      call.needs_to_wait = true;
      return absl::UnavailableError("it would have to wait");
    }
    store::GatedStore store(context_.store, call.at_once ? Pace::kAtOnce : Pace::kWaits);
    functions::Outcome outcome = RunOn(store, nullptr, route, request);
    call.needs_to_wait = store.refused();
    if (call.needs_to_wait) return outcome;
    // Another server hears of nothing that may still be lost.
    if (outcome.fetch() != nullptr) {
      if (absl::Status durable = store.Settle(); !durable.ok()) return durable;
    }
    call.fate = store.TakeFate();
    return outcome;
  } catch (const std::exception& exception) {
    // Its type, not its words: a parser's hold what people wrote.
    LogWarning("a function threw",
               {{"id", request.id}, {"route", std::string(route.pattern)}, {"what", typeid(exception).name()}});
  } catch (...) {
    LogWarning("a function threw", {{"id", request.id}, {"route", std::string(route.pattern)}});
  }
  metrics_.CountFailure();
  return functions::ProblemResponse(ProblemCode::kInternal);
}

std::string FunctionHost::AllowedMethods(const functions::Request& request) const {
  std::string allowed;
  for (const std::string_view name : functions::kMethodNames) {
    const Method method = *functions::ParseMethod(name);
    const bool is_file = method == Method::kGet && files_.Answer(request.path, {}, "*").has_value();
    if (!is_file && !find_route_(method, request.path).match.has_value()) continue;
    absl::StrAppend(&allowed, allowed.empty() ? "" : ", ", std::string(name), method == Method::kGet ? ", HEAD" : "");
  }
  return allowed;
}

void FunctionHost::Refused(int status) { metrics_.CountAnswer("edge", status); }

}  // namespace alcove::runtime
