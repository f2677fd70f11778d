// What whoever administers the site has put ready: canned replies, and macros, which do several things with the open
// conversation at once.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "wasm-widget/console/parts.h"
#include "wasm-widget/console/strings.h"

namespace alcove::console {
namespace {

using ui::Rect;

constexpr float kButton = 32;
constexpr float kFootMenuWidth = 320;

void DrawFootButton(ui::Ui& ui, Rect& row, const Rect& foot, OpenMenu menu, ui::Icon icon, std::string_view label,
                    ConsoleState& state) {
  const Rect place = row.CutLeft(kButton).Centered(kButton, kButton);
  row.CutLeft(8);
  const Rect anchor = {place.x, foot.y, kFootMenuWidth, foot.height};
  state.Follow(menu, anchor);
  const bool is_open = state.menu == menu;
  const ui::IconButtonOptions options = {.expanded = is_open ? ui::Toggle::kOn : ui::Toggle::kOff,
                                         .takes_focus = state.TakesFocusBack(menu)};
  if (ui.IconButton(place, icon, label, options)) state.OpenFrom(menu, anchor);
  ui.Tooltip(place, label);
}

ui::MenuItem ItemOf(std::string_view label, const std::optional<std::string>& folder, std::string_view key,
                    const std::optional<std::string>& team, const ConsoleView& view) {
  ui::MenuItem item = {.label = label, .detail = folder ? std::string_view(*folder) : std::string_view(), .key = key};
  for (const wire::Team& known : view.teams) {
    if (known.id == team) item.section = known.name;
  }
  return item;
}

// Those of everybody, then those of each team, and of these those of a folder together. The key of the chosen one, or
// "".
std::string_view DrawReadyMenu(ui::Ui& ui, std::string_view label, std::vector<ui::MenuItem> items,
                               ConsoleState& state) {
  std::stable_sort(items.begin(), items.end(), [](const ui::MenuItem& a, const ui::MenuItem& b) {
    return std::tie(a.section, a.detail, a.label) < std::tie(b.section, b.detail, b.label);
  });
  const ui::MenuResult result = ui.Menu(state.menu_anchor, kFootMenuWidth, label, items, state.menu_state);
  // The last of them was taken away meanwhile.
  if (result.closed || result.chosen >= 0 || items.empty()) state.Go(OpenMenu::kNone);
  return result.chosen >= 0 ? items[static_cast<size_t>(result.chosen)].key : std::string_view();
}

}  // namespace

void DrawReadyButtons(ui::Ui& ui, Rect& row, const Rect& foot, const ConsoleView& view, ConsoleState& state) {
  if (!view.canned.empty() && CanWrite(*view.open, state)) {
    DrawFootButton(ui, row, foot, OpenMenu::kCanned, ui::Icon::kBook, strings::kCanned, state);
  }
  if (!view.macros.empty()) {
    DrawFootButton(ui, row, foot, OpenMenu::kMacros, ui::Icon::kBolt, strings::kMacros, state);
  }
}

void DrawCannedMenu(ui::Ui& ui, const ConsoleView& view, ConsoleState& state, ConsoleRequest& request) {
  std::vector<ui::MenuItem> items;
  for (const wire::CannedReply& reply : view.canned) {
    items.push_back(ItemOf(reply.shortcut, reply.folder, reply.shortcut, reply.team, view));
  }
  request.canned = DrawReadyMenu(ui, strings::kCanned, std::move(items), state);
  // The text box was taken away meanwhile.
  if (state.menu == OpenMenu::kCanned && !CanWrite(*view.open, state)) state.Go(OpenMenu::kNone);
}

void DrawMacroMenu(ui::Ui& ui, const ConsoleView& view, ConsoleState& state, ConsoleRequest& request) {
  std::vector<ui::MenuItem> items;
  for (const auto& [id, macro] : view.macros) items.push_back(ItemOf(macro.name, macro.folder, id, macro.team, view));
  request.run_macro = DrawReadyMenu(ui, strings::kMacros, std::move(items), state);
}

}  // namespace alcove::console
