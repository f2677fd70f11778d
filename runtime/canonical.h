// The request as cpp-httplib is allowed to see it: rebuilt from what the
// framer understood, never the client's bytes.
//
// cpp-httplib decodes percent signs in header values before it uses them
// (`Content-Length: %35` is 5), trusts a client's REMOTE_ADDR, compresses
// answers that mix secrets with a stranger's text, and answers Range. So only
// the headers that functions read are carried, with `%` written as `%25`, and
// the length is computed here. This is also all that a parked request keeps.
//
// Threads: one object belongs to one connection.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "runtime/header_rules.h"
#include "runtime/request_line.h"

namespace alcove::runtime {

class CanonicalRequest {
 public:
  // Returns 0, or 414 where its line, escaped, is longer than cpp-httplib takes.
  int Start(const RequestLine& line);

  // Carries the header if functions read it. Returns 0, or 431 where its line,
  // escaped, is longer than cpp-httplib takes.
  int Add(const Header& header);

  // Its line and the headers so far.
  std::string_view head() const { return head_; }
  std::string& body() { return body_; }
  const std::string& body() const { return body_; }
  size_t bytes() const { return head_.size() + forwarded_for_.size() + forwarded_.size() + body_.size(); }

  // The whole request; the object is as new afterwards. The body of GET and
  // HEAD, which means nothing, was framed and is not carried: such requests are
  // parked, and it would be kept with them.
  std::string Finish();

 private:
  std::string head_;
  // All X-Forwarded-For lines as one, and all Forwarded: each proxy may add its
  // own, and only the last of them is ours.
  std::string forwarded_for_;
  std::string forwarded_;
  std::string body_;
  bool drops_body_ = false;
};

// Of what Finish() returned: its first line, each header as it came, in order, and the body.
std::string_view LineOfCanonical(std::string_view request);
void ForEachHeaderOfCanonical(std::string_view request,
                              absl::FunctionRef<void(std::string_view name, std::string value)> take);
std::string_view BodyOfCanonical(std::string_view request);

}  // namespace alcove::runtime
