// Bytes to bytes: the one seam behind which cpp-httplib lives.
//
// cpp-httplib parses the canonical request's line, decodes target and query, and
// writes the answer's first line and what frames its body. It never owns a
// socket or a thread, matches no route and sees no client's bytes: headers were
// understood by the framer and are taken from its canonical request, and those of
// an answer are put into what it writes, as it needs 28 % of all that a message
// costs for its copies of them. Replacing it means replacing http_engine.cc.
//
// Threads: one engine serves any number of threads.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "functions/function.h"
#include "runtime/call.h"

namespace alcove::runtime {

enum class Persistence { kKeep, kClose };

class HttpEngine {
 public:
  // Answers the call, or nullopt: nothing is to be written yet.
  using Handler = std::function<std::optional<functions::Response>(Call&)>;

  HttpEngine();
  ~HttpEngine();
  HttpEngine(const HttpEngine&) = delete;
  HttpEngine& operator=(const HttpEngine&) = delete;

  // Parses `canonical` (canonical.h), calls `handler` once with what it says,
  // on this thread, and returns the bytes of its answer. The caller fills in
  // what the wire cannot say: client_address, id where none came, wake.
  // The answer says `Connection: close` if persistence is kClose.
  std::optional<std::string> Answer(std::string_view canonical, Persistence persistence, const Handler& handler) const;

 private:
  class Server;
  std::unique_ptr<Server> server_;
};

}  // namespace alcove::runtime
