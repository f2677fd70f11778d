// How far a text goes on without a character that JSON writes in another way:
// nearly all of it, so it is looked at eight bytes at once.
//
// Threads: a free function.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace alcove::wire {

// How many bytes there are before the first that is not ASCII, a control
// character, a quote or a backslash.
inline size_t PlainRun(std::string_view text) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  constexpr uint64_t kHighs = 0x8080808080808080;
  // The high bit of each byte that is below `bound`; of those above the first such byte it may be wrong.
  const auto below = [](uint64_t word, uint64_t bound) { return (word - kOnes * bound) & ~word & kHighs; };
  size_t at = 0;
  for (uint64_t word = 0; at + sizeof(word) <= text.size(); at += sizeof(word)) {
    std::memcpy(&word, text.data() + at, sizeof(word));
    const uint64_t quotes = word ^ (kOnes * '"');
    const uint64_t backslashes = word ^ (kOnes * '\\');
    const uint64_t found = (word & kHighs) | below(word, ' ') | below(quotes, 1) | below(backslashes, 1);
    if (found == 0) continue;
    if constexpr (std::endian::native != std::endian::little) break;
    return at + static_cast<size_t>(std::countr_zero(found)) / 8;
  }
  const auto is_plain = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= ' ' && byte < 0x80 && byte != '"' && byte != '\\';
  };
  while (at < text.size() && is_plain(text[at])) ++at;
  return at;
}

}  // namespace alcove::wire
