// What can be done with a conversation beside answering: the buttons at the end of its head, and their menus.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wasm-widget/client/view.h"
#include "wasm-widget/console/parts.h"
#include "wasm-widget/console/strings.h"
#include "wasm-widget/ui/strings.h"

namespace alcove::console {
namespace {

using ui::Rect;
using wire::ConversationState;

constexpr float kButtonHeight = 34;
constexpr float kMenuWidth = 248;
// Below this the head has room for one button and for the menu that has the others.
constexpr float kAllButtonsFrom = 560;

constexpr int64_t kMinuteMs = 60 * 1000;
struct SnoozeChoice {
  ui::Phrase label;
  int64_t ms;
};
constexpr SnoozeChoice kSnoozeChoices[] = {
    {strings::kTwentyMinutes, 20 * kMinuteMs},    {strings::kOneHour, 60 * kMinuteMs},
    {strings::kFourHours, 4 * 60 * kMinuteMs},    {strings::kOneDay, 24 * 60 * kMinuteMs},
    {strings::kOneWeek, 7 * 24 * 60 * kMinuteMs},
};

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

// Whom a menu of colleagues has.
enum class Whom : uint8_t { kAll, kNotInIt };

// Those who are there come first. The id of the chosen one, or "".
std::string DrawColleagues(ui::Ui& ui, std::string_view label, Whom whom, const ConsoleView& view,
                           ConsoleState& state) {
  std::vector<const wire::AgentSummary*> colleagues;
  for (const wire::AgentSummary& agent : view.agents) {
    const bool is_left_out = whom == Whom::kNotInIt && client::IsInIt(*view.open->conversation, agent.id);
    if (agent.id != view.agent.id && !is_left_out) colleagues.push_back(&agent);
  }
  const auto rank = [](const wire::AgentSummary* agent) {
    return agent->presence == wire::Presence::kOnline ? 0 : agent->presence == wire::Presence::kAway ? 1 : 2;
  };
  std::stable_sort(colleagues.begin(), colleagues.end(),
                   [&](const wire::AgentSummary* a, const wire::AgentSummary* b) { return rank(a) < rank(b); });
  const ui::Color dots[] = {ui.theme().good, ui.theme().warn, ui.theme().ink_faint};
  const std::string_view words[] = {strings::kOnline, strings::kAway, strings::kOffline};
  std::vector<ui::MenuItem> items;
  for (const wire::AgentSummary* agent : colleagues) {
    const int at = rank(agent);
    items.push_back({.label = agent->name, .detail = words[at], .dot = dots[at], .key = agent->id});
  }
  if (items.empty()) {
    state.menu_state.moved = false;
    const std::string_view nobody = view.agents.size() > 1 ? strings::kNobodyToAsk : strings::kNoColleagues;
    const float height = ui.Measure(nobody, ui::kTextM, kMenuWidth - 32).height;
    const bool closes = ui.Popover(state.menu_anchor, {kMenuWidth, height + 28}, label, [&](const Rect& inside) {
      ui.Paragraph(inside.Inset(16, 14), nobody, {.color = ui.theme().ink_soft});
    });
    if (closes) state.Go(OpenMenu::kNone);
    return {};
  }
  const ui::MenuResult result = ui.Menu(state.menu_anchor, kMenuWidth, label, items, state.menu_state);
  if (result.closed || result.chosen >= 0) state.Go(OpenMenu::kNone);
  return result.chosen >= 0 ? colleagues[static_cast<size_t>(result.chosen)]->id : std::string();
}

void DrawSnoozeMenu(ui::Ui& ui, ConsoleState& state, ConsoleRequest& request) {
  std::vector<ui::MenuItem> items;
  for (const SnoozeChoice& choice : kSnoozeChoices) items.push_back({choice.label});
  const ui::MenuResult result = ui.Menu(state.menu_anchor, kMenuWidth, strings::kSnoozeFor, items, state.menu_state);
  if (result.chosen >= 0) request.snooze_ms = kSnoozeChoices[result.chosen].ms;
  if (result.closed || result.chosen >= 0) state.Go(OpenMenu::kNone);
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

void DrawActions(ui::Ui& ui, const ActionPlaces& places, const ConversationView& view, ConsoleState& state,
                 ConsoleRequest& request) {
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
  const ui::ButtonOptions options = {
      .kind = leads ? ui::ButtonKind::kPrimary : ui::ButtonKind::kOutline, .enabled = !view.claiming, .radius = 8};
  if (ui.Button(places.main, LabelOf(action), options)) Ask(action, request);
}

void DrawActionMenu(ui::Ui& ui, float width, const ConsoleView& view, ConsoleState& state, ConsoleRequest& request) {
  const std::vector<Other> others = OthersOf(*view.open);
  const bool is_offers =
      state.menu == OpenMenu::kTransfer || state.menu == OpenMenu::kSnooze || state.menu == OpenMenu::kAskIn;
  const bool is_offered =
      std::any_of(others.begin(), others.end(), [&](Other other) { return OfferOf(other).menu == state.menu; });
  // What it was opened for is no longer offered.
  const bool is_void = (is_offers && !is_offered) || (state.menu == OpenMenu::kMore && !NeedsMenu(others, width));
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
      request.assign = DrawColleagues(ui, strings::kTransferTo, Whom::kAll, view, state);
      return;
    case OpenMenu::kAskIn:
      request.ask_in = DrawColleagues(ui, strings::kAskIn, Whom::kNotInIt, view, state);
      return;
    case OpenMenu::kSnooze:
      DrawSnoozeMenu(ui, state, request);
      return;
    case OpenMenu::kCanned:
      DrawCannedMenu(ui, view, state, request);
      return;
    case OpenMenu::kMacros:
      DrawMacroMenu(ui, view, state, request);
      return;
  }
}

}  // namespace alcove::console
