// Names of other servers to addresses, with an end: the system's resolver has
// none of its own and may take half a minute.
//
// Threads: all methods from any.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "functions/fetch.h"
#include "runtime/outbound_socket.h"

namespace alcove::runtime {

// All addresses of a name, the best first; none where there is no such name.
using LookUp = std::function<std::vector<std::string>(const std::string& name)>;
std::vector<std::string> LookUpByResolver(const std::string& name);

class NameLookup {
 public:
  // At most `running_max` at once, those included for which nobody waits any more.
  NameLookup(LookUp look_up, size_t running_max);

  // Looks up on a thread that is left behind when patience ends.
  //   kUnreachable  no such name
  //   kTimedOut, kStopped
  //   kBusy         too many run
  std::variant<std::vector<std::string>, functions::FetchResult> Find(const std::string& name,
                                                                      const Patience& patience) const;

 private:
  const LookUp look_up_;
  const size_t running_max_;
  const std::shared_ptr<std::atomic<size_t>> running_ = std::make_shared<std::atomic<size_t>>(0);
};

}  // namespace alcove::runtime
