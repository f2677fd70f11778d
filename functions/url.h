// The address of another server, read strictly: what two programs could read
// differently is refused.
//
// Threads: free functions.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace alcove::functions {

enum class Scheme { kHttp, kHttps };

struct Url {
  Scheme scheme = Scheme::kHttps;
  std::string host;  // lower case: a name, an IPv4 address, or an IPv6 address without its brackets
  int port = 443;
  std::string target = "/";  // path and query, as they are sent

  // As the header Host has it.
  std::string HostHeader() const;
  bool IsAddress() const;
};

// `https://host[:port][/path][?query]`, or http. Everything is visible ASCII; a name of another script comes as its
// `xn--` form.
//
// INVALID_ARGUMENT, with a part of a sentence that says what is wrong and
// repeats nothing of the text: another scheme; a user or password; a fragment;
// a backslash; a host that is neither a name nor an address in its usual form
// (`127.1`, `0x7f000001`); more than kPageUrlBytesMax bytes.
absl::StatusOr<Url> ParseUrl(std::string_view text);

}  // namespace alcove::functions
