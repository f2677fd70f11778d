// One request on its way from the wire to a function.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "functions/function.h"
#include "functions/routes.h"
#include "runtime/moment.h"
#include "store/fate.h"

namespace alcove::runtime {

struct Call {
  // How the request's method relates to those that functions know.
  enum class Verb {
    kPlain,  // GET, POST, PUT, DELETE, PATCH
    kHead,   // run as GET, answered without a body
    kOther,  // OPTIONS: known to HTTP, answered by no function
  };

  functions::Request request;
  Verb verb = Verb::kPlain;
  bool is_options = false;
  // When its request was whole; replays keep it.
  std::chrono::steady_clock::time_point arrived_at = std::chrono::steady_clock::now();
  // X-Forwarded-For and Forwarded as they came; to be believed from a trusted proxy only.
  std::string forwarded_for;
  std::string forwarded;

  // All that it may read, where it must not wait. Null: it may, and has the whole store.
  Moment* moment = nullptr;
  // It must not wait, and is to make its one transaction (functions::Stores::kOnce).
  bool at_once = false;
  // Set by who runs it: that did not do. There is no outcome, and it is to be run with neither of them.
  bool needs_to_wait = false;

  // Set by who runs it, to look for the route once.
  std::optional<functions::Matched> matched = std::nullopt;

  // Set by who runs it: the answer is let out when this is decided, and lost
  // where it is not OK. Null: now.
  store::FatePtr fate = nullptr;
  // Set along with `fate`, or null. Called once when that is decided; with what
  // is sent instead of the answer where it is lost.
  std::function<void(const functions::Response* instead)> decided = nullptr;
};

}  // namespace alcove::runtime
