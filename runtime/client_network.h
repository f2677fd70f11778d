// Who stands behind an address, as far as limits go: an IPv4 address, or an
// IPv6 /64 network, which whoever has one address of it has whole.
//
// Threads: pure function.
#pragma once

#include <array>
#include <string_view>

namespace alcove::runtime {

// The bytes of it: in `bytes`, or, where the text is no address, the text itself. Nothing is allocated.
std::string_view ClientNetwork(std::string_view address, std::array<char, 16>& bytes);

}  // namespace alcove::runtime
