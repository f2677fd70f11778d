// Which addresses a function may have asked: who writes a URL must not reach,
// through this machine, what only this machine can reach.
//
// Threads: constant.
#pragma once

#include <string_view>
#include <utility>

#include "runtime/networks.h"

namespace alcove::runtime {

class OutboundGuard {
 public:
  // `allowed` is asked at any port, whatever it is.
  explicit OutboundGuard(Networks allowed) : allowed_(std::move(allowed)) {}

  // What is public is asked at 80 and 443 only: no mail is sent and no database
  // spoken to by a request that looks like one.
  bool Allows(std::string_view address, int port) const;

 private:
  const Networks allowed_;
};

// Whether anybody on the internet reaches the same host by it: not this
// machine, its networks, the metadata of its cloud, many at once, examples,
// tunnels, nor IPv4 that is written as IPv6.
bool IsPublicAddress(std::string_view address);

}  // namespace alcove::runtime
