#include "wasm-widget/console/parts.h"
#include "wasm-widget/console/strings.h"

namespace alcove::console {

void DrawRail(ui::Ui& ui, const ui::Rect& rect, const ConsoleView& view, ConsoleRequest& request) {
  ui.Group(ui::Role::kNavigation, strings::kAlcove, rect, [&] {
    ui.Fill(rect, ui.theme().bg_sunken);
    ui.Fill({rect.right() - 1, rect.y, 1, rect.height}, ui.theme().line);
    ui::Rect rest = rect.Inset(0, 12);
    const ui::Rect logo = rest.CutTop(40).Centered(40, 40);
    ui.Fill(logo, ui.theme().accent, 12);
    ui.DrawIcon(logo, ui::Icon::kLogo, ui.theme().accent_ink);
    rest.CutTop(16);
    // There is one page so far: its button leads from any list to one's own.
    if (ui.IconButton(rest.CutTop(40).Centered(40, 40), ui::Icon::kInbox, strings::kInbox,
                      {.kind = ui::IconButtonKind::kSelected, .radius = ui::kRadiusM, .badge = view.unread_count})) {
      request.tab = ListTab::kMine;
    }
    const ui::Rect me = rest.CutBottom(40).Centered(32, 32);
    rest.CutBottom(6);
    const ui::Rect out = rest.CutBottom(40).Centered(40, 40);
    if (ui.IconButton(out, ui::Icon::kSignOut, strings::kSignOut, {.radius = ui::kRadiusM})) request.sign_out = true;
    ui.Avatar(me.x, me.y, view.agent.name,
              {.size = 32, .online = view.agent.presence == wire::Presence::kOnline, .ring = ui.theme().bg_sunken});
  });
}

}  // namespace alcove::console
