// The columns of the console, from the left. Each draws itself in the
// rectangle it is given and adds to the request what was asked of it.
#pragma once

#include "wasm-widget/console/screen.h"
#include "wasm-widget/ui/ui.h"

namespace alcove::console {

inline constexpr float kHeadHeight = 56;

inline constexpr float kRailWidth = 56;
void DrawRail(ui::Ui& ui, const ui::Rect& rect, const ConsoleView& view, ConsoleRequest& request);

inline constexpr float kListWidth = 340;
void DrawList(ui::Ui& ui, const ui::Rect& rect, const ConsoleView& view, ConsoleState& state, ConsoleRequest& request);

enum class BackButton : uint8_t { kNone, kShown };
// REQUIRES: view.open.
void DrawConversation(ui::Ui& ui, const ui::Rect& rect, const ConsoleView& view, BackButton back, ConsoleState& state,
                      ConsoleRequest& request);
// In its place while none is open.
void DrawNoConversation(ui::Ui& ui, const ui::Rect& rect, const ConsoleView& view);

// The text box and its Send button. The height follows the text.
float ReplyHeight(ui::Ui& ui, float width, const ConsoleState& state);
void DrawReply(ui::Ui& ui, const ui::Rect& rect, const ConversationView& view, ConsoleState& state,
               ConsoleRequest& request);

inline constexpr float kDetailsWidth = 312;
void DrawDetails(ui::Ui& ui, const ui::Rect& rect, const ConversationView& view, ConsoleState& state);

}  // namespace alcove::console
