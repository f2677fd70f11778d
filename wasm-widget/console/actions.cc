// What can be done with a conversation beside answering: the buttons at the end of its head, and their menus.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "functions/wire/limits.h"
#include "wasm-widget/client/view.h"
#include "wasm-widget/console/parts.h"
#include "wasm-widget/console/strings.h"
#include "wasm-widget/ui/strings.h"

namespace alcove::console {
namespace {

using ui::Rect;
using wire::ConversationState;

constexpr float kButtonHeight = 34;
// Below this the head has room for one button and for the menu that has the others.
constexpr float kAllButtonsFrom = 560;

enum class MainAction : uint8_t { kNone, kClaim, kTakeFromBot, kTakeOver, kClose, kReopen };

MainAction MainActionOf(const ConversationView& view) {
  switch (view.conversation->state) {
    case ConversationState::kQueued:
      return MainAction::kClaim;
    case ConversationState::kBot:
      return MainAction::kTakeFromBot;
    case ConversationState::kOpen:
    case ConversationState::kSnoozed:
      return view.mine ? MainAction::kClose : MainAction::kTakeOver;
    case ConversationState::kClosed:
      return MainAction::kReopen;
    default:
      return MainAction::kNone;
  }
}

std::string_view LabelOf(MainAction action) {
  switch (action) {
    case MainAction::kClaim:
      return strings::kClaim;
    case MainAction::kTakeFromBot:
    case MainAction::kTakeOver:
      return strings::kTakeOver;
    case MainAction::kClose:
      return strings::kCloseConversation;
    case MainAction::kReopen:
      return strings::kReopen;
    case MainAction::kNone:
      break;
  }
  return {};
}

void Ask(MainAction action, ConsoleRequest& request) {
  request.claim = action == MainAction::kClaim || action == MainAction::kTakeFromBot;
  request.take_over = action == MainAction::kTakeOver;
  request.close = action == MainAction::kClose;
  request.reopen = action == MainAction::kReopen;
}

// What is offered beside the main one, in its order.
enum class Other : uint8_t { kTransfer, kSnooze, kJoin, kLeave, kAskIn };

std::vector<Other> OthersOf(const ConversationView& view) {
  if (!client::IsUnderWay(*view.conversation)) {
    const bool ends = view.joined && view.conversation->state != ConversationState::kClosed;
    return ends ? std::vector{Other::kLeave} : std::vector<Other>();
  }
  if (view.mine) return {Other::kTransfer, Other::kSnooze, Other::kAskIn};
  if (view.joined) return {Other::kLeave, Other::kAskIn};
  // Who supervises asks others in wherever it is.
  return view.can_whisper ? std::vector{Other::kJoin, Other::kAskIn} : std::vector{Other::kJoin};
}

struct Offer {
  ui::Phrase label;
  OpenMenu menu = OpenMenu::kNone;  // that it opens; kNone: it is done at once
};

Offer OfferOf(Other other) {
  switch (other) {
    case Other::kTransfer:
      return {strings::kTransfer, OpenMenu::kTransfer};
    case Other::kSnooze:
      return {strings::kSnooze, OpenMenu::kSnooze};
    case Other::kJoin:
      return {strings::kJoin};
    case Other::kLeave:
      return {strings::kLeave};
    case Other::kAskIn:
      break;
  }
  return {strings::kAskIn, OpenMenu::kAskIn};
}

// The others are in a menu.
bool HasButton(Other other, float width) { return other != Other::kAskIn && width >= kAllButtonsFrom; }

bool NeedsMenu(const std::vector<Other>& others, float width) {
  return !std::all_of(others.begin(), others.end(), [&](Other other) { return HasButton(other, width); });
}

Rect& PlaceOf(Other other, ActionPlaces& places) {
  return other == Other::kTransfer ? places.transfer : other == Other::kSnooze ? places.snooze : places.part;
}

// A place for a button at the end of `row`, which is cut by it.
Rect CutButton(ui::Ui& ui, Rect& row, std::string_view label) {
  const Rect place = row.CutRight(ui.ButtonWidth(label, {}));
  row.CutRight(8);
  return place.Centered(place.width, kButtonHeight);
}

// Of one that has no menu.
void Ask(Other other, ConsoleRequest& request) {
  request.join |= other == Other::kJoin;
  request.leave |= other == Other::kLeave;
}

void DrawMoreMenu(ui::Ui& ui, float width, const ConversationView& view, ConsoleState& state, ConsoleRequest& request) {
  std::vector<Other> others = OthersOf(view);
  std::erase_if(others, [&](Other other) { return HasButton(other, width); });
  std::vector<ui::MenuItem> items;
  for (const Other other : others) items.push_back({OfferOf(other).label});
  const ui::MenuResult result = ui.Menu(state.menu_anchor, kMenuWidth, strings::kMore, items, state.menu_state);
  if (result.closed) state.Go(OpenMenu::kNone);
  if (result.chosen < 0) return;
  const Other other = others[static_cast<size_t>(result.chosen)];
  Ask(other, request);
  state.Go(OfferOf(other).menu);
}

void DrawTransferMenu(ui::Ui& ui, const ConsoleView& view, ConsoleState& state) {
  std::optional<Receiver> receiver = DrawReceivers(ui, strings::kTransferTo, Whom::kOthers, view, state);
  if (!receiver) return;
  state.receiver = std::move(*receiver);
  state.Go(OpenMenu::kComment);
  state.asked.Focus();
}

void DrawCommentMenu(ui::Ui& ui, ConsoleState& state, ConsoleRequest& request) {
  const std::string title = ui::Fill(strings::kTransferToWhom, {state.receiver.name});
  std::optional<std::string> comment = DrawQuestion(
      ui,
      {.title = title, .label = strings::kComment, .button = strings::kTransfer, .bytes_max = wire::kCommentBytesMax},
      state);
  if (!comment) return;
  request.assign = std::move(state.receiver.to);
  if (!comment->empty()) request.assign->comment = std::move(*comment);
}

}  // namespace

ActionPlaces PlaceActions(ui::Ui& ui, Rect& row, float width, const ConversationView& view) {
  ActionPlaces places;
  const MainAction action = MainActionOf(view);
  if (action == MainAction::kNone) return places;
  places.main = CutButton(ui, row, LabelOf(action));
  const std::vector<Other> others = OthersOf(view);
  if (NeedsMenu(others, width)) {
    places.more = row.CutRight(32).Centered(32, 32);
    row.CutRight(4);
  }
  for (auto other = others.rbegin(); other != others.rend(); ++other) {
    if (HasButton(*other, width)) PlaceOf(*other, places) = CutButton(ui, row, OfferOf(*other).label);
  }
  row.CutRight(4);
  return places;
}

void DrawActions(ui::Ui& ui, const ActionPlaces& places, const ConsoleView& console, ConsoleState& state,
                 ConsoleRequest& request) {
  const ConversationView& view = *console.open;
  const auto draw = [&](OpenMenu menu, std::string_view label, const Rect& place) {
    if (place.empty()) return;
    state.Follow(menu, place);
    const ui::ButtonOptions options = {
        .kind = ui::ButtonKind::kOutline, .radius = 8, .takes_focus = state.TakesFocusBack(menu)};
    if (ui.Button(place, label, options)) state.OpenFrom(menu, place);
  };
  draw(OpenMenu::kTransfer, strings::kTransfer, places.transfer);
  draw(OpenMenu::kSnooze, strings::kSnooze, places.snooze);
  if (!places.part.empty()) {
    const Other part = view.joined ? Other::kLeave : Other::kJoin;
    const bool takes_focus = part == Other::kJoin && std::exchange(state.left, false);
    const ui::ButtonOptions options = {
        .kind = ui::ButtonKind::kOutline, .enabled = !view.claiming, .radius = 8, .takes_focus = takes_focus};
    if (ui.Button(places.part, OfferOf(part).label, options)) {
      Ask(part, request);
      state.left = part == Other::kLeave;
    }
  }
  if (!places.more.empty()) {
    state.Follow(OpenMenu::kMore, places.more);
    const bool is_open = state.menu != OpenMenu::kNone && state.menu_button == OpenMenu::kMore;
    const ui::IconButtonOptions options = {.expanded = is_open ? ui::Toggle::kOn : ui::Toggle::kOff,
                                           .takes_focus = state.TakesFocusBack(OpenMenu::kMore)};
    if (ui.IconButton(places.more, ui::Icon::kMore, strings::kMore, options))
      state.OpenFrom(OpenMenu::kMore, places.more);
  }
  if (places.main.empty()) return;
  const MainAction action = MainActionOf(view);
  const bool leads = action == MainAction::kClaim || action == MainAction::kClose;
  const ui::ButtonOptions options = {.kind = leads ? ui::ButtonKind::kPrimary : ui::ButtonKind::kOutline,
                                     .enabled = !view.claiming,
                                     .radius = 8,
                                     .takes_focus = state.TakesFocusBack(OpenMenu::kReason)};
  const bool asks = action == MainAction::kClose && AsksForReason(console);
  if (asks) state.Follow(OpenMenu::kReason, places.main);
  if (!ui.Button(places.main, LabelOf(action), options)) return;
  if (asks) {
    state.OpenFrom(OpenMenu::kReason, places.main);
  } else {
    Ask(action, request);
  }
}

void DrawActionMenu(ui::Ui& ui, float width, const ConsoleView& view, ConsoleState& state, ConsoleRequest& request) {
  const std::vector<Other> others = OthersOf(*view.open);
  // A comment is asked for on the way of a transfer.
  const OpenMenu offer = state.menu == OpenMenu::kComment ? OpenMenu::kTransfer : state.menu;
  const bool is_offers = offer == OpenMenu::kTransfer || offer == OpenMenu::kSnooze || offer == OpenMenu::kAskIn;
  const bool is_offered =
      std::any_of(others.begin(), others.end(), [&](Other other) { return OfferOf(other).menu == offer; });
  const bool closes = MainActionOf(*view.open) == MainAction::kClose && AsksForReason(view);
  // What it was opened for is no longer offered.
  const bool is_void = (is_offers && !is_offered) || (state.menu == OpenMenu::kMore && !NeedsMenu(others, width)) ||
                       (state.menu == OpenMenu::kReason && !closes);
  if (is_void) {
    state.menu = OpenMenu::kNone;
    state.menu_state = {};
  }
  switch (state.menu) {
    case OpenMenu::kNone:
      return;
    case OpenMenu::kMore:
      DrawMoreMenu(ui, width, *view.open, state, request);
      return;
    case OpenMenu::kTransfer:
      DrawTransferMenu(ui, view, state);
      return;
    case OpenMenu::kComment:
      DrawCommentMenu(ui, state, request);
      return;
    case OpenMenu::kAskIn:
      if (auto whom = DrawReceivers(ui, strings::kAskIn, Whom::kNotInIt, view, state)) {
        request.ask_in = std::move(*whom->to.agent);
      }
      return;
    case OpenMenu::kSnooze:
      request.snooze_ms = DrawSnoozeChoices(ui, state);
      return;
    case OpenMenu::kReason:
      if (auto reason = DrawReasons(ui, view, state)) {
        request.close = true;
        request.reason = std::move(*reason);
      }
      return;
    case OpenMenu::kAttribute:
      DrawAttributeMenu(ui, *view.open, state, request);
      return;
    case OpenMenu::kCanned:
      DrawCannedMenu(ui, view, state, request);
      return;
    case OpenMenu::kMacros:
      DrawMacroMenu(ui, view, state, request);
      return;
    case OpenMenu::kMoreForAll:
    case OpenMenu::kAssignAll:
    case OpenMenu::kTagAll:
    case OpenMenu::kSnoozeAll:
    case OpenMenu::kReasonForAll:
      return;  // Of the list.
  }
}

}  // namespace alcove::console
