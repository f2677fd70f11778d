#include <array>
#include <span>
#include <string>

#include "wasm-widget/console/parts.h"
#include "wasm-widget/console/strings.h"
#include "wasm-widget/conversation/strings.h"
#include "wasm-widget/ui/strings.h"

namespace alcove::console {
namespace {

using ui::Rect;

constexpr float kRowHeight = 64;
constexpr float kTagsHeight = 22;

float HeightOf(const RowView& row) { return row.tags.empty() ? kRowHeight : kRowHeight + kTagsHeight; }

// As many as there is room for, and how many more there are.
void DrawTagChips(ui::Ui& ui, const Rect& rect, std::span<const std::string> tags) {
  constexpr float kGap = 4;
  float x = rect.x;
  for (size_t i = 0; i < tags.size(); ++i) {
    const bool last = i + 1 == tags.size();
    const std::string more = "+" + std::to_string(tags.size() - i);
    const float room = rect.right() - x - (last ? 0 : kGap + ui.ChipWidth(more));
    if (ui.ChipWidth(tags[i]) > room) {
      ui.Chip(x, rect.y, more);
      return;
    }
    x += ui.Chip(x, rect.y, tags[i]) + kGap;
  }
}

// The chip of the design is the switch itself.
void DrawPresence(ui::Ui& ui, const Rect& rect, const wire::AgentSummary& agent, ConsoleRequest& request) {
  const std::string accepting =
      ui::Fill(strings::kAccepting, {std::to_string(agent.load), std::to_string(agent.capacity)});
  const std::array<ui::SelectOption, 3> options = {{
      {accepting, ui.theme().good},
      {strings::kAway, ui.theme().warn},
      {strings::kOffline, ui.theme().ink_faint},
  }};
  constexpr std::array<wire::Presence, 3> kStates = {wire::Presence::kOnline, wire::Presence::kAway,
                                                     wire::Presence::kOffline};
  int selected = 0;
  while (kStates[static_cast<size_t>(selected)] != agent.presence) ++selected;
  const int chosen = ui.Select(rect, strings::kPresence, options, selected);
  if (chosen != selected) request.presence = kStates[static_cast<size_t>(chosen)];
}

void DrawRow(ui::Ui& ui, const Rect& rect, const RowView& row) {
  Rect rest = rect.Inset(16, 11);
  rest.CutLeft(3);  // the accent edge of the row that is open
  ui.Avatar(rest.x, rest.y, row.name, {.size = 32});
  rest.CutLeft(42);
  Rect top = rest.CutTop(20);
  const Rect time = top.CutRight(ui.Measure(row.time, ui::kTextS).width);
  top.CutRight(8);
  ui.Label(top, row.name, {.style = ui::kTextM.Bold()});
  ui.Label(time, row.time, {.style = ui::kTextS, .color = ui.theme().ink_soft, .align = ui::Align::kEnd});
  Rect bottom = rest.CutTop(20);
  const float badge = ui.Badge(bottom.right(), bottom.center_y(), row.unread, ui::Tone::kAccent);
  if (badge > 0) bottom.CutRight(badge + 8);
  ui.Label(bottom, row.typing ? strings::kTyping : std::string_view(row.preview),
           {.color = row.typing ? ui.theme().accent : ui.theme().ink_soft});
  rest.CutTop(2);
  if (!row.tags.empty()) DrawTagChips(ui, rest, row.tags);
}

std::string_view EmptyText(const ConsoleView& view) {
  if (view.connecting || view.list_loading) return strings::kLoading;
  switch (view.tab) {
    case ListTab::kMine:
      return view.agent.presence == wire::Presence::kOnline ? strings::kNoneMine : strings::kNoneMineAway;
    case ListTab::kWaiting:
      return strings::kNoneWaiting;
    case ListTab::kTeam:
      return strings::kNoneTeam;
    case ListTab::kClosed:
      return strings::kNoneClosed;
    case ListTab::kWithBot:
      return strings::kNoneWithBot;
  }
  return {};
}

void DrawRows(ui::Ui& ui, const Rect& rect, const ConsoleView& view, ConsoleState& state, ConsoleRequest& request) {
  if (view.rows.empty()) {
    Rect text = rect.Inset(24, 24);
    ui.Paragraph(text, EmptyText(view), {.color = ui.theme().ink_soft, .align = ui::Align::kCenter});
    request.list_end = true;
    return;
  }
  const std::string_view open = view.open ? std::string_view(view.open->conversation->id) : std::string_view();
  ui.Scroll(
      rect, state.list, {.label = strings::kConversations, .role = ui::Role::kListBox},
      [&](const ui::ScrollView& list) {
        Rect place = {list.content.x, list.content.y, list.content.width, kRowHeight};
        for (const RowView& row : view.rows) {
          place.height = HeightOf(row);
          if (list.Visible(place)) {
            ui.Scope(row.id, [&] {
              const Rect rect_of_row = place;
              if (ui.Row(rect_of_row, "row", row.id == open, [&](ui::PressState) { DrawRow(ui, rect_of_row, row); })) {
                request.open = row.id;
              }
            });
          }
          place.y += place.height;
        }
        return place.y - list.content.y;
      });
  request.list_end = state.list.offset + state.list.view_height + kRowHeight >= state.list.content_height;
}

}  // namespace

void DrawList(ui::Ui& ui, const Rect& rect, const ConsoleView& view, ConsoleState& state, ConsoleRequest& request) {
  Rect rest = rect;
  Rect head = rest.CutTop(kHeadHeight);
  ui.LineAcross(head.x, head.right(), head.bottom() - 1, ui.theme().line);
  head = head.Inset(16, 0);
  const Rect presence = head.CutRight(158).Centered(158, 30);
  ui.Label(head, strings::kInbox, {.style = ui::kTextL.Bold(), .role = ui::Role::kHeading});
  if (!view.connecting) DrawPresence(ui, presence, view.agent, request);

  const std::array<ui::Tab, 5> tabs = {{{strings::kMine, view.mine_count},
                                        {strings::kWaiting, view.waiting_count},
                                        {strings::kTeam, 0},
                                        {strings::kClosed, 0},
                                        {strings::kBot, view.with_bot_count}}};
  const bool has_bots = view.with_bot_count > 0 || view.tab == ListTab::kWithBot;
  const Rect strip = rest.CutTop(50).Inset(12, 10);
  const int chosen =
      ui.Tabs(strip, strings::kConversations, std::span(tabs).first(has_bots ? 5 : 4), static_cast<int>(view.tab));
  if (chosen != static_cast<int>(view.tab)) request.tab = static_cast<ListTab>(chosen);
  DrawRows(ui, rest, view, state, request);
}

}  // namespace alcove::console
