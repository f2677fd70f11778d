// Passwords of agents: Argon2id.
//
// Threads: free functions without state. Each call takes about 25 ms of one
// core and kPasswordMemoryKiB for that long: call them outside of transactions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "functions/context.h"

namespace alcove::functions {

// OWASP's first choice for Argon2id. At half the memory a graphics card guesses
// about twice as fast; at double, 16 sign-ins at once take 600 MB.
inline constexpr uint32_t kPasswordMemoryKiB = 19 * 1024;
inline constexpr uint32_t kPasswordPasses = 2;
inline constexpr uint32_t kPasswordLanes = 1;

// The hash with its salt and parameters, as `$argon2id$v=19$...`. Empty where
// there is no memory for it.
std::string HashPassword(std::string_view password, Random& random);

// Whether `password` is the one of `hash`. An empty hash answers false after the
// same work, so that time does not tell which addresses are known.
bool VerifyPassword(std::string_view password, const std::string& hash);

}  // namespace alcove::functions
