// What a server serves: told apart from how it is served, so that tests bring
// their own and the operations listener is a server like the other.
#pragma once

#include <string>

#include "functions/function.h"
#include "functions/routes.h"
#include "runtime/call.h"

namespace alcove::runtime {

// Threads: all methods are called from several threads at once.
class Application {
 public:
  virtual ~Application() = default;

  // Requests of one key end each other, the newer the older; empty: none.
  // Called once, before the first run.
  virtual std::string SupersedeKey(const Call& call) = 0;

  // Where the call is to be run. Called once, before the first run.
  virtual functions::Lane LaneOf(const Call&) { return functions::Lane::kFast; }

  // Does not throw. Called again, with another `wake`, after it answered Wait.
  virtual functions::Outcome Run(Call& call) = 0;

  // The edge answered a request itself, with this status.
  virtual void Refused(int status) = 0;
};

}  // namespace alcove::runtime
