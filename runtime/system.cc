#include "runtime/system.h"

#include <sys/random.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace alcove::runtime {

absl::Time SystemClock::Now() { return absl::Now(); }

uint64_t SystemRandom::Next() {
  // Up to 256 bytes come whole and are never interrupted.
  thread_local std::array<uint64_t, 256 / sizeof(uint64_t)> numbers;
  thread_local size_t left = 0;
  if (left == 0) {
    if (getrandom(numbers.data(), sizeof(numbers), 0) != static_cast<ssize_t>(sizeof(numbers))) std::abort();
    left = numbers.size();
  }
  // Nobody who reads our memory later finds what was given out.
  return std::exchange(numbers[--left], 0);
}

std::string RandomName(functions::Random& random) {
  return absl::StrCat(absl::Hex(random.Next(), absl::kZeroPad16), absl::Hex(random.Next(), absl::kZeroPad16));
}

}  // namespace alcove::runtime
