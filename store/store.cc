#include "store/store.h"

namespace alcove::store {

Range PrefixRange(std::string_view prefix) {
  Range range{std::string(prefix), std::string(prefix)};
  while (static_cast<unsigned char>(range.end.back()) == 0xff) range.end.pop_back();
  ++range.end.back();
  return range;
}

}  // namespace alcove::store
