#include <utility>

#include "wasm-widget/customer/parts.h"
#include "wasm-widget/customer/strings.h"

namespace alcove::customer {

void DrawEnded(ui::Ui& ui, const ui::Rect& rect, CustomerState& state, CustomerRequest& request) {
  ui.LineAcross(rect.x, rect.right(), rect.y, ui.theme().line);
  ui::Rect row = rect.Inset(12, 0);
  row.CutTop(11);
  row.CutBottom(10);
  // Whoever ended it had the keyboard in a menu that is gone, and whoever was about to write, in the text box: this
  // stands in its place. In the midst of a sentence the next key would press it: that one is led to the log, which says
  // why.
  const bool would_write = std::exchange(state.writes, false) && state.composer.Blank();
  const bool ended_here = std::exchange(state.ended_here, false);
  if (ui.Button(row, strings::kStartNew, {.takes_focus = ended_here || would_write})) {
    request.start_new = true;
  }
}

}  // namespace alcove::customer
