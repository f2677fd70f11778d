// Bytes to bytes: the one seam behind which cpp-httplib lives.
//
// cpp-httplib parses the canonical request's line, decodes target and query. It
// never owns a socket or a thread, matches no route and sees no client's bytes:
// headers were understood by the framer and are taken from its canonical request.
// A line in which each character means itself, as in nearly all, does not need it
// (docs/decisions/0004). Replacing it means replacing http_engine.cc.
//
// Threads: one engine serves any number of threads.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "functions/function.h"
#include "runtime/answer.h"
#include "runtime/call.h"

namespace alcove::runtime {

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

  // Which lines are parsed without cpp-httplib: those of plain characters, or, to be compared with them, none.
  enum class Lines { kEach, kByHttplib };
  // What `canonical` says, into a new call. False: its line is none that cpp-httplib takes.
  bool Parse(std::string_view canonical, Call& call, Lines lines = Lines::kEach) const;

 private:
  class Server;
  std::unique_ptr<Server> server_;
};

}  // namespace alcove::runtime
