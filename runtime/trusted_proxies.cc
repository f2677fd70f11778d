#include "runtime/trusted_proxies.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "runtime/characters.h"
#include "runtime/forwarded.h"

namespace alcove::runtime {
namespace {

constexpr int kMappedBits = 96;  // ::ffff:0:0/96 holds IPv4

bool SharesPrefix(const std::array<uint8_t, 16>& a, const std::array<uint8_t, 16>& b, int bits) {
  for (int i = 0; i < bits; ++i) {
    const auto byte = static_cast<size_t>(i / 8);
    if (((a[byte] ^ b[byte]) >> (7 - i % 8) & 1) != 0) return false;
  }
  return true;
}

}  // namespace

bool TrustedProxies::ParseAddress(std::string_view text, Bytes& bytes, bool& is_v4) {
  const std::string copy(text);
  in_addr v4 = {};
  is_v4 = inet_pton(AF_INET, copy.c_str(), &v4) == 1;
  if (!is_v4) return inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1;
  bytes = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  const auto* const from = reinterpret_cast<const uint8_t*>(&v4);
  std::copy(from, from + 4, bytes.begin() + 12);
  return true;
}

absl::StatusOr<TrustedProxies> TrustedProxies::Parse(std::string_view list) {
  TrustedProxies proxies;
  const std::vector<std::string> items = absl::StrSplit(std::string(list), ',');
  for (const std::string& item : items) {
    const std::string_view text = Trimmed(item);
    const size_t slash = std::min(text.find('/'), text.size());
    Network network = {};
    bool is_v4 = false;
    bool good = ParseAddress(text.substr(0, slash), network.address, is_v4);
    const int bits_max = is_v4 ? 32 : 128;
    network.bits = bits_max;
    if (slash < text.size()) {
      good = good && absl::SimpleAtoi(std::string(text.substr(slash + 1)), &network.bits);
    }
    if (!good || network.bits < 0 || network.bits > bits_max) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", std::string(text), "\" is not a network, such as 10.0.0.0/8 or ::1"));
    }
    if (is_v4) network.bits += kMappedBits;
    proxies.networks_.push_back(network);
  }
  return proxies;
}

bool TrustedProxies::Trusts(std::string_view address) const {
  Bytes bytes = {};
  bool is_v4 = false;
  if (!ParseAddress(address, bytes, is_v4)) return false;
  return std::any_of(networks_.begin(), networks_.end(),
                     [&](const Network& network) { return SharesPrefix(bytes, network.address, network.bits); });
}

std::string TrustedProxies::ClientOf(const std::string& peer, std::string_view forwarded_for,
                                     std::string_view forwarded) const {
  const bool plain = !forwarded_for.empty();
  std::string_view rest = plain ? forwarded_for : forwarded;
  std::string client = peer;
  while (Trusts(client) && !rest.empty()) {
    const std::string_view hop = plain ? TakeLastForwardedFor(rest) : TakeLastForwarded(rest);
    Bytes bytes = {};
    bool is_v4 = false;
    // A proxy that writes something else is no reason to believe what stands before.
    if (!ParseAddress(hop, bytes, is_v4)) return client;
    client = hop;
  }
  return client;
}

}  // namespace alcove::runtime
