// What a function is: Outcome Function(const Request&, Context&).
//
// A function answers one request. It is pure: it reads and writes only
// through its Context, holds no state of its own and never blocks but in the
// store. When it has nothing to say yet it returns a Wait, and the runtime
// runs the same request again when a topic is signalled or the time is up. When
// it has to ask another server it returns a Fetch (fetch.h), and is run again
// with the answer.
//
// Threads: a function may run on any thread, several at once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "functions/fetch.h"
#include "store/store.h"

namespace alcove::functions {

class Context;

enum class Method { kGet, kPost, kPut, kDelete, kPatch };

// Why a request is run. Everything but kArrived is a replay of a request that
// answered Wait or Fetch before.
enum class Wake {
  kArrived,     // its first run
  kSignalled,   // a topic changed
  kDeadline,    // the Wait's deadline has passed: it must answer now
  kSuperseded,  // a newer request with the same `supersedes` key came: it must answer now
  kDraining,    // the server is going down: it must answer now, with retry_ms
  kFetched,     // what it asked for last is in `fetched`
};

// One request, already checked by the edge: sizes are within limits.h, the
// path is decoded, names in `parameters` come from the route's pattern.
struct Request {
  using Pairs = std::vector<std::pair<std::string, std::string>>;

  Method method = Method::kGet;
  std::string path;
  Pairs parameters;          // of the route, `{conversation}` -> text
  Pairs query;               // decoded, in order
  std::string token;         // of `Authorization: Bearer`, else empty
  std::string content_type;  // without parameters, lower case
  std::string if_none_match;
  std::string accept_encoding;
  std::string body;
  std::string client_address;
  // The origin of the page that asks, where a browser says that it is another than ours; "null" where it will not tell.
  std::string foreign_origin;
  std::string id;  // X-Request-Id
  // The site that the operator administers from the machine itself (`alcove admin`), where no token is asked for. Empty
  // for whatever comes over the network: the HTTP edge never sets it.
  std::string operated_site;
  Wake wake = Wake::kArrived;
  Fetches fetched;

  // The value, or "" where there is none.
  std::string_view Parameter(std::string_view name) const { return Find(parameters, name); }
  std::string_view Query(std::string_view name) const { return Find(query, name); }

 private:
  static std::string_view Find(const Pairs& pairs, std::string_view name) {
    for (const auto& [key, value] : pairs) {
      if (key == name) return value;
    }
    return {};
  }
};

// What a poll's next one waits for. Whoever asks as before, with `cursor` for the value of that name, and before one of
// the topics is signalled, would be told to wait for these topics.
struct Next {
  std::string cursor;
  std::vector<std::string> topics;
  absl::Duration hold;  // from when it asks
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  // Beyond those that the runtime sets on every answer. No CR or LF in them.
  std::vector<std::pair<std::string, std::string>> headers;
  // When the events that a poll tells of had happened. For measurements: not sent.
  std::vector<absl::Time> event_times = {};
  // So that the next one need not be run to find that out. Not sent.
  std::optional<Next> next = {};
};

// "Run me again when one of these topics was signalled, or at the deadline."
// A function that returns it has written nothing. Of a request's Waits the
// soonest deadline stands, so that a busy topic cannot stretch a poll.
struct Wait {
  std::vector<std::string> topics;
  absl::Time deadline;
};

// What a function returns: an answer, a Wait, a Fetch, or a Status, which becomes the
// problem document that ProblemFor() (problem.h) gives it.
class Outcome {
 public:
  Outcome(Response response) : value_(std::move(response)) {}  // NOLINT(google-explicit-constructor)
  Outcome(Wait wait) : value_(std::move(wait)) {}              // NOLINT(google-explicit-constructor)
  Outcome(Fetch fetch) : value_(std::move(fetch)) {}           // NOLINT(google-explicit-constructor)
  Outcome(absl::Status status);                                // NOLINT(google-explicit-constructor)

  const Response* response() const { return std::get_if<Response>(&value_); }
  Response* response() { return std::get_if<Response>(&value_); }
  const Wait* wait() const { return std::get_if<Wait>(&value_); }
  const Fetch* fetch() const { return std::get_if<Fetch>(&value_); }
  Fetch* fetch() { return std::get_if<Fetch>(&value_); }

  // What it was made of, else OK: tells a transaction whether to run again.
  const absl::Status& status() const { return status_; }

 private:
  std::variant<Response, Wait, Fetch> value_;
  absl::Status status_;
};

using Function = Outcome (*)(const Request& request, Context& context);

}  // namespace alcove::functions

namespace alcove::store {

// An answer below 400 commits; a problem, a Wait or a Fetch discards the writes.
template <>
struct BodyResult<functions::Outcome> {
  static absl::Status ToStatus(const functions::Outcome& outcome);
};

}  // namespace alcove::store
