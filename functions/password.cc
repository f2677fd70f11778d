#include "functions/password.h"

#include <argon2.h>

#include <array>

#include "functions/secrets.h"

namespace alcove::functions {
namespace {

constexpr size_t kSaltBytes = 16;
constexpr size_t kHashBytes = 32;

// Of nothing that anybody knows; the parameters above.
constexpr char kNobodysHash[] =
    "$argon2id$v=19$m=19456,t=2,p=1$YWxjb3ZlLW5vYm9keXM$RkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkZGRkY";

}  // namespace

std::string HashPassword(std::string_view password, Random& random) {
  const std::string salt = RandomBytes(random, kSaltBytes);
  std::array<char, 256> encoded{};
  const int result =
      argon2id_hash_encoded(kPasswordPasses, kPasswordMemoryKiB, kPasswordLanes, password.data(), password.size(),
                            salt.data(), salt.size(), kHashBytes, encoded.data(), encoded.size());
  return result == ARGON2_OK ? std::string(encoded.data()) : std::string();
}

bool VerifyPassword(std::string_view password, const std::string& hash) {
  const char* against = hash.empty() ? kNobodysHash : hash.c_str();
  return argon2id_verify(against, password.data(), password.size()) == ARGON2_OK && !hash.empty();
}

}  // namespace alcove::functions
