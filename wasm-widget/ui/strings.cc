#include "wasm-widget/ui/strings.h"

namespace alcove::ui {

std::string Fill(std::string_view pattern, std::initializer_list<std::string_view> values) {
  std::string result;
  const auto* value = values.begin();
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '%' && i + 1 < pattern.size() && pattern[i + 1] == 's' && value != values.end()) {
      result += *value++;
      ++i;
    } else {
      result += pattern[i];
    }
  }
  return result;
}

}  // namespace alcove::ui
