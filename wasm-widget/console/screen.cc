#include "wasm-widget/console/screen.h"

#include "wasm-widget/console/parts.h"
#include "wasm-widget/console/strings.h"
#include "wasm-widget/ui/strings.h"

namespace alcove::console {

using ui::Rect;

namespace {

// What stands beside the list: the open conversation, if any.
void DrawBeside(ui::Ui& ui, const Rect& list, Rect rest, const ConsoleView& view, ConsoleState& state,
                ConsoleRequest& request) {
  ui.Fill({list.right() - 1, list.y, 1, list.height}, ui.theme().line);
  Rect details;
  if (view.open && ui.Screen().width >= kDetailsFrom) details = rest.CutRight(kDetailsWidth);
  if (!view.open) {
    DrawNoConversation(ui, rest, view);
    return;
  }
  ui.Group(ui::Role::kGroup, view.open->name, rest,
           [&] { DrawConversation(ui, rest, view, BackButton::kNone, state, request); });
  if (!details.empty()) {
    ui.Group(ui::Role::kGroup, strings::kDetails, details,
             [&] { DrawDetails(ui, details, *view.open, state, request); });
  }
  DrawActionMenu(ui, rest.width, view, state, request);
}

void DrawInbox(ui::Ui& ui, Rect rest, const ConsoleView& view, ConsoleState& state, ConsoleRequest& request) {
  const bool side_by_side = rest.width >= kTwoColumnsFrom;
  if (!side_by_side && view.open) {
    // One column: the conversation alone, with the way back.
    ui.Group(ui::Role::kMain, view.open->name, rest, [&] {
      DrawConversation(ui, rest, view, BackButton::kShown, state, request);
      DrawActionMenu(ui, rest.width, view, state, request);
    });
    return;
  }
  DrawRail(ui, rest.CutLeft(kRailWidth), view, request);
  ui.Group(ui::Role::kMain, strings::kInbox, rest, [&] {
    const Rect list = side_by_side ? rest.CutLeft(kListWidth) : rest;
    ui.Group(ui::Role::kGroup, strings::kConversations, list, [&] { DrawList(ui, list, view, state, request); });
    if (side_by_side) DrawBeside(ui, list, rest, view, state, request);
    DrawChoosingMenu(ui, view, state, request);
  });
}

}  // namespace

ConsoleRequest DrawConsole(ui::Ui& ui, const ConsoleView& view, ConsoleState& state) {
  ConsoleRequest request;
  Rect rest = ui.Screen();
  ui.Fill(rest, ui.theme().bg);
  if (view.refused) {
    request.resume = ui.Banner(rest.CutTop(36), strings::kConsoleRefused, ui::Tone::kBad, strings::kTryAgain);
  } else if (view.connecting) {
    ui.Banner(rest.CutTop(36), strings::kConsoleConnecting, ui::Tone::kNeutral);
  } else if (view.superseded) {
    request.resume = ui.Banner(rest.CutTop(36), strings::kConsoleElsewhere, ui::Tone::kWarn, strings::kConsoleUseHere);
  } else if (!view.connected) {
    ui.Banner(rest.CutTop(36), strings::kConsoleReconnecting, ui::Tone::kWarn);
  } else if (view.presence_refused) {
    ui.Banner(rest.CutTop(36), strings::kPresenceRefused, ui::Tone::kBad);
  }
  DrawInbox(ui, rest, view, state, request);
  if (state.told != view.told) ui.Announce(view.told);
  state.told = view.told;
  // A menu that is open has had it before.
  if (state.choosing.on && ui.Pressed(ui::Key::kEscape)) state.choosing.End();
  return request;
}

}  // namespace alcove::console
