// The first line of a request, strictly: METHOD SP origin-form SP HTTP/1.x.
//
// Threads: pure functions.
#pragma once

#include <string_view>

namespace alcove::runtime {

struct RequestLine {
  std::string_view method;
  std::string_view target;
  int minor_version = 1;
};

// Parses a line without its CRLF into `parsed`, whose views point into `line`.
// Returns 0, or the HTTP status that refuses the request:
//   400  not exactly this form; a target that is not origin-form (`*`); a character that URIs do not have; a broken
//        percent escape or, in the path, one of a control character or a slash
//   421  what a proxy is asked: CONNECT, or a target in absolute-form
//   501  a well-formed method that HTTP does not know
//   505  another version of HTTP
int ParseRequestLine(std::string_view line, RequestLine& parsed);

}  // namespace alcove::runtime
