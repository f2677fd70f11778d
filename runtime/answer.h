// What every answer has in common, how it looks on the wire, and answers that need no request.
//
// Threads: free functions.
#pragma once

#include <string>
#include <string_view>

#include "functions/function.h"
#include "functions/problem.h"

namespace alcove::runtime {

enum class Persistence { kKeep, kClose };

// kLengthAlone: that of HEAD.
enum class Body { kWhole, kLengthAlone };

// The bytes of an answer, which says `Connection: close` where that is so. A header with a line end in its name or
// value is left out.
std::string AnswerBytes(const functions::Response& response, Body body, Persistence persistence);

// Adds Date, X-Request-Id, X-Content-Type-Options and, where the function said
// nothing about caching, `Cache-Control: no-store`.
void AddCommonHeaders(std::string_view request_id, functions::Response& response);

// The client's id if it is 1 to 64 letters, digits, `.`, `_` or `-`; else a new one.
std::string RequestIdFor(std::string_view wished);

// A whole answer to a request that was never understood: a problem document
// and `Connection: close`. Of several problems with one status, the first.
std::string RefusalBytes(int status);
std::string RefusalBytes(functions::ProblemCode problem);

}  // namespace alcove::runtime
