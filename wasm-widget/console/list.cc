#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>

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

constexpr float kFaceSize = 32;
Rect FaceOf(const Rect& row) { return {row.x + 16 + 3, row.y + 11, kFaceSize, kFaceSize}; }

// A box to tick in place of the face.
void DrawTick(ui::Ui& ui, const Rect& face, bool on, bool hovered) {
  const Rect box = face.Centered(18, 18);
  ui.Fill(box, on ? ui.theme().accent : ui.theme().bg_raised, 5);
  if (on) {
    ui.DrawIcon(box, ui::Icon::kCheck, ui.theme().accent_ink, 14);
  } else {
    ui.Border(box, hovered ? ui.theme().ink : ui.theme().ink_soft, 5, 1.5f);
  }
}

enum class Face : uint8_t { kShown, kHidden };

void DrawRow(ui::Ui& ui, const Rect& rect, const RowView& row, Face face) {
  Rect rest = rect.Inset(16, 11);
  rest.CutLeft(3);  // the accent edge of the row that is open
  if (face == Face::kShown) ui.Avatar(rest.x, rest.y, row.name, {.size = kFaceSize});
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

// A press opens it; with Shift all from the open one to it are chosen. A mouse finds a box to tick over the face.
void DrawRowToOpen(ui::Ui& ui, const Rect& rect, const RowView& row, const ConsoleView& view, ConsoleState& state,
                   ConsoleRequest& request) {
  const std::string_view open = view.open ? std::string_view(view.open->conversation->id) : std::string_view();
  ChoosingState& choosing = state.choosing;
  const bool was_pointed = choosing.pointed == row.id;
  bool pointed = false;
  const bool asked = ui.Row(rect, "row", row.id == open, [&](ui::PressState press) {
    pointed = press.hovered && !ui.touch();
    DrawRow(ui, rect, row, pointed || was_pointed ? Face::kHidden : Face::kShown);
  });
  if (asked && ui.Extends()) {
    choosing.Begin();
    choosing.last = open.empty() ? row.id : open;
    choosing.Extend(row.id, view.rows);
  } else if (asked) {
    request.open = row.id;
  }
  if (!pointed && !was_pointed) return;
  const Rect face = FaceOf(rect);
  const std::string label = ui::Fill(strings::kChooseOne, {row.name});
  const ui::PressableOptions options = {
      .role = ui::Role::kOption, .label = label, .checked = ui::Toggle::kOff, .radius = ui::kRadiusS};
  const bool ticked = ui.Pressable(face, "tick", options, [&](ui::PressState press) {
    pointed = pointed || press.hovered;
    DrawTick(ui, face, false, press.hovered);
  });
  if (ticked) {
    choosing.Begin();
    choosing.Press(row.id);
  }
  if (pointed == was_pointed) return;
  choosing.pointed = pointed ? row.id : std::string_view();
  ui.RequestFrameIn(0);
}

void DrawRowToChoose(ui::Ui& ui, const Rect& rect, const RowView& row, bool takes_focus, const ConsoleView& view,
                     ConsoleState& state) {
  ChoosingState& choosing = state.choosing;
  const bool chosen = choosing.Has(row.id);
  const ui::PressableOptions options = {.role = ui::Role::kOption,
                                        .checked = chosen ? ui::Toggle::kOn : ui::Toggle::kOff,
                                        .enabled = chosen || !choosing.IsFull(),
                                        .takes_focus = takes_focus};
  const bool asked = ui.Pressable(rect, "row", options, [&](ui::PressState press) {
    if (chosen) {
      ui.Fill(rect, ui.theme().accent_soft);
    } else if (press.hovered) {
      ui.Fill(rect, ui.theme().bg_sunken);
    }
    DrawTick(ui, FaceOf(rect), chosen, press.hovered);
    DrawRow(ui, rect, row, Face::kHidden);
  });
  if (!asked) return;
  if (ui.Extends()) {
    choosing.Extend(row.id, view.rows);
  } else {
    choosing.Press(row.id);
  }
}

void DrawRows(ui::Ui& ui, const Rect& rect, const ConsoleView& view, ConsoleState& state, ConsoleRequest& request) {
  if (view.rows.empty()) {
    Rect text = rect.Inset(24, 24);
    ui.Paragraph(text, EmptyText(view), {.color = ui.theme().ink_soft, .align = ui::Align::kCenter});
    request.list_end = true;
    return;
  }
  bool takes_focus = state.choosing.on && std::exchange(state.choosing.moved, false);
  ui.Scroll(rect, state.list, {.label = strings::kConversations, .role = ui::Role::kListBox},
            [&](const ui::ScrollView& list) {
              Rect place = {list.content.x, list.content.y, list.content.width, kRowHeight};
              for (const RowView& row : view.rows) {
                place.height = HeightOf(row);
                if (!list.only_height && list.Visible(place)) {
                  ui.Scope(row.id, [&] {
                    if (state.choosing.on) {
                      DrawRowToChoose(ui, place, row, std::exchange(takes_focus, false), view, state);
                    } else {
                      DrawRowToOpen(ui, place, row, view, state, request);
                    }
                  });
                }
                place.y += place.height;
              }
              return place.y - list.content.y;
            });
  request.list_end = state.list.offset + state.list.view_height + kRowHeight >= state.list.content_height;
}

void DrawHead(ui::Ui& ui, Rect row, const ConsoleView& view, ConsoleState& state, ConsoleRequest& request) {
  const bool takes_focus = std::exchange(state.choosing.moved, false);
  const Rect presence = row.CutRight(158).Centered(158, 30);
  row.CutRight(8);
  const Rect choose = view.rows.empty() ? Rect() : row.CutRight(32).Centered(32, 32);
  // Below that a name is not worth its first letters; what is shown is the main part, which has it.
  constexpr float kTitleMin = 48;
  if (row.width >= kTitleMin) ui.Label(row, strings::kInbox, {.style = ui::kTextL.Bold(), .role = ui::Role::kHeading});
  if (!choose.empty()) {
    const ui::IconButtonOptions options = {.takes_focus = takes_focus};
    if (ui.IconButton(choose, ui::Icon::kCheckDouble, strings::kChooseSeveral, options)) state.choosing.Begin();
    ui.Tooltip(choose, strings::kChooseSeveral);
  }
  if (!view.connecting) DrawPresence(ui, presence, view.agent, request);
}

void DrawTabs(ui::Ui& ui, const Rect& strip, const ConsoleView& view, ConsoleRequest& request) {
  const std::array<ui::Tab, 5> tabs = {{{strings::kMine, view.mine_count},
                                        {strings::kWaiting, view.waiting_count},
                                        {strings::kTeam, 0},
                                        {strings::kClosed, 0},
                                        {strings::kBot, view.with_bot_count}}};
  const bool has_bots = view.with_bot_count > 0 || view.tab == ListTab::kWithBot;
  const int chosen =
      ui.Tabs(strip, strings::kConversations, std::span(tabs).first(has_bots ? 5 : 4), static_cast<int>(view.tab));
  if (chosen != static_cast<int>(view.tab)) request.tab = static_cast<ListTab>(chosen);
}

}  // namespace

void DrawList(ui::Ui& ui, const Rect& rect, const ConsoleView& view, ConsoleState& state, ConsoleRequest& request) {
  Rect rest = rect;
  const Rect head = rest.CutTop(kHeadHeight);
  ui.LineAcross(head.x, head.right(), head.bottom() - 1, ui.theme().line);
  const Rect strip = rest.CutTop(50).Inset(12, 10);
  state.choosing.Keep(view.rows);
  if (state.choosing.on && view.rows.empty()) state.choosing.End();
  if (state.choosing.on) {
    DrawChoosingHead(ui, head.Inset(12, 0), view, state);
    ui.Group(ui::Role::kGroup, strings::kWithChosen, strip,
             [&] { DrawChoosingActions(ui, strip, view, state, request); });
  } else {
    DrawHead(ui, head.Inset(16, 0), view, state, request);
    DrawTabs(ui, strip, view, request);
  }
  DrawNotDone(ui, rest, view, state, request);
  DrawRows(ui, rest, view, state, request);
}

}  // namespace alcove::console
