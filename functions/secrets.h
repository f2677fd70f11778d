// Tokens, digests and derived passwords.
//
// Threads: free functions without state.
#pragma once

#include <string>
#include <string_view>

#include "functions/context.h"

namespace alcove::functions {

// Lower-case hex.
std::string Sha256Hex(std::string_view bytes);

// 32 raw bytes.
std::string HmacSha256(std::string_view key, std::string_view bytes);

// 20 raw bytes. For codes of authenticators (totp.h), which know no other; not for anything new.
std::string HmacSha1(std::string_view key, std::string_view bytes);

// RFC 4648 section 5, without padding.
std::string Base64Url(std::string_view bytes);
// RFC 4648 section 6 in lower case, without padding: can be read out aloud.
std::string Base32(std::string_view bytes);
// Back from it, of either case; bits that fill no byte are dropped. What is no digit is skipped.
std::string DecodeBase32(std::string_view text);

// `count` random bytes.
std::string RandomBytes(Random& random, size_t count);

// A bearer token: the prefix and 256 random bits. Only its Sha256Hex() is stored.
inline constexpr std::string_view kCustomerTokenPrefix = "ct_";
inline constexpr std::string_view kAgentTokenPrefix = "at_";
inline constexpr std::string_view kKeyTokenPrefix = "ak_";
std::string MakeToken(std::string_view prefix, Random& random);

// A new id of this moment.
template <class Id>
Id MakeId(Context& context) {
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
  const auto high = static_cast<uint16_t>(context.random.Next());
  return Id::Make(now_ms, high, context.random.Next());
}

}  // namespace alcove::functions
