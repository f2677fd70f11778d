// Asking another server over HTTP, as a value.
//
//   const Fetched* const decided = request.fetched.Find("decide");
//   if (decided == nullptr) return Fetch{.name = "decide", .method = FetchMethod::kPost, .url = url, .body = json};
//   if (decided->result != FetchResult::kAnswered || decided->status != 200) return FallBack(...);
//
// A function that wants to ask returns a Fetch in place of an answer, as it
// returns a Wait. The runtime asks without holding a worker, then runs the same
// request again with what came of it in `fetched`, whatever that is: a refusal
// and a time-out are answers too, and the function has to have one of its own.
//
// Before it fetches, a function has written nothing: a transaction whose body
// returns a Fetch is discarded. What it read may have changed when it is run
// again, so it reads again. One request asks at most kFetchesMax times, each
// time under another name; a Wait forgets what was fetched.
//
// Only public addresses are asked, at ports 80 and 443, and those that the
// operator allows (`alcove serve --fetch-allow`); redirects are answers and are
// not followed. A request is sent at most once; whether it arrived, who gets
// no answer does not know: send an id along, and let it bear repeating.
//
// Threads: plain values.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "functions/wire/limits.h"

namespace alcove::functions {

enum class FetchMethod { kGet, kPost, kPut, kDelete };

struct Fetch {
  using Headers = std::vector<std::pair<std::string, std::string>>;

  std::string name;  // by which the function finds the answer
  FetchMethod method = FetchMethod::kGet;
  std::string url;       // as url.h reads it
  Headers headers = {};  // beside Host, User-Agent, Content-Length and Connection, which are the runtime's
  std::string body = {};
  // From the Fetch to the whole answer, a wait for a free place included. At most kFetchMsMax.
  absl::Duration timeout = absl::Milliseconds(wire::kFetchMs);
  // Of the answer's body. At most kFetchBodyBytesMax.
  size_t answer_bytes_max = wire::kFetchBodyBytesMax;
};

enum class FetchResult {
  kAnswered,     // with whatever status
  kForbidden,    // the URL, a header, or an address that the host's name stands for: it was not asked
  kUnreachable,  // no such name, nobody there, or whose certificate is not good: it was not asked
  kBroken,       // what came was no answer, or ended in the middle
  kTimedOut,
  kTooLarge,
  kBusy,     // too many are asked already: it was not asked
  kStopped,  // the server is going down
};
// Short words for logs and metrics.
std::string_view NameOf(FetchResult result);

struct Fetched {
  std::string name;  // of the Fetch
  FetchResult result = FetchResult::kStopped;
  // The rest where it is kAnswered.
  int status = 0;
  Fetch::Headers headers = {};  // names in lower case
  std::string body = {};

  // The first of that name (in lower case), or "".
  std::string_view Header(std::string_view name_of_header) const;
};

// What a request, or a deferred call, has fetched so far.
class Fetches {
 public:
  // nullptr: it has not asked under that name.
  const Fetched* Find(std::string_view name) const;
  void Add(Fetched fetched) { fetched_.push_back(std::move(fetched)); }
  void Clear() { fetched_.clear(); }

  // Whether it may ask for this now. Otherwise its function has a mistake.
  bool Allow(const Fetch& fetch) const { return fetched_.size() < wire::kFetchesMax && Find(fetch.name) == nullptr; }

 private:
  std::vector<Fetched> fetched_;
};

}  // namespace alcove::functions
