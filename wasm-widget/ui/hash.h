// FNV-1a: names of controls and keys of the text cache. Not for anything that
// strangers choose in order to collide.
#pragma once

#include <cstdint>
#include <string_view>

namespace alcove::ui {

constexpr uint64_t kHashStart = 0xcbf29ce484222325u;

constexpr uint64_t HashBytes(std::string_view bytes, uint64_t hash = kHashStart) {
  for (const char c : bytes) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3u;
  return hash;
}

constexpr uint64_t HashNumber(uint64_t number, uint64_t hash) {
  for (int i = 0; i < 8; ++i, number >>= 8) hash = (hash ^ (number & 0xff)) * 0x100000001b3u;
  return hash;
}

}  // namespace alcove::ui
