// Whose X-Forwarded-For and Forwarded are believed.
//
// Threads: constant after Parse().
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "runtime/networks.h"

namespace alcove::runtime {

class TrustedProxies {
 public:
  // Nobody.
  TrustedProxies() = default;

  // `10.0.0.0/8,::1`: networks, separated by commas. INVALID_ARGUMENT with a
  // sentence for whoever typed it.
  static absl::StatusOr<TrustedProxies> Parse(std::string_view list);

  bool Trusts(std::string_view address) const { return networks_.Contain(address); }
  // Whether many clients may come from it. A proxy on this machine is a proxy whether it is believed or not; "" is
  // where nobody knows.
  bool MayBeMany(std::string_view address) const;

  // The client behind `peer`: the right-most address of `forwarded_for`
  // (X-Forwarded-For) that is no proxy of ours; where that is empty, of
  // `forwarded` (Forwarded). What stands left of it anybody may have written. Of
  // the two one is read, never both: a proxy adds to one of them, and what it
  // lets through in the other is the client's own.
  std::string ClientOf(const std::string& peer, std::string_view forwarded_for, std::string_view forwarded) const;

 private:
  Networks networks_;
};

}  // namespace alcove::runtime
