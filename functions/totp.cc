#include "functions/totp.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "functions/secrets.h"
#include "functions/wire/limits.h"

namespace alcove::functions {
namespace {

// As long as SHA-1's digest, as RFC 4226 asks for; base 32 of it has no rest.
constexpr size_t kSecretBytes = 20;
// 48 bits: ten characters to write down.
constexpr size_t kRecoveryBytes = 6;

// People write blanks into codes, and read them out in capitals.
std::string Plain(std::string_view code) {
  std::string plain;
  for (const char c : code) {
    if (c != ' ' && c != '-') plain += absl::ascii_tolower(static_cast<unsigned char>(c));
  }
  return plain;
}

// The step of now or beside it whose code this is, if it is behind the last that was used.
std::optional<int64_t> StepOf(const TotpRecord& totp, const std::string& code, int64_t now_ms) {
  const std::string secret = DecodeBase32(totp.secret);
  const int64_t now = now_ms / wire::kTotpStepMs;
  for (int64_t step = now - wire::kTotpStepsBeside; step <= now + wire::kTotpStepsBeside; ++step) {
    if (step > totp.used_step && TotpCodeOf(secret, step) == code) return step;
  }
  return std::nullopt;
}

bool UseRecovery(TotpRecord& totp, const std::string& code) {
  return totp.confirmed && std::erase(totp.recovery, Sha256Hex(code)) > 0;
}

}  // namespace

std::string TotpCodeOf(std::string_view secret, int64_t step) {
  std::string counter(8, '\0');
  for (size_t i = 8; i-- > 0; step >>= 8) counter[i] = static_cast<char>(step & 0xff);
  const std::string digest = HmacSha1(secret, counter);
  const size_t offset = static_cast<unsigned char>(digest.back()) & 15;
  uint32_t number = 0;
  for (size_t i = 0; i < 4; ++i) number = (number << 8) | static_cast<unsigned char>(digest[offset + i]);
  return absl::StrFormat("%06d", (number & 0x7fffffff) % 1'000'000);
}

TotpRecord MakeTotp(Random& random) {
  TotpRecord totp;
  totp.secret = absl::AsciiStrToUpper(Base32(RandomBytes(random, kSecretBytes)));
  for (size_t i = 0; i < wire::kRecoveryCodes; ++i)
    totp.recovery.push_back(Base32(RandomBytes(random, kRecoveryBytes)));
  return totp;
}

std::string TotpUri(const TotpRecord& totp, std::string_view email) {
  std::string name;
  for (const char c : email) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain = absl::ascii_isalnum(byte) || c == '.' || c == '-' || c == '_' || c == '~' || c == '@';
    name += is_plain ? std::string(1, c) : absl::StrFormat("%%%02X", byte);
  }
  return absl::StrCat("otpauth://totp/Alcove:", name, "?secret=", totp.secret, "&issuer=Alcove");
}

TotpVerdict UseTotp(TotpRecord& totp, std::string_view code, int64_t now_ms) {
  if (now_ms < totp.locked_until) return TotpVerdict::kLocked;
  const std::string plain = Plain(code);
  const auto step = StepOf(totp, plain, now_ms);
  if (step || UseRecovery(totp, plain)) {
    totp.used_step = step.value_or(totp.used_step);
    totp.failures = 0;
    totp.locked_until = 0;
    return TotpVerdict::kRight;
  }
  if (++totp.failures >= wire::kTotpFailuresMax) totp.locked_until = now_ms + wire::kTotpLockMs;
  return TotpVerdict::kWrong;
}

void ConfirmTotp(TotpRecord& totp) {
  totp.confirmed = true;
  for (std::string& code : totp.recovery) code = Sha256Hex(code);
}

}  // namespace alcove::functions
