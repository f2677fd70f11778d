#include "wasm-widget/customer/app.h"

int main() {
  static alcove::customer::CustomerApp app;
  alcove::platform::Run(app);
}
