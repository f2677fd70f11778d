// What the headers of a request say about its framing, and the refusal of
// every header that two parsers could read differently.
//
// Threads: one object belongs to one connection.
#pragma once

#include <cstdint>
#include <string_view>

namespace alcove::runtime {

struct Header {
  std::string_view name;
  std::string_view value;  // trimmed
};

// Splits a header line without its CRLF; views point into `line`. Returns 0 or
// 400: no colon, a name that is not a token (a space before the colon), a
// folded line.
int ParseHeaderLine(std::string_view line, Header& parsed);

class HeaderRules {
 public:
  // Notes one header. Returns 0, or the status that refuses the request:
  //   400  a second Host, Authorization, Content-Length or Transfer-Encoding; a Content-Length that is not digits; a
  //        Host that cannot be one
  //   413  a Content-Length above `body_bytes_max`
  //   415  a Content-Encoding: a body comes as it is
  //   417  an Expect other than 100-continue
  //   501  a Transfer-Encoding other than exactly `chunked`
  int Add(const Header& header, uint64_t body_bytes_max);

  // At the end of the head. Returns 0, or 400: HTTP/1.1 without Host, both
  // ways of framing a body, a chunked body in HTTP/1.0.
  int Finish(int minor_version);

  bool chunked() const { return chunked_; }
  bool has_content_length() const { return has_content_length_; }
  uint64_t content_length() const { return content_length_; }
  bool expects_continue() const { return expects_continue_; }
  // HTTP/1.0 never keeps: cpp-httplib does not send the `keep-alive` that such a client needs to see.
  bool keep_alive() const { return keep_alive_; }

 private:
  int AddContentLength(std::string_view value, uint64_t body_bytes_max);

  uint64_t content_length_ = 0;
  bool has_content_length_ = false;
  bool chunked_ = false;
  bool has_host_ = false;
  bool has_authorization_ = false;
  bool expects_continue_ = false;
  bool keep_alive_ = true;
};

}  // namespace alcove::runtime
