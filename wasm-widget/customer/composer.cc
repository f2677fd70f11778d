#include "functions/wire/limits.h"
#include "wasm-widget/customer/parts.h"
#include "wasm-widget/ui/strings.h"

namespace alcove::customer {
namespace {

constexpr float kButton = 40;
constexpr float kGap = 8;

const ui::TextBoxOptions& BoxOptions() {
  static const ui::TextBoxOptions options = {.label = strings::kMessage,
                                             .placeholder = strings::kWriteAMessage,
                                             .lines_max = 6,
                                             .radius = 20,
                                             .padding_x = 14,
                                             .padding_y = 9,
                                             .bytes_max = static_cast<uint32_t>(wire::kMessageTextBytesMax)};
  return options;
}

float BoxWidth(float width) { return width - 24 - kButton - kGap; }

}  // namespace

float ComposerHeight(ui::Ui& ui, float width, const CustomerState& state) {
  return 21 + ui.TextBoxHeight(BoxWidth(width), state.composer, BoxOptions());
}

void DrawComposer(ui::Ui& ui, const ui::Rect& rect, CustomerState& state, CustomerRequest& request) {
  ui.Fill(rect, ui.theme().bg);
  ui.LineAcross(rect.x, rect.right(), rect.y, ui.theme().line);
  ui::Rect row = rect;
  row.CutTop(11);
  row.CutBottom(10);
  row = row.Inset(12, 0);
  // At the foot of a box that has grown, where the thumb is.
  ui::Rect button = row.CutRight(kButton);
  button = button.CutBottom(kButton);
  row.CutRight(kGap);
  const ui::TextBoxResult box = ui.TextBox(row, state.composer, BoxOptions());
  request.typed = request.typed || box.changed;
  state.writes = box.focused;
  const bool can_send = !state.composer.Blank();
  const bool pressed =
      ui.IconButton(button, ui::Icon::kSend, strings::kSend,
                    {.kind = ui::IconButtonKind::kPrimary, .enabled = can_send, .radius = ui::kRadiusFull});
  if (can_send && (pressed || box.submitted)) request.send = true;
}

}  // namespace alcove::customer
