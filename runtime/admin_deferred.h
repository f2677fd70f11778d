// What `alcove admin deferred` asks and is answered, in lines: by the store
// itself, or over the admin socket of the server that has it.
//
//   deferred            a line of JSON for each call (as DeferredLine), and the end
//   deferred retry ID   the end
//   deferred drop ID    the end
//
// The end is `{}`, or `{"error":...}` with a sentence for whoever asked.
//
// Threads: free functions.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "functions/json_codec.h"
#include "runtime/descriptor.h"
#include "store/store.h"

namespace alcove::runtime {

struct DeferredLine {
  std::optional<std::string> state;  // as functions::ListedCall; without one it is the end
  std::optional<std::string> id;
  std::optional<std::string> function;
  std::optional<std::string> key;
  std::optional<wire::RawJson> arguments;
  std::optional<int64_t> due_at;
  std::optional<int64_t> run_at;  // of a dead letter: when it died
  std::optional<int64_t> attempts;
  std::optional<std::string> reason;
  std::optional<std::string> error;
};
template <class V>
void Describe(V& visit, DeferredLine& line) {
  visit("state", line.state);
  visit("id", line.id);
  visit("function", line.function);
  visit("key", line.key);
  visit("arguments", line.arguments);
  visit("due_at", line.due_at);
  visit("run_at", line.run_at);
  visit("attempts", line.attempts);
  visit("reason", line.reason);
  visit("error", line.error);
}

using TakeLine = std::function<absl::Status(const DeferredLine&)>;

// Whether a line on the socket is one of the above.
bool AsksForDeferred(std::string_view request);

// Answers it, the end included, until `take` wants no more.
void AnswerDeferred(store::Store& store, std::string_view request, int64_t now_ms, const TakeLine& take);

// Reads what a server answers, the end included. UNAVAILABLE: it went away before the end.
absl::Status ReadDeferred(const Descriptor& asked, const TakeLine& take);

}  // namespace alcove::runtime
