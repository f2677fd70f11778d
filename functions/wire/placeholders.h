// Placeholders in canned replies: `{{customer.name}}`, `{{agent.name}}`,
// `{{site.name}}`, and the attributes `{{customer.NAME}}` and
// `{{conversation.NAME}}`. Whoever writes the reply fills them.
//
// Standard library only: compiled natively and to WebAssembly.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace alcove::wire {

// Letters, digits and `_`, 1 to kAttributeNameBytesMax.
bool IsAttributeName(std::string_view text);

// What is wrong with a text's placeholders: the first that is none of the
// above, or `{{` where one is not ended. nullopt: nothing.
std::optional<std::string> BadPlaceholder(std::string_view text);

// The text with each placeholder replaced by value(name), which is given what
// stands between the braces. One that has no value (nullopt) stays as it is, so
// that the writer sees it.
template <class Value>
std::string FillPlaceholders(std::string_view text, const Value& value) {
  std::string filled;
  while (true) {
    const size_t begin = text.find("{{");
    const size_t end = begin == std::string_view::npos ? begin : text.find("}}", begin);
    if (end == std::string_view::npos) return filled += text;
    filled += text.substr(0, begin);
    const std::optional<std::string> known = value(text.substr(begin + 2, end - begin - 2));
    filled += known ? std::string_view(*known) : text.substr(begin, end + 2 - begin);
    text.remove_prefix(end + 2);
  }
}

}  // namespace alcove::wire
