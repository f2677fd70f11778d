// One question over HTTP/1.1 on a connection that is there: the client of
// cpp-httplib writes it and reads the answer, from bytes that are bounded in
// time and number (outbound_socket.h). It never owns a socket, looks up a name,
// follows a redirect or unpacks a body.
//
// Threads: free functions; a socket belongs to one at a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "functions/fetch.h"
#include "runtime/outbound_socket.h"

namespace alcove::runtime {

struct OutboundRequest {
  std::string method;
  std::string host_header = {};
  std::string target = {};
  functions::Fetch::Headers headers = {};
  std::string body = {};
  size_t answer_bytes_max = 0;
};

struct OutboundAnswer {
  int status = 0;
  functions::Fetch::Headers headers;  // names in lower case
  std::string body;
  // Whether the connection may be used again, where it is still fresh then.
  bool keeps = false;
};

// The answer, or why there is none. REQUIRES: socket.Begin() with kFetchHeadBytesMax, or as much as heads may have.
std::variant<OutboundAnswer, functions::FetchResult> AskOverHttp(OutboundSocket& socket, OutboundRequest request);

// Whether a function may set such a header: none that frames the message or
// names the host, and no byte that could begin another.
bool IsHeader(std::string_view name, std::string_view value);

}  // namespace alcove::runtime
