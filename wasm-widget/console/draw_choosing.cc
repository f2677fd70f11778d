// What can be done with the chosen conversations, and what was not.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "functions/wire/limits.h"
#include "wasm-widget/console/parts.h"
#include "wasm-widget/console/strings.h"
#include "wasm-widget/ui/strings.h"

namespace alcove::console {
namespace {

using ui::Rect;

constexpr float kTogetherButtonHeight = 30;
constexpr float kGap = 6;
constexpr float kMoreWidth = 32;
constexpr float kTagMenuWidth = 300;
constexpr ui::ButtonOptions kLook = {.kind = ui::ButtonKind::kOutline, .radius = 8, .style = ui::kTextS.Medium()};

enum class Act : uint8_t { kClose, kAssign, kTag, kSnooze, kReopen };

std::vector<Act> ActsOf(ListTab tab) {
  if (tab == ListTab::kClosed) return {Act::kReopen, Act::kTag};
  return {Act::kClose, Act::kAssign, Act::kTag, Act::kSnooze};
}

std::string_view LabelOf(Act act) {
  switch (act) {
    case Act::kClose:
      return strings::kCloseConversation;
    case Act::kAssign:
      return strings::kAssign;
    case Act::kTag:
      return strings::kTag;
    case Act::kSnooze:
      return strings::kSnooze;
    case Act::kReopen:
      break;
  }
  return strings::kReopen;
}

OpenMenu MenuOf(Act act, const ConsoleView& view) {
  switch (act) {
    case Act::kClose:
      return AsksForReason(view) ? OpenMenu::kReasonForAll : OpenMenu::kNone;
    case Act::kAssign:
      return OpenMenu::kAssignAll;
    case Act::kTag:
      return OpenMenu::kTagAll;
    case Act::kSnooze:
      return OpenMenu::kSnoozeAll;
    case Act::kReopen:
      break;
  }
  return OpenMenu::kNone;
}

// It begins where its button does.
Rect AnchorOf(OpenMenu menu, const Rect& button) {
  return {button.x, button.y, menu == OpenMenu::kTagAll ? kTagMenuWidth : kMenuWidth, button.height};
}

void OpenFrom(OpenMenu menu, const Rect& button, ConsoleState& state) {
  state.OpenFrom(menu, AnchorOf(menu, button));
  if (menu == OpenMenu::kTagAll) state.asked.Focus();
}

// Those for which there is room, each with its button; the others are in a menu.
size_t CountThatFit(ui::Ui& ui, float width, const std::vector<Act>& acts) {
  float used = 0;
  for (size_t i = 0; i < acts.size(); ++i) {
    used += ui.ButtonWidth(LabelOf(acts[i]), kLook);
    const bool is_last = i + 1 == acts.size();
    if (used + (is_last ? 0 : kGap + kMoreWidth) > width) return i;
    used += kGap;
  }
  return acts.size();
}

void Do(Act act, ForAllRequest& all) {
  all.close |= act == Act::kClose;
  all.reopen |= act == Act::kReopen;
}

void DrawMoreMenu(ui::Ui& ui, const ConsoleView& view, ConsoleState& state, ConsoleRequest& request) {
  std::vector<Act> acts = ActsOf(view.tab);
  acts.erase(acts.begin(), acts.begin() + static_cast<std::ptrdiff_t>(std::min(state.choosing.buttons, acts.size())));
  std::vector<ui::MenuItem> items;
  for (const Act act : acts) items.push_back({.label = LabelOf(act)});
  const ui::MenuResult result = ui.Menu(state.menu_anchor, kMenuWidth, strings::kMore, items, state.menu_state);
  // There is room for them all by now.
  if (result.closed || acts.empty()) state.Go(OpenMenu::kNone);
  if (result.chosen < 0) return;
  const Act act = acts[static_cast<size_t>(result.chosen)];
  const OpenMenu next = MenuOf(act, view);
  if (next == OpenMenu::kNone) Do(act, request.all);
  state.Go(next);
  if (next == OpenMenu::kTagAll) state.asked.Focus();
}

// The tags that any of the chosen ones has.
std::vector<std::string_view> TagsOfChosen(const ConsoleView& view, const ChoosingState& choosing) {
  std::vector<std::string_view> tags;
  for (const RowView& row : view.rows) {
    if (!choosing.Has(row.id)) continue;
    for (const std::string& tag : row.tags) {
      if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(tag);
    }
  }
  return tags;
}

constexpr float kTagMenuHeightMax = 360;

// What is chosen among chips under a heading, which are cut off `rest`; "" is none.
std::string DrawTagChips(ui::Ui& ui, Rect& rest, std::string_view title, const std::vector<std::string_view>& tags,
                         ui::Icon icon) {
  std::string chosen;
  if (tags.empty()) return chosen;
  rest.CutTop(12);
  ui.Label(rest.CutTop(18), title, {.style = ui::kTextS, .color = ui.theme().ink_soft, .role = ui::Role::kHeading});
  rest.CutTop(6);
  ui::Flow flow(rest, ui.touch() ? 12 : kGap);
  ui.Scope(title, [&] {
    for (const std::string_view tag : tags) {
      const bool removes = icon != ui::Icon::kNone;
      const std::string label = removes ? ui::Fill(strings::kRemoveTag, {tag}) : std::string(tag);
      const ui::ChipOptions options = {.icon = icon, .label = label};
      const Rect place = flow.Next({ui.ChipButtonWidth(tag, options), ui::Ui::kChipButtonHeight});
      if (ui.ChipButton(place, tag, options)) chosen = tag;
    }
  });
  rest.CutTop(flow.height());
  return chosen;
}

// What is asked for, below each other from the top of `rest`. Returns the height.
float DrawTagChoices(ui::Ui& ui, Rect rest, const ConsoleView& view, ConsoleState& state, ForAllRequest& all) {
  const float top = rest.y;
  const ui::TextBoxOptions box = {.label = strings::kAddTag,
                                  .placeholder = strings::kAddTag,
                                  .bytes_max = static_cast<uint32_t>(wire::kTagBytesMax)};
  const Rect line = rest.CutTop(ui.TextBoxHeight(rest.width, state.asked, box));
  if (ui.TextBox(line, state.asked, box).submitted && !state.asked.Blank()) all.add_tag = state.asked.Take();
  std::vector<std::string_view> known;
  for (const auto& tag : view.tags) known.push_back(tag.fields.name);
  if (std::string tag = DrawTagChips(ui, rest, strings::kTagsTitle, known, ui::Icon::kNone); !tag.empty()) {
    all.add_tag = std::move(tag);
  }
  const std::vector<std::string_view> theirs = TagsOfChosen(view, state.choosing);
  if (std::string tag = DrawTagChips(ui, rest, strings::kTagsOfChosen, theirs, ui::Icon::kClose); !tag.empty()) {
    all.remove_tag = std::move(tag);
  }
  return rest.y - top;
}

void DrawTagMenu(ui::Ui& ui, const ConsoleView& view, ConsoleState& state, ForAllRequest& all) {
  constexpr float kMargin = 14;
  constexpr float kHeightLeast = 66;
  state.menu_state.moved = false;
  ui::ScrollState& scroll = state.menu_state.scroll;
  const float height = std::clamp(scroll.content_height + 2, kHeightLeast, kTagMenuHeightMax);
  const auto draw_column = [&](const ui::ScrollView& scrolled) {
    const Rect column = {scrolled.content.x, scrolled.content.y, scrolled.content.width, kScrolledHeightMax};
    return DrawTagChoices(ui, column.Inset(kMargin, kMargin), view, state, all) + 2 * kMargin;
  };
  const bool closes = ui.Popover(state.menu_anchor, {kTagMenuWidth, height}, strings::kTag, [&](const Rect& inside) {
    ui.Scroll(inside.Inset(1), scroll, {.label = strings::kTag}, draw_column);
  });
  // It is as high as what is in it, which is known once it was drawn.
  if (std::min(scroll.content_height + 2, kTagMenuHeightMax) > height) ui.RequestFrameIn(0);
  if (closes || !all.add_tag.empty() || !all.remove_tag.empty()) state.Go(OpenMenu::kNone);
}

}  // namespace

void DrawChoosingHead(ui::Ui& ui, const Rect& head, const ConsoleView& view, ConsoleState& state) {
  ChoosingState& choosing = state.choosing;
  Rect row = head;
  if (ui.IconButton(row.CutLeft(32).Centered(32, 32), ui::Icon::kClose, strings::kChooseNoMore)) {
    choosing.End();
    return;
  }
  row.CutLeft(10);
  const std::string_view all = choosing.HasAll(view.rows) ? strings::kChooseNone : strings::kChooseAll;
  const ui::ButtonOptions link = {.kind = ui::ButtonKind::kLink, .radius = 8};
  const Rect button = row.CutRight(std::min(ui.ButtonWidth(all, link), row.width / 2));
  row.CutRight(8);
  const ui::Phrase phrase = choosing.IsFull() ? strings::kChosenMost : strings::kChosen;
  const std::string text = ui::Fill(phrase, {std::to_string(choosing.ids.size())});
  ui.Label(row, text, {.style = ui::kTextM.Bold(), .role = ui::Role::kHeading});
  if (choosing.said != text) ui.Announce(text);
  choosing.said = text;
  if (ui.Button(button.Centered(button.width, 32), all, link)) choosing.PressAll(view.rows);
}

void DrawChoosingActions(ui::Ui& ui, const Rect& strip, const ConsoleView& view, ConsoleState& state,
                         ConsoleRequest& request) {
  const std::vector<Act> acts = ActsOf(view.tab);
  const size_t fit = CountThatFit(ui, strip.width, acts);
  const bool enabled = !state.choosing.ids.empty() && !view.acting_together;
  state.choosing.buttons = fit;
  Rect rest = strip;
  for (size_t i = 0; i < fit; ++i) {
    const Act act = acts[i];
    const OpenMenu menu = MenuOf(act, view);
    const float width = ui.ButtonWidth(LabelOf(act), kLook);
    const Rect button = rest.CutLeft(width).Centered(width, kTogetherButtonHeight);
    rest.CutLeft(kGap);
    ui::ButtonOptions options = kLook;
    options.enabled = enabled;
    if (menu != OpenMenu::kNone) {
      state.Follow(menu, AnchorOf(menu, button));
      options.takes_focus = state.TakesFocusBack(menu);
    }
    if (!ui.Button(button, LabelOf(act), options)) continue;
    if (menu == OpenMenu::kNone) {
      Do(act, request.all);
    } else {
      OpenFrom(menu, button, state);
    }
  }
  if (fit == acts.size()) return;
  const Rect more = rest.CutLeft(kMoreWidth).Centered(kMoreWidth, kTogetherButtonHeight);
  state.Follow(OpenMenu::kMoreForAll, AnchorOf(OpenMenu::kMoreForAll, more));
  const bool is_open = state.menu != OpenMenu::kNone && state.menu_button == OpenMenu::kMoreForAll;
  if (ui.IconButton(more, ui::Icon::kMore, strings::kMore,
                    {.enabled = enabled,
                     .expanded = is_open ? ui::Toggle::kOn : ui::Toggle::kOff,
                     .takes_focus = state.TakesFocusBack(OpenMenu::kMoreForAll)})) {
    OpenFrom(OpenMenu::kMoreForAll, more, state);
  }
}

void DrawChoosingMenu(ui::Ui& ui, const ConsoleView& view, ConsoleState& state, ConsoleRequest& request) {
  const bool is_of_all = state.menu >= OpenMenu::kMoreForAll;
  if (is_of_all && (!state.choosing.on || state.choosing.ids.empty() || view.acting_together)) {
    // They went out of the list, or it is over, or is being done.
    state.menu = OpenMenu::kNone;
    state.menu_state = {};
  }
  ForAllRequest& all = request.all;
  switch (state.menu) {
    case OpenMenu::kMoreForAll:
      return DrawMoreMenu(ui, view, state, request);
    case OpenMenu::kAssignAll:
      if (auto receiver = DrawReceivers(ui, strings::kAssignTo, Whom::kOthersAndSelf, view, state)) {
        all.assign = std::move(receiver->to);
      }
      return;
    case OpenMenu::kTagAll:
      return DrawTagMenu(ui, view, state, all);
    case OpenMenu::kSnoozeAll:
      all.snooze_ms = DrawSnoozeChoices(ui, state);
      return;
    case OpenMenu::kReasonForAll:
      if (auto reason = DrawReasons(ui, view, state)) {
        all.close = true;
        all.reason = std::move(*reason);
      }
      return;
    default:
      return;  // Of the open conversation.
  }
}

void DrawNotDone(ui::Ui& ui, Rect& rest, const ConsoleView& view, ConsoleState& state, ConsoleRequest& request) {
  if (view.not_done.empty()) return;
  constexpr float kHead = 36;
  constexpr float kMargin = 12;
  const std::string title = ui::Fill(strings::kNotDoneWith, {std::to_string(view.not_done.size())});
  const ui::TextStyle name_style = ui::kTextS.Bold();
  float height = kHead;
  for (const NotDone& one : view.not_done) {
    height += name_style.line + ui.Measure(one.why, ui::kTextS, rest.width - 2 * kMargin).height + kGap;
  }
  Rect panel = rest.CutTop(std::min(rest.height / 2, height));
  ui.Fill(panel, ui.theme().note);
  ui.LineAcross(panel.x, panel.right(), panel.bottom() - 1, ui.theme().note_line);
  Rect head = panel.CutTop(kHead).Inset(kMargin, 0);
  const Rect dismiss = head.CutRight(24).Centered(24, 24);
  ui.DrawIcon(head.CutLeft(16), ui::Icon::kAlert, ui.theme().warn, 16);
  head.CutLeft(6);
  ui.Label(head, title, {.style = ui::kTextM.Bold(), .color = ui.theme().note_ink, .role = ui::Role::kHeading});
  const ui::IconButtonOptions options = {.icon_size = 14};
  request.dismiss = ui.IconButton(dismiss, ui::Icon::kClose, strings::kDismiss, options);
  ui.Scroll(panel, state.not_done, {.label = title}, [&](const ui::ScrollView& scrolled) {
    Rect lines =
        Rect{scrolled.content.x, scrolled.content.y, scrolled.content.width, kScrolledHeightMax}.Inset(kMargin, 0);
    const float top = lines.y;
    for (const NotDone& one : view.not_done) {
      // Each runs the way that it is written.
      ui.Label(lines.CutTop(name_style.line), one.name, {.style = name_style, .color = ui.theme().note_ink});
      lines.CutTop(ui.Paragraph(lines, one.why, {.style = ui::kTextS, .color = ui.theme().note_ink}) + kGap);
    }
    return lines.y - top;
  });
}

}  // namespace alcove::console
