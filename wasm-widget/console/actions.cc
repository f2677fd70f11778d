// What can be done with a conversation beside answering: the buttons at the end of its head, and their menus.
#include <algorithm>
#include <string_view>
#include <vector>

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

// A place for a button at the end of `row`, which is cut by it.
Rect CutButton(ui::Ui& ui, Rect& row, std::string_view label) {
  const Rect place = row.CutRight(ui.ButtonWidth(label, {}));
  row.CutRight(8);
  return place.Centered(place.width, kButtonHeight);
}

void DrawTransferMenu(ui::Ui& ui, const ConsoleView& view, ConsoleState& state, ConsoleRequest& request) {
  std::vector<const wire::AgentSummary*> colleagues;
  for (const wire::AgentSummary& agent : view.agents) {
    if (agent.id != view.agent.id) colleagues.push_back(&agent);
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
    const float height = ui.Measure(strings::kNoColleagues, ui::kTextM, kMenuWidth - 32).height;
    const bool closes =
        ui.Popover(state.menu_anchor, {kMenuWidth, height + 28}, strings::kTransferTo, [&](const Rect& inside) {
          ui.Paragraph(inside.Inset(16, 14), strings::kNoColleagues, {.color = ui.theme().ink_soft});
        });
    if (closes) state.Go(OpenMenu::kNone);
    return;
  }
  const ui::MenuResult result = ui.Menu(state.menu_anchor, kMenuWidth, strings::kTransferTo, items, state.menu_state);
  if (result.chosen >= 0) request.assign = colleagues[static_cast<size_t>(result.chosen)]->id;
  if (result.closed || result.chosen >= 0) state.Go(OpenMenu::kNone);
}

void DrawSnoozeMenu(ui::Ui& ui, ConsoleState& state, ConsoleRequest& request) {
  std::vector<ui::MenuItem> items;
  for (const SnoozeChoice& choice : kSnoozeChoices) items.push_back({choice.label});
  const ui::MenuResult result = ui.Menu(state.menu_anchor, kMenuWidth, strings::kSnoozeFor, items, state.menu_state);
  if (result.chosen >= 0) request.snooze_ms = kSnoozeChoices[result.chosen].ms;
  if (result.closed || result.chosen >= 0) state.Go(OpenMenu::kNone);
}

void DrawMoreMenu(ui::Ui& ui, ConsoleState& state) {
  const ui::MenuItem items[] = {{strings::kTransfer}, {strings::kSnooze}};
  const ui::MenuResult result = ui.Menu(state.menu_anchor, kMenuWidth, strings::kMore, items, state.menu_state);
  if (result.closed) state.Go(OpenMenu::kNone);
  if (result.chosen >= 0) state.Go(result.chosen == 0 ? OpenMenu::kTransfer : OpenMenu::kSnooze);
}

}  // namespace

ActionPlaces PlaceActions(ui::Ui& ui, Rect& row, float width, const ConversationView& view) {
  ActionPlaces places;
  const MainAction action = MainActionOf(view);
  if (action == MainAction::kNone) return places;
  places.main = CutButton(ui, row, LabelOf(action));
  if (action == MainAction::kClose && width >= kAllButtonsFrom) {
    places.snooze = CutButton(ui, row, strings::kSnooze);
    places.transfer = CutButton(ui, row, strings::kTransfer);
  } else if (action == MainAction::kClose) {
    places.more = row.CutRight(32).Centered(32, 32);
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

void DrawActionMenu(ui::Ui& ui, const ConsoleView& view, ConsoleState& state, ConsoleRequest& request) {
  const bool is_of_head = state.menu != OpenMenu::kNone && state.menu != OpenMenu::kMacros;
  if (is_of_head && MainActionOf(*view.open) != MainAction::kClose) {
    state.menu = OpenMenu::kNone;
    state.menu_state = {};
  }
  switch (state.menu) {
    case OpenMenu::kNone:
      return;
    case OpenMenu::kMore:
      DrawMoreMenu(ui, state);
      return;
    case OpenMenu::kTransfer:
      DrawTransferMenu(ui, view, state, request);
      return;
    case OpenMenu::kSnooze:
      DrawSnoozeMenu(ui, state, request);
      return;
    case OpenMenu::kMacros:
      DrawMacroMenu(ui, view, state, request);
      return;
  }
}

}  // namespace alcove::console
