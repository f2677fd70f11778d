// Characters as HTTP classes them, without the locale of <cctype>.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace alcove::runtime {

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsUpperLetter(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool IsLetter(char c) { return IsUpperLetter(c) || (c >= 'a' && c <= 'z'); }
constexpr bool IsControl(unsigned char c) { return c < 0x20 || c == 0x7f; }

// 0 to 15, or -1.
constexpr int HexValue(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Letters, digits and some other characters, of which the heads of requests are made; to be looked up, as there are
// hundreds in each.
class CharacterSet {
 public:
  constexpr explicit CharacterSet(std::string_view others) {
    for (size_t c = 0; c < has_.size(); ++c) has_[c] = IsDigit(static_cast<char>(c)) || IsLetter(static_cast<char>(c));
    for (const char c : others) has_[static_cast<unsigned char>(c)] = true;
  }
  constexpr bool Has(char c) const { return has_[static_cast<unsigned char>(c)]; }
  constexpr bool HasAll(std::string_view text) const {
    for (const char c : text) {
      if (!Has(c)) return false;
    }
    return true;
  }

 private:
  std::array<bool, 256> has_ = {};
};

// RFC 9110: token characters, of which header names are made.
inline constexpr CharacterSet kTokenCharacters("!#$%&'*+-.^_`|~");

constexpr char ToLower(char c) { return IsUpperLetter(c) ? static_cast<char>(c - 'A' + 'a') : c; }

inline std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = ToLower(c);
  return lower;
}

constexpr bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (ToLower(a[i]) != ToLower(b[i])) return false;
  }
  return true;
}

// Without spaces and tabs at both ends.
constexpr std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace alcove::runtime
