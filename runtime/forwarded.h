// What proxies say about whom they forward for: X-Forwarded-For, and Forwarded
// (RFC 7239). Both are lists to which each proxy adds at the end, so both are
// read from there: whatever a client wrote in front, an unclosed quote too,
// cannot change what our own proxy wrote behind it.
//
// Threads: pure functions.
#pragma once

#include <string_view>

namespace alcove::runtime {

// Takes the last element off a list of X-Forwarded-For and returns the address
// in it, without port and brackets. What is no such element comes back as some
// text that is no address.
std::string_view TakeLastForwardedFor(std::string_view& list);

// As above for a list of Forwarded: the address in the element's `for`. Empty
// where it has none, or two.
std::string_view TakeLastForwarded(std::string_view& list);

}  // namespace alcove::runtime
