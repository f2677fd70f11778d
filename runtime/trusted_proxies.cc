#include "runtime/trusted_proxies.h"

#include "runtime/forwarded.h"
#include "store/status_macros.h"

namespace alcove::runtime {

absl::StatusOr<TrustedProxies> TrustedProxies::Parse(std::string_view list) {
  TrustedProxies proxies;
  ASSIGN_OR_RETURN(proxies.networks_, Networks::Parse(list));
  return proxies;
}

bool TrustedProxies::MayBeMany(std::string_view address) const {
  return address.empty() || address.starts_with("127.") || address == "::1" || Trusts(address);
}

std::string TrustedProxies::ClientOf(const std::string& peer, std::string_view forwarded_for,
                                     std::string_view forwarded) const {
  const bool plain = !forwarded_for.empty();
  std::string_view rest = plain ? forwarded_for : forwarded;
  std::string client = peer;
  while (Trusts(client) && !rest.empty()) {
    const std::string_view hop = plain ? TakeLastForwardedFor(rest) : TakeLastForwarded(rest);
    // A proxy that writes something else is no reason to believe what stands before.
    if (!Networks::ParseAddress(hop)) return client;
    client = hop;
  }
  return client;
}

}  // namespace alcove::runtime
