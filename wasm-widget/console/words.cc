#include "wasm-widget/console/words.h"

#include <algorithm>

#include "wasm-widget/console/strings.h"
#include "wasm-widget/ui/strings.h"

namespace alcove::console {

std::string NameOfCustomer(const wire::Actor& customer) {
  if (!customer.name.empty()) return customer.name;
  const std::string_view id = customer.id;
  return ui::Fill(strings::kVisitor, {id.substr(id.size() - std::min<size_t>(id.size(), 4))});
}

std::string_view ShortPage(std::string_view url) {
  if (const size_t scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  return url;
}

}  // namespace alcove::console
