#include "runtime/outbound_guard.h"

namespace alcove::runtime {
namespace {

constexpr int kHttpPort = 80;
constexpr int kHttpsPort = 443;

// The registries of special addresses (RFC 6890 and those after it), in the order of their numbers.
constexpr std::string_view kSpecialIpv4 =
    "0.0.0.0/8,10.0.0.0/8,100.64.0.0/10,127.0.0.0/8,169.254.0.0/16,172.16.0.0/12,192.0.0.0/24,192.0.2.0/24,"
    "192.88.99.0/24,192.168.0.0/16,198.18.0.0/15,198.51.100.0/24,203.0.113.0/24,224.0.0.0/4,240.0.0.0/4";
// Of what is given out at all. 2001::/23 has Teredo in it and 2002::/16 is 6to4: both carry an IPv4 address.
constexpr std::string_view kGivenOutIpv6 = "2000::/3";
constexpr std::string_view kSpecialIpv6 = "2001::/23,2001:db8::/32,2002::/16,3fff::/20";

}  // namespace

bool IsPublicAddress(std::string_view address) {
  static const Networks special_ipv4 = *Networks::Parse(kSpecialIpv4);
  static const Networks given_out = *Networks::Parse(kGivenOutIpv6);
  static const Networks special_ipv6 = *Networks::Parse(kSpecialIpv6);
  if (!Networks::ParseAddress(address)) return false;
  if (address.find(':') == address.npos) return !special_ipv4.Contain(address);
  return given_out.Contain(address) && !special_ipv6.Contain(address);
}

bool OutboundGuard::Allows(std::string_view address, int port) const {
  if (allowed_.Contain(address)) return true;
  return IsPublicAddress(address) && (port == kHttpPort || port == kHttpsPort);
}

}  // namespace alcove::runtime
