#include "runtime/forwarded.h"

#include <cstddef>

#include "runtime/characters.h"

namespace alcove::runtime {
namespace {

// Cuts `list` at its last `separator` that stands in no quotes, and returns what is behind it. An escaped quote counts
// as a quote: what then comes out is no address, and is not believed.
std::string_view TakeLast(std::string_view& list, char separator) {
  bool quoted = false;
  for (size_t i = list.size(); i > 0; --i) {
    if (list[i - 1] == '"') quoted = !quoted;
    if (quoted || list[i - 1] != separator) continue;
    const std::string_view last = list.substr(i);
    list = list.substr(0, i - 1);
    return Trimmed(last);
  }
  const std::string_view all = list;
  list = {};
  return Trimmed(all);
}

// `1.2.3.4`, `1.2.3.4:80`, `::1`, `[::1]` and `[::1]:80`.
std::string_view AddressOf(std::string_view node) {
  const size_t bracket = node.find(']');
  if (node.starts_with('[') && bracket != node.npos) return node.substr(1, bracket - 1);
  const size_t colon = node.find(':');
  return colon == node.rfind(':') ? node.substr(0, colon) : node;
}

std::string_view Unquoted(std::string_view value) {
  const bool quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
  return quoted ? value.substr(1, value.size() - 2) : value;
}

}  // namespace

std::string_view TakeLastForwardedFor(std::string_view& list) {
  const size_t comma = list.rfind(',');
  const bool is_only = comma == list.npos;
  const std::string_view last = Trimmed(is_only ? list : list.substr(comma + 1));
  list = is_only ? std::string_view() : list.substr(0, comma);
  return AddressOf(last);
}

std::string_view TakeLastForwarded(std::string_view& list) {
  std::string_view element = TakeLast(list, ',');
  std::string_view address;
  while (!element.empty()) {
    const std::string_view pair = TakeLast(element, ';');
    const size_t equals = pair.find('=');
    if (equals == pair.npos || !EqualsIgnoringCase(pair.substr(0, equals), "for")) continue;
    if (!address.empty()) return {};
    address = AddressOf(Unquoted(pair.substr(equals + 1)));
  }
  return address;
}

}  // namespace alcove::runtime
