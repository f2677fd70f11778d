#include "runtime/system.h"

#include <sys/random.h>

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace alcove::runtime {

absl::Time SystemClock::Now() { return absl::Now(); }

uint64_t SystemRandom::Next() {
  uint64_t number = 0;
  // Up to 256 bytes come whole and are never interrupted.
  if (getrandom(&number, sizeof(number), 0) != static_cast<ssize_t>(sizeof(number))) std::abort();
  return number;
}

std::string RandomName(functions::Random& random) {
  return absl::StrCat(absl::Hex(random.Next(), absl::kZeroPad16), absl::Hex(random.Next(), absl::kZeroPad16));
}

}  // namespace alcove::runtime
