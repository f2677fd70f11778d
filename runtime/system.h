// The real clock and the real dice.
//
// Threads: all methods may be called from any thread.
#pragma once

#include <string>

#include "functions/context.h"

namespace alcove::runtime {

class SystemClock final : public functions::Clock {
 public:
  absl::Time Now() override;
};

// From the kernel's generator, which each thread asks for many at once. Aborts where that cannot be read: nothing is
// safe without it.
class SystemRandom final : public functions::Random {
 public:
  uint64_t Next() override;
};

// 32 hexadecimal digits.
std::string RandomName(functions::Random& random);

}  // namespace alcove::runtime
