#include "wasm-widget/console/screen.h"

#include "wasm-widget/console/parts.h"
#include "wasm-widget/console/strings.h"
#include "wasm-widget/ui/strings.h"

namespace alcove::console {

using ui::Rect;

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
  const bool side_by_side = rest.width >= kTwoColumnsFrom;
  if (!side_by_side && view.open) {
    // One column: the conversation alone, with the way back.
    ui.Group(ui::Role::kMain, view.open->name, rest, [&] {
      DrawConversation(ui, rest, view, BackButton::kShown, state, request);
      DrawActionMenu(ui, rest.width, view, state, request);
    });
    return request;
  }
  DrawRail(ui, rest.CutLeft(kRailWidth), view, request);
  ui.Group(ui::Role::kMain, strings::kInbox, rest, [&] {
    const Rect list = side_by_side ? rest.CutLeft(kListWidth) : rest;
    ui.Group(ui::Role::kGroup, strings::kConversations, list, [&] { DrawList(ui, list, view, state, request); });
    if (!side_by_side) return;
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
  });
  return request;
}

}  // namespace alcove::console
