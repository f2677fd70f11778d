// Pictures by the browser, which fetches and decodes them.
#pragma once

#include "wasm-widget/ui/pictures.h"

namespace alcove::platform {

class BrowserPictures : public ui::Pictures {
 public:
  State StateOf(std::string_view url) override;
  void Rasterise(std::string_view url, const ui::Pixels& pixels) override;
};

}  // namespace alcove::platform
