#include "functions/wire/placeholders.h"

#include <algorithm>

#include "functions/wire/limits.h"

namespace alcove::wire {
namespace {

bool IsPlaceholder(std::string_view name) {
  if (name == "agent.name" || name == "site.name") return true;
  for (const std::string_view owner : {"customer.", "conversation."}) {
    if (name.substr(0, owner.size()) == owner) return IsAttributeName(name.substr(owner.size()));
  }
  return false;
}

}  // namespace

bool IsAttributeName(std::string_view text) {
  return !text.empty() && text.size() <= kAttributeNameBytesMax && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
  });
}

std::optional<std::string> BadPlaceholder(std::string_view text) {
  for (size_t begin = text.find("{{"); begin != std::string_view::npos; begin = text.find("{{", begin)) {
    const size_t end = text.find("}}", begin);
    if (end == std::string_view::npos) return "{{";
    const std::string_view name = text.substr(begin + 2, end - begin - 2);
    if (!IsPlaceholder(name)) return std::string(name);
    begin = end + 2;
  }
  return std::nullopt;
}

}  // namespace alcove::wire
