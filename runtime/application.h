// What a server serves: told apart from how it is served, so that tests bring
// their own and the operations listener is a server like the other.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "functions/function.h"
#include "functions/routes.h"
#include "runtime/call.h"
#include "store/store.h"

namespace alcove::runtime {

// Whether a call is run at all, and how.
struct Admission {
  // Puts the call off: it is answered so and not run.
  std::optional<functions::Response> refusal = std::nullopt;
  // Requests of one key end each other, the newer the older; empty: none.
  std::string supersede_key;
  functions::Lane lane = functions::Lane::kFast;
};

// What a request that is not parsed yet is, as far as can be seen (canonical.h).
struct Foreseen {
  // For its place in the queue, and for whether there is one.
  functions::Work work = functions::Work::kSend;
  // It is stored in one transaction that a reactor may make itself, as it comes. Run() says that it has to wait where
  // it was not what it looked like.
  bool stores_at_once = false;
};

// Threads: all methods are called from several threads at once.
class Application {
 public:
  virtual ~Application() = default;

  // Called on a reactor: it must be quick.
  virtual Foreseen Foresee(std::string_view canonical) {
    (void)canonical;
    return {};
  }

  // Called by a reactor behind the last of those that it stored at once: until then nothing carries them to the disk.
  virtual void CarryOut() {}

  // What polls read that a reactor runs itself, as it must not wait (moment.h). Null: workers run them.
  virtual std::unique_ptr<store::Reader> SnapshotAtOnce() { return nullptr; }

  // Called once, before the first run and before it waits for a slow lane.
  virtual Admission Admit(Call&) { return {}; }

  // Does not throw. Called again, with another `wake`, after it answered Wait.
  virtual functions::Outcome Run(Call& call) = 0;

  // The edge answered a request itself, with this status.
  virtual void Refused(int status) = 0;
};

}  // namespace alcove::runtime
