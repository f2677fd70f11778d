// A list of networks, as operators write it: `10.0.0.0/8,::1`.
//
// Threads: constant after Parse().
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace alcove::runtime {

class Networks {
 public:
  // All as IPv6, IPv4 mapped into it.
  using Bytes = std::array<uint8_t, 16>;

  // None.
  Networks() = default;

  // Networks and addresses, separated by commas. INVALID_ARGUMENT with a
  // sentence for whoever typed it.
  static absl::StatusOr<Networks> Parse(std::string_view list);

  // False where `address` is none. An IPv4 address that is written as an IPv6 one is the same address.
  bool Contain(std::string_view address) const;

  // nullopt where `text` is no address.
  static std::optional<Bytes> ParseAddress(std::string_view text);

 private:
  struct Network {
    Bytes address;
    int bits;
  };

  std::vector<Network> networks_;
};

}  // namespace alcove::runtime
