// What an HTTP API or a function URL hands to a function, and what it takes
// back: payload format 2.0 of AWS Lambda.
//
// [X] method, path, query, headers, body, base64      [ ] cookies: none are used here
// [X] a stage's name before the path                  [ ] format 1.0, load balancers
//
// Threads: free functions.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace alcove::runtime {

struct LambdaRequest {
  // The request as a client would have sent it, for a Framer to judge.
  std::string bytes;
  std::string client_address;
};

// INVALID_ARGUMENT, its message naming the field but nothing that stands in it.
absl::StatusOr<LambdaRequest> ParseLambdaEvent(std::string_view event);

// `answer` is a whole answer of ours, with a Content-Length.
std::string LambdaAnswer(std::string_view answer);

}  // namespace alcove::runtime
