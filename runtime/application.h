// What a server serves: told apart from how it is served, so that tests bring
// their own and the operations listener is a server like the other.
#pragma once

#include <optional>
#include <string>
#include <string_view>

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

  // What a request that is not parsed yet asks for, as far as can be seen (canonical.h): for its place in
  // the queue, and for whether there is one. Called on a reactor: it must be quick.
  virtual functions::Work WorkOf(std::string_view canonical) {
    (void)canonical;
    return functions::Work::kSend;
  }

  // Where the call is to be run. Called once, before the first run.
  virtual functions::Lane LaneOf(const Call&) { return functions::Lane::kFast; }

  // Whether the call may be run now: nullopt, or the answer that puts it off.
  // Called once, before the first run and before it waits for a slow lane.
  virtual std::optional<functions::Response> PutOff(const Call&) { return std::nullopt; }

  // Does not throw. Called again, with another `wake`, after it answered Wait.
  virtual functions::Outcome Run(Call& call) = 0;

  // The edge answered a request itself, with this status.
  virtual void Refused(int status) = 0;
};

}  // namespace alcove::runtime
