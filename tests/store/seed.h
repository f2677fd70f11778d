// One seed for every random choice of a test: ALCOVE_SEED, or random.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>

namespace alcove::store {

inline uint64_t Seed() {
  static const uint64_t seed = [] {
    const char* given = std::getenv("ALCOVE_SEED");
    return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
  }();
  return seed;
}

// For SCOPED_TRACE: how to see the same failure again.
inline std::string Replay() { return "replay with ALCOVE_SEED=" + std::to_string(Seed()); }

}  // namespace alcove::store
