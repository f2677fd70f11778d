// What every answer has in common, and answers that need no request.
//
// Threads: free functions.
#pragma once

#include <string>
#include <string_view>

#include "functions/function.h"
#include "functions/problem.h"

namespace alcove::runtime {

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
