#include "runtime/descriptor_limit.h"

#include <sys/resource.h>

#include <algorithm>

#include "functions/wire/limits.h"

namespace alcove::runtime {

void RaiseDescriptorLimit() {
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)setrlimit(RLIMIT_NOFILE, &limit);
}

size_t DescriptorLimit() {
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return wire::kDescriptorsMax;
  return static_cast<size_t>(std::min<rlim_t>(limit.rlim_cur, wire::kDescriptorsMax));
}

size_t ConnectionsMax(size_t limit) { return limit - std::min(wire::kReservedDescriptorsMax, limit / 4); }

size_t AddressConnectionsMax(size_t limit) {
  return std::clamp<size_t>(ConnectionsMax(limit) / 4, 1, wire::kAddressConnectionsMax);
}

}  // namespace alcove::runtime
