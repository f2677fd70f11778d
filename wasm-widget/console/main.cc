#include "wasm-widget/console/app.h"

int main() {
  static alcove::console::ConsoleApp app;
  alcove::platform::Run(app);
}
