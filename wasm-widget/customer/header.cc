#include <utility>

#include "wasm-widget/conversation/strings.h"
#include "wasm-widget/customer/parts.h"
#include "wasm-widget/customer/strings.h"
#include "wasm-widget/ui/strings.h"

namespace alcove::customer {
namespace {

using ui::Rect;

std::string_view Title(const CustomerView& view) {
  if (view.phase == Phase::kEnded) return strings::kConversationEnded;
  if (!view.agent_name.empty()) return view.agent_name;
  return view.site_name;
}

std::string_view Subtitle(const CustomerView& view) {
  switch (view.phase) {
    case Phase::kWaiting:
      if (view.ending) return strings::kEnding;
      return strings::kWaitingForSomebody;
    case Phase::kTalking:
      if (view.ending) return strings::kEnding;
      if (view.with_bot) return strings::kBot;
      return view.agent_online ? strings::kSupportOnline : strings::kSupportAway;
    case Phase::kEnded:
      return view.ended;
    case Phase::kConnecting:
      return strings::kConnecting;
    default:
      return view.team_online ? strings::kTeamOnline : strings::kTeamAway;
  }
}

}  // namespace

void DrawHeader(ui::Ui& ui, const Rect& rect, const CustomerView& view, CustomerState& state,
                CustomerRequest& request) {
  ui.Group(ui::Role::kBanner, Title(view), rect, [&] {
    ui.LineAcross(rect.x, rect.right(), rect.bottom() - 1, ui.theme().line);
    Rect row = rect.Inset(16, 0);
    const std::string_view face = view.agent_name.empty() ? view.site_name : view.agent_name;
    if (!face.empty()) {
      ui.Avatar(row.x, row.center_y() - 18, face, {.online = view.phase == Phase::kTalking && view.agent_online});
      row.CutLeft(48);
    }
    // The buttons stand last for those who go through by keyboard, so their places are kept and they are drawn after.
    const Rect close = view.framed ? row.CutRight(32).Offset(4, 0) : Rect{};
    if (view.framed && view.can_end) row.CutRight(8);
    const Rect more = view.can_end ? row.CutRight(32).Offset(4, 0) : Rect{};
    const Rect texts = row.Centered(row.width, 36);
    Rect rest = texts;
    if (!Title(view).empty()) {
      ui.Label(rest.CutTop(20), Title(view), {.style = ui::kTextM.Bold(), .role = ui::Role::kHeading});
    } else {
      rest = texts.Centered(texts.width, 16);
    }
    ui.Label(rest, Subtitle(view), {.style = ui::kTextS, .color = ui.theme().ink_soft});
    const bool open = state.menu != Menu::kClosed;
    if (view.can_end && ui.IconButton(more.Centered(32, 32), ui::Icon::kMore, strings::kMore,
                                      {.expanded = open ? ui::Toggle::kOn : ui::Toggle::kOff,
                                       .takes_focus = !open && std::exchange(state.menu_state.moved, false)})) {
      state.menu = Menu::kOpen;
      state.menu_state.moved = true;
    }
    if (view.framed && ui.IconButton(close.Centered(32, 32), ui::Icon::kClose, strings::kCloseChat)) {
      request.close_panel = true;
    }
  });
}

}  // namespace alcove::customer
