// The parts of the customer's screen, from the top down. Each draws itself in
// the rectangle it is given and adds to the request what was asked of it.
#pragma once

#include <optional>
#include <string>

#include "wasm-widget/customer/screen.h"
#include "wasm-widget/ui/ui.h"

namespace alcove::customer {

// Who one talks to, and the close button.
inline constexpr float kHeaderHeight = 64;
void DrawHeader(ui::Ui& ui, const ui::Rect& rect, const CustomerView& view, CustomerState& state,
                CustomerRequest& request);

// What the header's button opens, over everything else. Nothing while it is closed.
void DrawMenu(ui::Ui& ui, const ui::Rect& header, CustomerState& state, CustomerRequest& request);

// Before the first message: the site's greeting and who is there, and what the site asks. Has a close button of its
// own.
void DrawWelcome(ui::Ui& ui, const ui::Rect& rect, const CustomerView& view, CustomerState& state,
                 CustomerRequest& request);

// What was done to the form in this frame. It is drawn in a scrolled area, where nothing that is drawn may change, and
// applied when it has been.
struct FormChange {
  std::string field;                  // another value was given to it, or ""
  std::optional<std::string> chosen;  // that value, of a choice
  bool begin = false;
};
// The fields and the button below them, cut off `rest`.
void DrawForm(ui::Ui& ui, ui::Rect& rest, const CustomerView& view, CustomerState& state, FormChange& change);
void Apply(const FormChange& change, const CustomerView& view, CustomerState& state, CustomerRequest& request);

// "You are number 2 in the queue."
inline constexpr float kQueueCardHeight = 84;
void DrawQueueCard(ui::Ui& ui, const ui::Rect& rect, const CustomerView& view);

// The text box and the send button. The height follows the text.
float ComposerHeight(ui::Ui& ui, float width, const CustomerState& state);
void DrawComposer(ui::Ui& ui, const ui::Rect& rect, CustomerState& state, CustomerRequest& request);

// The way on from a conversation that has ended.
inline constexpr float kEndedHeight = 61;
void DrawEnded(ui::Ui& ui, const ui::Rect& rect, CustomerState& state, CustomerRequest& request);

}  // namespace alcove::customer
