#include "wasm-widget/platform/pictures.h"

#include "wasm-widget/platform/javascript.h"

namespace alcove::platform {

BrowserPictures::State BrowserPictures::StateOf(std::string_view url) {
  return static_cast<State>(js_picture_state(url.data(), url.size()));
}

void BrowserPictures::Rasterise(std::string_view url, const ui::Pixels& pixels) {
  js_picture_draw(url.data(), url.size(), pixels.data, pixels.width, pixels.height, pixels.pitch);
}

}  // namespace alcove::platform
