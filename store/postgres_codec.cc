#include "store/postgres_codec.h"

namespace alcove::store::postgres {

SplitKey Split(std::string_view key) {
  const size_t slash = key.find('/');
  if (slash == key.npos) return {key, {}};
  return {key.substr(0, slash + 1), key.substr(slash + 1)};
}

std::string EncodeNumber(int64_t number) {
  std::string bytes(8, '\0');
  auto rest = static_cast<uint64_t>(number);
  for (size_t i = bytes.size(); i-- > 0; rest >>= 8) bytes[i] = static_cast<char>(rest & 0xff);
  return bytes;
}

int64_t DecodeNumber(std::string_view bytes) {
  uint64_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
  return static_cast<int64_t>(number);
}

}  // namespace alcove::store::postgres
