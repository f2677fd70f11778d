// Macros: several things done with the open conversation at once, as whoever administers the site has put them
// together.
#include <algorithm>
#include <vector>

#include "wasm-widget/console/parts.h"
#include "wasm-widget/console/strings.h"

namespace alcove::console {
namespace {

using ui::Rect;
using Macro = wire::Resource<wire::MacroFields>;

constexpr float kButton = 32;
constexpr float kMacrosWidth = 320;

// Those of a folder together.
bool ComesBefore(const Macro* a, const Macro* b) {
  return a->fields.folder != b->fields.folder ? a->fields.folder < b->fields.folder : a->fields.name < b->fields.name;
}

}  // namespace

void DrawMacroButton(ui::Ui& ui, Rect& row, const Rect& foot, const ConsoleView& view, ConsoleState& state) {
  if (view.macros.empty()) return;
  const Rect place = row.CutLeft(kButton).Centered(kButton, kButton);
  row.CutLeft(8);
  const Rect anchor = {place.x, foot.y, kMacrosWidth, foot.height};
  state.Follow(OpenMenu::kMacros, anchor);
  const bool is_open = state.menu == OpenMenu::kMacros;
  const ui::IconButtonOptions options = {.expanded = is_open ? ui::Toggle::kOn : ui::Toggle::kOff,
                                         .takes_focus = state.TakesFocusBack(OpenMenu::kMacros)};
  if (ui.IconButton(place, ui::Icon::kBolt, strings::kMacros, options)) state.OpenFrom(OpenMenu::kMacros, anchor);
  ui.Tooltip(place, strings::kMacros);
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
  const ui::MenuResult result = ui.Menu(state.menu_anchor, kMacrosWidth, strings::kMacros, items, state.menu_state);
  if (result.chosen >= 0) request.run_macro = macros[static_cast<size_t>(result.chosen)]->id;
  // The last of them was taken away meanwhile.
  if (result.closed || result.chosen >= 0 || items.empty()) state.Go(OpenMenu::kNone);
}

}  // namespace alcove::console
