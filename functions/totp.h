// The second factor of agents: RFC 6238 with SHA-1, six digits and steps of
// 30 s, as every authenticator has it.
//
// Threads: free functions without state.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "functions/admin_records.h"
#include "functions/context.h"

namespace alcove::functions {

// The code of a step, of a secret in bytes.
std::string TotpCodeOf(std::string_view secret, int64_t step);

// A new second factor that waits to be confirmed: its secret and recovery codes.
TotpRecord MakeTotp(Random& random);

// `otpauth://totp/...`: what a QR code for an authenticator holds.
std::string TotpUri(const TotpRecord& totp, std::string_view email);

enum class TotpVerdict {
  kRight,
  kWrong,   // or used before
  kLocked,  // too many were wrong: not even looked at before locked_until
};

// Whether the code is one of now, or a recovery code, and what of the record
// changes by that: right or wrong, it is to be kept. A code is good once.
TotpVerdict UseTotp(TotpRecord& totp, std::string_view code, int64_t now_ms);

// What is kept once the first code was right: of the recovery codes only what they hash to.
void ConfirmTotp(TotpRecord& totp);

}  // namespace alcove::functions
