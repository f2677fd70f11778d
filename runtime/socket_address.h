// `127.0.0.1:8080` or `[::1]:8080`: where to listen. Names are not resolved.
#pragma once

#include <sys/socket.h>

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace alcove::runtime {

class SocketAddress {
 public:
  // INVALID_ARGUMENT with a sentence for whoever typed it.
  static absl::StatusOr<SocketAddress> Parse(std::string_view text);
  // REQUIRES: `storage` holds an IPv4 or IPv6 address.
  explicit SocketAddress(const sockaddr_storage& storage) : storage_(storage) {}

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  socklen_t size() const;
  int family() const { return storage_.ss_family; }

  // Only this machine can reach it.
  bool IsLoopback() const;
  // Without port and brackets; an IPv4 address within IPv6 is written as IPv4.
  std::string Host() const;
  int Port() const;
  // As Parse() takes it.
  std::string Text() const;

 private:
  sockaddr_storage storage_ = {};
};

}  // namespace alcove::runtime
