#include "runtime/networks.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "runtime/characters.h"

namespace alcove::runtime {
namespace {

constexpr int kMappedBits = 96;  // ::ffff:0:0/96 holds IPv4

bool SharesPrefix(const Networks::Bytes& a, const Networks::Bytes& b, int bits) {
  for (int i = 0; i < bits; ++i) {
    const auto byte = static_cast<size_t>(i / 8);
    if (((a[byte] ^ b[byte]) >> (7 - i % 8) & 1) != 0) return false;
  }
  return true;
}

}  // namespace

std::optional<Networks::Bytes> Networks::ParseAddress(std::string_view text) {
  const std::string copy(text);
  Bytes bytes = {};
  in_addr v4 = {};
  if (inet_pton(AF_INET, copy.c_str(), &v4) != 1) {
    if (inet_pton(AF_INET6, copy.c_str(), bytes.data()) != 1) return std::nullopt;
    return bytes;
  }
  bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  const auto* const from = reinterpret_cast<const uint8_t*>(&v4);
  std::copy(from, from + 4, bytes.begin() + 12);
  return bytes;
}

absl::StatusOr<Networks> Networks::Parse(std::string_view list) {
  Networks networks;
  const std::vector<std::string> items = absl::StrSplit(std::string(list), ',');
  for (const std::string& item : items) {
    const std::string_view text = Trimmed(item);
    const size_t slash = std::min(text.find('/'), text.size());
    const std::string_view address = text.substr(0, slash);
    const auto bytes = ParseAddress(address);
    const bool is_v4 = address.find(':') == address.npos;
    const int bits_max = is_v4 ? 32 : 128;
    int bits = bits_max;
    const bool good = slash == text.size() || absl::SimpleAtoi(std::string(text.substr(slash + 1)), &bits);
    if (!bytes || !good || bits < 0 || bits > bits_max) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", std::string(text), "\" is not a network, such as 10.0.0.0/8 or ::1"));
    }
    networks.networks_.push_back({*bytes, is_v4 ? bits + kMappedBits : bits});
  }
  return networks;
}

bool Networks::Contain(std::string_view address) const {
  const auto bytes = ParseAddress(address);
  return bytes && std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
           return SharesPrefix(*bytes, network.address, network.bits);
         });
}

}  // namespace alcove::runtime
