// Pictures that somebody else fetches and decodes: the browser, or a test.
#pragma once

#include <cstdint>
#include <string_view>

#include "wasm-widget/ui/text.h"

namespace alcove::ui {

class Pictures {
 public:
  enum class State : uint8_t { kLoading, kReady, kFailed };

  virtual ~Pictures() = default;
  // Begins to fetch at the first asking; a frame follows when the answer changes.
  virtual State StateOf(std::string_view url) = 0;
  // Draws it over the whole of `pixels`, cut at its sides to keep its shape. REQUIRES: it is ready.
  virtual void Rasterise(std::string_view url, const Pixels& pixels) = 0;
};

}  // namespace alcove::ui
