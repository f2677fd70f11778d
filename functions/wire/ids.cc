#include "functions/wire/ids.h"

#include "functions/wire/limits.h"

namespace alcove::wire {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr size_t kUlidLength = 26;

}  // namespace

bool IsUlid(std::string_view text) {
  return text.size() == kUlidLength && text.find_first_not_of(kAlphabet) == std::string_view::npos;
}

std::string MakeUlid(int64_t milliseconds, uint16_t random_high, uint64_t random_low) {
  std::string text(kUlidLength, '0');
  uint64_t time = static_cast<uint64_t>(milliseconds);
  for (size_t i = 10; i-- > 0; time >>= 5) text[i] = kAlphabet[time & 31];
  // 80 bits are 16 characters: the low 64 bits give 12 and 4 bits over.
  uint64_t low = random_low;
  for (size_t i = kUlidLength; i-- > 14; low >>= 5) text[i] = kAlphabet[low & 31];
  uint64_t high = (static_cast<uint64_t>(random_high) << 4) | low;
  for (size_t i = 14; i-- > 10; high >>= 5) text[i] = kAlphabet[high & 31];
  return text;
}

bool IsPrefixedUlid(std::string_view prefix, std::string_view text) {
  return text.substr(0, prefix.size()) == prefix && IsUlid(text.substr(prefix.size()));
}

bool IsShortcut(std::string_view text) {
  if (text.empty() || text.size() > kShortcutBytesMax) return false;
  for (const char c : text) {
    const bool ok = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
    if (!ok) return false;
  }
  return true;
}

bool IsSiteId(std::string_view text) {
  if (text.substr(0, SiteKind::kPrefix.size()) != SiteKind::kPrefix) return false;
  const std::string_view name = text.substr(SiteKind::kPrefix.size());
  if (name.empty() || name.size() > kSiteNameLengthMax) return false;
  for (const char c : name) {
    const bool ok = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
    if (!ok) return false;
  }
  return true;
}

}  // namespace alcove::wire
