// What whoever administers the site has put ready: canned replies, and macros, which do several things with the open
// conversation at once.
#include <algorithm>
#include <vector>

#include "wasm-widget/console/parts.h"
#include "wasm-widget/console/strings.h"

namespace alcove::console {
namespace {

using ui::Rect;
using Macro = wire::Resource<wire::MacroFields>;
using Canned = wire::CannedReply;

constexpr float kButton = 32;
constexpr float kFootMenuWidth = 320;

// Those of a folder together.
bool ComesBefore(const Macro* a, const Macro* b) {
  return a->fields.folder != b->fields.folder ? a->fields.folder < b->fields.folder : a->fields.name < b->fields.name;
}

bool CannedComesBefore(const Canned* a, const Canned* b) {
  return a->folder != b->folder ? a->folder < b->folder : a->shortcut < b->shortcut;
}

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

}  // namespace

void DrawMacroButton(ui::Ui& ui, Rect& row, const Rect& foot, const ConsoleView& view, ConsoleState& state) {
  if (!view.canned.empty() && CanWrite(*view.open, state)) {
    DrawFootButton(ui, row, foot, OpenMenu::kCanned, ui::Icon::kBook, strings::kCanned, state);
  }
  if (!view.macros.empty()) {
    DrawFootButton(ui, row, foot, OpenMenu::kMacros, ui::Icon::kBolt, strings::kMacros, state);
  }
}

void DrawCannedMenu(ui::Ui& ui, const ConsoleView& view, ConsoleState& state, ConsoleRequest& request) {
  std::vector<const Canned*> replies;
  for (const Canned& reply : view.canned) replies.push_back(&reply);
  std::stable_sort(replies.begin(), replies.end(), CannedComesBefore);
  std::vector<ui::MenuItem> items;
  for (const Canned* reply : replies) {
    ui::MenuItem& item = items.emplace_back(ui::MenuItem{.label = reply->shortcut});
    if (reply->folder) item.detail = *reply->folder;
  }
  const ui::MenuResult result = ui.Menu(state.menu_anchor, kFootMenuWidth, strings::kCanned, items, state.menu_state);
  if (result.chosen >= 0) request.canned = replies[static_cast<size_t>(result.chosen)]->shortcut;
  // The last of them was taken away, or the text box was, meanwhile.
  const bool is_void = items.empty() || !CanWrite(*view.open, state);
  if (result.closed || result.chosen >= 0 || is_void) state.Go(OpenMenu::kNone);
}

void DrawMacroMenu(ui::Ui& ui, const ConsoleView& view, ConsoleState& state, ConsoleRequest& request) {
  std::vector<const Macro*> macros;
  for (const Macro& macro : view.macros) macros.push_back(&macro);
  std::stable_sort(macros.begin(), macros.end(), ComesBefore);
  std::vector<ui::MenuItem> items;
  for (const Macro* macro : macros) {
    ui::MenuItem& item = items.emplace_back(ui::MenuItem{.label = macro->fields.name, .key = macro->id});
    if (macro->fields.folder) item.detail = *macro->fields.folder;
  }
  const ui::MenuResult result = ui.Menu(state.menu_anchor, kFootMenuWidth, strings::kMacros, items, state.menu_state);
  if (result.chosen >= 0) request.run_macro = macros[static_cast<size_t>(result.chosen)]->id;
  // The last of them was taken away meanwhile.
  if (result.closed || result.chosen >= 0 || items.empty()) state.Go(OpenMenu::kNone);
}

}  // namespace alcove::console
