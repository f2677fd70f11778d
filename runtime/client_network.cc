#include "runtime/client_network.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

namespace alcove::runtime {
namespace {

constexpr size_t kNetworkBytes = 8;

}  // namespace

std::string_view ClientNetwork(std::string_view address, std::array<char, 16>& bytes) {
  std::array<char, INET6_ADDRSTRLEN> text = {};
  if (address.size() >= text.size()) return address;
  std::copy(address.begin(), address.end(), text.begin());
  if (inet_pton(AF_INET, text.data(), bytes.data()) == 1) return {bytes.data(), sizeof(in_addr)};
  if (inet_pton(AF_INET6, text.data(), bytes.data()) != 1) return address;
  in6_addr v6;
  std::memcpy(&v6, bytes.data(), sizeof(v6));
  // An IPv4 client of a listener for both.
  if (IN6_IS_ADDR_V4MAPPED(&v6)) return {bytes.data() + sizeof(v6) - sizeof(in_addr), sizeof(in_addr)};
  return {bytes.data(), kNetworkBytes};
}

}  // namespace alcove::runtime
