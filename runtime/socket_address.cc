#include "runtime/socket_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace alcove::runtime {
namespace {

const sockaddr_in& V4(const sockaddr_storage& storage) { return reinterpret_cast<const sockaddr_in&>(storage); }
const sockaddr_in6& V6(const sockaddr_storage& storage) { return reinterpret_cast<const sockaddr_in6&>(storage); }

}  // namespace

absl::StatusOr<SocketAddress> SocketAddress::Parse(std::string_view text) {
  const absl::Status bad = absl::InvalidArgumentError(
      absl::StrCat("\"", std::string(text), "\" is not an address and a port, such as 127.0.0.1:8080 or [::1]:8080"));
  const size_t colon = text.rfind(':');
  int port = 0;
  if (colon == text.npos || !absl::SimpleAtoi(std::string(text.substr(colon + 1)), &port) || port < 0 || port > 65535) {
    return bad;
  }
  std::string host(text.substr(0, colon));
  sockaddr_storage storage = {};
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
    auto& address = reinterpret_cast<sockaddr_in6&>(storage);
    if (inet_pton(AF_INET6, host.c_str(), &address.sin6_addr) != 1) return bad;
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(static_cast<uint16_t>(port));
  } else {
    auto& address = reinterpret_cast<sockaddr_in&>(storage);
    if (inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) return bad;
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
  }
  return SocketAddress(storage);
}

socklen_t SocketAddress::size() const { return family() == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in); }

bool SocketAddress::IsLoopback() const {
  const std::string host = Host();
  return host == "::1" || host.rfind("127.", 0) == 0;
}

std::string SocketAddress::Host() const {
  std::array<char, INET6_ADDRSTRLEN> buffer = {};
  const void* const bytes = family() == AF_INET6 ? static_cast<const void*>(&V6(storage_).sin6_addr)
                                                 : static_cast<const void*>(&V4(storage_).sin_addr);
  if (inet_ntop(family(), bytes, buffer.data(), buffer.size()) == nullptr) return {};
  std::string host = buffer.data();
  constexpr std::string_view kMapped = "::ffff:";
  if (host.rfind(kMapped, 0) == 0 && host.find('.') != host.npos) host.erase(0, kMapped.size());
  return host;
}

int SocketAddress::Port() const { return ntohs(family() == AF_INET6 ? V6(storage_).sin6_port : V4(storage_).sin_port); }

std::string SocketAddress::Text() const {
  const std::string host = Host();
  return host.find(':') == host.npos ? absl::StrCat(host, ":", Port()) : absl::StrCat("[", host, "]:", Port());
}

}  // namespace alcove::runtime
