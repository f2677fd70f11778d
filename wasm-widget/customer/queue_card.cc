#include <string>

#include "wasm-widget/customer/parts.h"
#include "wasm-widget/customer/strings.h"
#include "wasm-widget/ui/strings.h"

namespace alcove::customer {

void DrawQueueCard(ui::Ui& ui, const ui::Rect& rect, const CustomerView& view) {
  const ui::Rect card = rect.Inset(16, 6);
  ui.Fill(card, ui.theme().accent_soft, 14);
  ui::Rect rest = card.Inset(14, 0);
  const ui::Rect disc = rest.CutLeft(36);
  ui.Circle(disc.center_x(), disc.center_y(), 18, ui.theme().accent);
  ui.DrawIcon(disc, ui::Icon::kClock, ui.theme().accent_ink);
  rest.CutLeft(12);

  std::string title(strings::kWaitingForSomebody);
  if (view.position == 1) title = strings::kYouAreNext;
  if (view.position > 1) title = ui::Fill(strings::kYouAreNumber, {std::to_string(view.position)});
  // Who left a message for later counts nobody in front of them.
  if (view.offline) title = strings::kMessageIsHere;
  const std::string_view hint = view.offline ? strings::kAnswerWillWait.text() : strings::kKeepWriting.text();
  // Said again whenever it changes, without interrupting.
  ui.Group(ui::Role::kStatus, title, card, [&] {
    const float hint_height = ui.Measure(hint, ui::kTextS, rest.width, 2).height;
    ui::Rect texts = rest.Centered(rest.width, 20 + 2 + hint_height);
    ui.Label(texts.CutTop(20), title, {.style = ui::kTextM.Bold()});
    texts.CutTop(2);
    ui.Paragraph(texts, hint, {.style = ui::kTextS, .color = ui.theme().ink_soft, .lines_max = 2});
  });
}

}  // namespace alcove::customer
