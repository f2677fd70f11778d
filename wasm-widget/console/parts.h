// The columns of the console, from the left. Each draws itself in the
// rectangle it is given and adds to the request what was asked of it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "wasm-widget/console/screen.h"
#include "wasm-widget/ui/ui.h"

namespace alcove::console {

inline constexpr float kHeadHeight = 56;

inline constexpr float kRailWidth = 56;
void DrawRail(ui::Ui& ui, const ui::Rect& rect, const ConsoleView& view, ConsoleRequest& request);

inline constexpr float kListWidth = 340;
void DrawList(ui::Ui& ui, const ui::Rect& rect, const ConsoleView& view, ConsoleState& state, ConsoleRequest& request);

// In place of the head and of the tabs of the list while conversations are chosen.
void DrawChoosingHead(ui::Ui& ui, const ui::Rect& head, const ConsoleView& view, ConsoleState& state);
void DrawChoosingActions(ui::Ui& ui, const ui::Rect& strip, const ConsoleView& view, ConsoleState& state,
                         ConsoleRequest& request);
// The menu that one of them opened, over everything else.
void DrawChoosingMenu(ui::Ui& ui, const ConsoleView& view, ConsoleState& state, ConsoleRequest& request);
// What was not done with several, and why; cut off `rest`. Nothing where there is none.
void DrawNotDone(ui::Ui& ui, ui::Rect& rest, const ConsoleView& view, ConsoleState& state, ConsoleRequest& request);

enum class BackButton : uint8_t { kNone, kShown };
// REQUIRES: view.open.
void DrawConversation(ui::Ui& ui, const ui::Rect& rect, const ConsoleView& view, BackButton back, ConsoleState& state,
                      ConsoleRequest& request);
// In its place while none is open.
void DrawNoConversation(ui::Ui& ui, const ui::Rect& rect, const ConsoleView& view);

// The buttons at the end of its head; empty: not there.
struct ActionPlaces {
  ui::Rect transfer, snooze, part, more, main;
};
// Cuts them off `row`, of a head that is `width` wide.
ActionPlaces PlaceActions(ui::Ui& ui, ui::Rect& row, float width, const ConversationView& view);
// REQUIRES: view.open.
void DrawActions(ui::Ui& ui, const ActionPlaces& places, const ConsoleView& view, ConsoleState& state,
                 ConsoleRequest& request);
// The menu that one of them opened, over everything else. `width`: as of PlaceActions(). REQUIRES: view.open.
void DrawActionMenu(ui::Ui& ui, float width, const ConsoleView& view, ConsoleState& state, ConsoleRequest& request);

// Of what is scrolled: as high as it likes to be.
inline constexpr float kScrolledHeightMax = 1e5f;

inline constexpr float kMenuWidth = 248;
// Each is a menu where state.menu_anchor is, which closes itself once it has an answer.
enum class Whom : uint8_t {
  kOthers,         // teams, and colleagues
  kOthersAndSelf,  // and the reader
  kNotInIt,        // colleagues who are not in the open conversation
};
std::optional<Receiver> DrawReceivers(ui::Ui& ui, std::string_view label, Whom whom, const ConsoleView& view,
                                      ConsoleState& state);
// The place of the one that was chosen, or -1.
int DrawChoices(ui::Ui& ui, std::string_view label, std::span<const ui::MenuItem> items, ConsoleState& state);
// For how long, in milliseconds; 0: nothing was chosen.
int64_t DrawSnoozeChoices(ui::Ui& ui, ConsoleState& state);
// What a close asks for, before it is done; "" is a reason where none is needed.
bool AsksForReason(const ConsoleView& view);
std::optional<std::string> DrawReasons(ui::Ui& ui, const ConsoleView& view, ConsoleState& state);
// A line to be written, with a button that says what is done then.
struct Question {
  std::string_view title;
  std::string_view label;  // of the line
  std::string_view button;
  size_t bytes_max = 0;
  bool required = false;
  bool date = false;  // it is a day
};
std::optional<std::string> DrawQuestion(ui::Ui& ui, const Question& question, ConsoleState& state);

// What an attribute of the open conversation is to be.
void DrawAttributeMenu(ui::Ui& ui, const ConversationView& view, ConsoleState& state, ConsoleRequest& request);

// What leads to the canned replies, where something can be written, and to the macros, at the start of `row`, which is
// cut by it; nothing where there are none. They are shown above `foot`, whose text box lies over all that is drawn.
void DrawReadyButtons(ui::Ui& ui, ui::Rect& row, const ui::Rect& foot, const ConsoleView& view, ConsoleState& state);
void DrawCannedMenu(ui::Ui& ui, const ConsoleView& view, ConsoleState& state, ConsoleRequest& request);
void DrawMacroMenu(ui::Ui& ui, const ConsoleView& view, ConsoleState& state, ConsoleRequest& request);

// The colleagues who look at it, too: their discs, and who they are where there is room for it.
struct ViewerPlaces {
  ui::Rect discs, words;  // empty: not there
};
// Cuts them off the end of `row`.
ViewerPlaces PlaceViewers(ui::Ui& ui, ui::Rect& row, const ConversationView& view);
void DrawViewers(ui::Ui& ui, const ViewerPlaces& places, const ConversationView& view);

// The text box and its Send button. The height follows the text.
float ReplyHeight(ui::Ui& ui, float width, const ConsoleState& state);
enum class Replies : uint8_t { kCan, kCannot };
Replies RepliesTo(const ConversationView& view);
// Whether the text box is there: a note can be written where no reply can.
bool CanWrite(const ConversationView& view, const ConsoleState& state);
// REQUIRES: view.open.
void DrawReply(ui::Ui& ui, const ui::Rect& rect, const ConsoleView& view, Replies replies, ConsoleState& state,
               ConsoleRequest& request);

inline constexpr float kDetailsWidth = 312;
void DrawDetails(ui::Ui& ui, const ui::Rect& rect, const ConversationView& view, ConsoleState& state,
                 ConsoleRequest& request);
// The tags of the conversation, to take off and to add to: cut off `rest`. `takes_focus`: the chip that adds one does.
void DrawTags(ui::Ui& ui, ui::Rect& rest, const ConversationView& view, bool takes_focus, ConsoleState& state,
              ConsoleRequest& request);

}  // namespace alcove::console
