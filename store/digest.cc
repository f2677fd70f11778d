#include "store/digest.h"

#include <openssl/evp.h>

#include <cstdlib>

namespace alcove::store {
namespace {

template <class Number>
std::string Bytes(Number number) {
  std::string bytes;
  for (size_t i = 0; i < sizeof(number); ++i) bytes += static_cast<char>((number >> (8 * i)) & 0xff);
  return bytes;
}

// OpenSSL fails here only without memory.
void Check(int result) {
  if (result != 1) std::abort();
}

}  // namespace

struct Digest::State {
  State() : context(EVP_MD_CTX_new()) { Check(context == nullptr ? 0 : 1); }
  ~State() { EVP_MD_CTX_free(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  EVP_MD_CTX* const context;
};

Digest::Digest() : state_(std::make_unique<State>()) {
  Check(EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr));
}
Digest::~Digest() = default;
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;

void Digest::Add(std::string_view bytes) { Check(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size())); }

std::string Digest::Raw() const {
  State copy;
  Check(EVP_MD_CTX_copy_ex(copy.context, state_->context));
  unsigned char raw[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  Check(EVP_DigestFinal_ex(copy.context, raw, &size));
  return {reinterpret_cast<const char*>(raw), size};
}

std::string Digest::Hex() const {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const char byte : Raw()) {
    hex += kDigits[(static_cast<unsigned char>(byte) >> 4) & 15];
    hex += kDigits[static_cast<unsigned char>(byte) & 15];
  }
  return hex;
}

std::string Bytes16(uint16_t number) { return Bytes(number); }
std::string Bytes32(uint32_t number) { return Bytes(number); }
std::string Bytes64(uint64_t number) { return Bytes(number); }

uint64_t NumberOf(std::string_view bytes) {
  uint64_t number = 0;
  for (size_t i = bytes.size(); i-- > 0;) number = (number << 8) | static_cast<unsigned char>(bytes[i]);
  return number;
}

}  // namespace alcove::store
