#include "functions/secrets.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"

namespace alcove::functions {
namespace {

constexpr std::string_view kBase32Digits = "abcdefghijklmnopqrstuvwxyz234567";

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

std::string Hmac(const EVP_MD* hash, std::string_view key, std::string_view bytes) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  HMAC(hash, key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(bytes.data()),
       bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), &size);
  digest.resize(size);
  return digest;
}

}  // namespace

std::string Sha256Hex(std::string_view bytes) {
  // SHA256() looks its method up by name each time, which costs several times the digest of a token.
  static const EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  auto* const out = reinterpret_cast<unsigned char*>(digest.data());
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  // Without it one token is as good as another.
  if (EVP_DigestInit_ex2(context.get(), method, nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), out, nullptr) != 1) {
    std::abort();
  }
  return absl::BytesToHexString(digest);
}

std::string HmacSha256(std::string_view key, std::string_view bytes) { return Hmac(EVP_sha256(), key, bytes); }

std::string HmacSha1(std::string_view key, std::string_view bytes) { return Hmac(EVP_sha1(), key, bytes); }

std::string Base64Url(std::string_view bytes) {
  std::string text = absl::WebSafeBase64Escape(View(bytes));
  text.resize(text.find_last_not_of('=') + 1);
  return text;
}

std::string Base32(std::string_view bytes) {
  std::string text;
  uint32_t bits = 0;
  int held = 0;
  for (const char byte : bytes) {
    bits = (bits << 8) | static_cast<unsigned char>(byte);
    for (held += 8; held >= 5; held -= 5) text += kBase32Digits[(bits >> (held - 5)) & 31];
    bits &= (uint32_t{1} << held) - 1;
  }
  if (held > 0) text += kBase32Digits[(bits << (5 - held)) & 31];
  return text;
}

std::string DecodeBase32(std::string_view text) {
  std::string bytes;
  uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const size_t digit = kBase32Digits.find(absl::ascii_tolower(static_cast<unsigned char>(c)));
    if (digit == std::string_view::npos) continue;
    bits = (bits << 5) | static_cast<uint32_t>(digit);
    held += 5;
    if (held < 8) continue;
    held -= 8;
    bytes += static_cast<char>((bits >> held) & 0xff);
    bits &= (uint32_t{1} << held) - 1;
  }
  return bytes;
}

std::string RandomBytes(Random& random, size_t count) {
  std::string bytes;
  bytes.reserve(count);
  while (bytes.size() < count) {
    uint64_t number = random.Next();
    for (int i = 0; i < 8 && bytes.size() < count; ++i, number >>= 8) bytes += static_cast<char>(number & 0xff);
  }
  return bytes;
}

std::string MakeToken(std::string_view prefix, Random& random) {
  return std::string(prefix) + Base64Url(RandomBytes(random, 32));
}

}  // namespace alcove::functions
