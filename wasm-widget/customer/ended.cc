#include <utility>

#include "wasm-widget/customer/parts.h"
#include "wasm-widget/customer/strings.h"

namespace alcove::customer {

void DrawEnded(ui::Ui& ui, const ui::Rect& rect, CustomerState& state, CustomerRequest& request) {
  ui.LineAcross(rect.x, rect.right(), rect.y, ui.theme().line);
  ui::Rect row = rect.Inset(12, 0);
  row.CutTop(11);
  row.CutBottom(10);
  // Whoever ended it had the keyboard in a menu that is gone.
  if (ui.Button(row, strings::kStartNew, {.takes_focus = std::exchange(state.ended_here, false)})) {
    request.start_new = true;
  }
}

}  // namespace alcove::customer
