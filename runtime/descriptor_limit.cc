#include "runtime/descriptor_limit.h"

#include <sys/resource.h>

#include <algorithm>

namespace alcove::runtime {
namespace {

// Where there is no limit, or none can be read. More than one machine serves.
constexpr size_t kDescriptorsMax = size_t{1} << 20;

}  // namespace

void RaiseDescriptorLimit() {
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)setrlimit(RLIMIT_NOFILE, &limit);
}

size_t DescriptorLimit() {
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return kDescriptorsMax;
  return static_cast<size_t>(std::min<rlim_t>(limit.rlim_cur, kDescriptorsMax));
}

size_t ConnectionsMax(size_t limit) { return limit - std::min(kReservedDescriptorsMax, limit / 4); }

}  // namespace alcove::runtime
