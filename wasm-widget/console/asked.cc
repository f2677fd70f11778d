// What is asked for before something is done, of one conversation or of several: to whom, for how long, why.
#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "functions/wire/limits.h"
#include "wasm-widget/client/view.h"
#include "wasm-widget/console/parts.h"
#include "wasm-widget/console/strings.h"
#include "wasm-widget/conversation/strings.h"

namespace alcove::console {
namespace {

using ui::Rect;

constexpr int64_t kMinuteMs = 60 * 1000;
struct SnoozeChoice {
  ui::Phrase label;
  int64_t ms;
};
constexpr SnoozeChoice kSnoozeChoices[] = {
    {strings::kTwentyMinutes, 20 * kMinuteMs},    {strings::kOneHour, 60 * kMinuteMs},
    {strings::kFourHours, 4 * 60 * kMinuteMs},    {strings::kOneDay, 24 * 60 * kMinuteMs},
    {strings::kOneWeek, 7 * 24 * 60 * kMinuteMs},
};

constexpr float kAskWidth = 300;
constexpr float kAskMargin = 16;
constexpr float kAskButton = 34;

int RankOf(wire::Presence presence) {
  return presence == wire::Presence::kOnline ? 0 : presence == wire::Presence::kAway ? 1 : 2;
}

// Those who are there come first.
std::vector<const wire::AgentSummary*> ColleaguesOf(const ConsoleView& view, Whom whom) {
  std::vector<const wire::AgentSummary*> colleagues;
  for (const wire::AgentSummary& agent : view.agents) {
    const bool is_left_out = whom == Whom::kNotInIt && client::IsInIt(*view.open->conversation, agent.id);
    if (agent.id != view.agent.id && !is_left_out) colleagues.push_back(&agent);
  }
  std::stable_sort(colleagues.begin(), colleagues.end(),
                   [&](const auto* a, const auto* b) { return RankOf(a->presence) < RankOf(b->presence); });
  // One's presence is no question to oneself.
  if (whom == Whom::kOthersAndSelf) colleagues.insert(colleagues.begin(), &view.agent);
  return colleagues;
}

void DrawNobody(ui::Ui& ui, std::string_view label, std::string_view text, ConsoleState& state) {
  state.menu_state.moved = false;
  const float height = ui.Measure(text, ui::kTextM, kMenuWidth - 32).height;
  const bool closes = ui.Popover(state.menu_anchor, {kMenuWidth, height + 28}, label, [&](const Rect& inside) {
    ui.Paragraph(inside.Inset(16, 14), text, {.color = ui.theme().ink_soft});
  });
  if (closes) state.Go(OpenMenu::kNone);
}

}  // namespace

int DrawChoices(ui::Ui& ui, std::string_view label, std::span<const ui::MenuItem> items, ConsoleState& state) {
  const ui::MenuResult result = ui.Menu(state.menu_anchor, kMenuWidth, label, items, state.menu_state);
  if (result.closed || result.chosen >= 0) state.Go(OpenMenu::kNone);
  return result.chosen;
}

std::optional<Receiver> DrawReceivers(ui::Ui& ui, std::string_view label, Whom whom, const ConsoleView& view,
                                      ConsoleState& state) {
  const std::vector<const wire::AgentSummary*> colleagues = ColleaguesOf(view, whom);
  const size_t teams = whom == Whom::kNotInIt ? 0 : view.teams.size();
  const ui::Color dots[] = {ui.theme().good, ui.theme().warn, ui.theme().ink_faint};
  const std::string_view words[] = {strings::kOnline, strings::kAway, strings::kOffline};
  std::vector<ui::MenuItem> items;
  // Where there are only people nobody needs to be told so.
  const std::string_view people = teams > 0 ? strings::kColleagues : std::string_view();
  for (const wire::AgentSummary* agent : colleagues) {
    const auto at = static_cast<size_t>(RankOf(agent->presence));
    const std::string_view detail = agent == &view.agent ? strings::kYou : words[at];
    items.push_back({.label = agent->name, .detail = detail, .dot = dots[at], .key = agent->id, .section = people});
  }
  for (const wire::Team& team : view.teams.first(teams)) {
    items.push_back({.label = team.name, .key = team.id, .section = strings::kTeams});
  }
  if (items.empty()) {
    DrawNobody(ui, label, view.agents.size() > 1 ? strings::kNobodyToAsk : strings::kNoColleagues, state);
    return std::nullopt;
  }
  const int chosen = DrawChoices(ui, label, items, state);
  if (chosen < 0) return std::nullopt;
  const ui::MenuItem& item = items[static_cast<size_t>(chosen)];
  const bool is_agent = static_cast<size_t>(chosen) < colleagues.size();
  Receiver receiver{.to = {}, .name = std::string(item.label)};
  (is_agent ? receiver.to.agent : receiver.to.team) = std::string(item.key);
  return receiver;
}

int64_t DrawSnoozeChoices(ui::Ui& ui, ConsoleState& state) {
  std::vector<ui::MenuItem> items;
  for (const SnoozeChoice& choice : kSnoozeChoices) items.push_back({choice.label});
  const int chosen = DrawChoices(ui, strings::kSnoozeFor, items, state);
  return chosen < 0 ? 0 : kSnoozeChoices[chosen].ms;
}

bool AsksForReason(const ConsoleView& view) {
  return view.closing != nullptr && (!view.closing->reasons.empty() || view.closing->reason_required.value_or(false));
}

std::optional<std::string> DrawReasons(ui::Ui& ui, const ConsoleView& view, ConsoleState& state) {
  if (!AsksForReason(view)) {
    state.Go(OpenMenu::kNone);
    return std::nullopt;
  }
  const std::vector<std::string>& reasons = view.closing->reasons;
  if (reasons.empty()) {
    if (state.menu_state.moved) state.asked.Focus();
    return DrawQuestion(ui,
                        {.title = strings::kReason,
                         .label = strings::kReason,
                         .button = strings::kCloseConversation,
                         .bytes_max = wire::kReasonBytesMax,
                         .required = true},
                        state);
  }
  std::vector<ui::MenuItem> items;
  for (const std::string& reason : reasons) items.push_back({.label = reason});
  if (!view.closing->reason_required.value_or(false)) items.push_back({.label = strings::kNoReason, .key = " "});
  const int chosen = DrawChoices(ui, strings::kReason, items, state);
  if (chosen < 0) return std::nullopt;
  const auto at = static_cast<size_t>(chosen);
  return at < reasons.size() ? reasons[at] : std::string();
}

std::optional<std::string> DrawQuestion(ui::Ui& ui, const Question& question, ConsoleState& state) {
  state.menu_state.moved = false;
  const ui::TextBoxOptions box = {.label = question.label,
                                  .date = question.date,
                                  .lines_max = question.date ? 1 : 4,
                                  .bytes_max = static_cast<uint32_t>(question.bytes_max)};
  const float box_height =
      std::max(question.date ? 40.0f : 64.0f, ui.TextBoxHeight(kAskWidth - 2 * kAskMargin, state.asked, box));
  const bool is_labelled = question.label != question.title;
  const float height = 2 * kAskMargin + 20 + 8 + (is_labelled ? 18 + 4 : 0) + box_height + 12 + kAskButton;
  bool done = false;
  const bool closes = ui.Popover(state.menu_anchor, {kAskWidth, height}, question.title, [&](const Rect& inside) {
    Rect rest = inside.Inset(kAskMargin, kAskMargin);
    ui.Label(rest.CutTop(20), question.title, {.style = ui::kTextM.Bold(), .role = ui::Role::kHeading});
    rest.CutTop(8);
    if (is_labelled) {
      ui.Label(rest.CutTop(18), question.label, {.style = ui::kTextS, .color = ui.theme().ink_soft, .silent = true});
      rest.CutTop(4);
    }
    const Rect foot = rest.CutBottom(kAskButton);
    rest.CutBottom(12);
    const bool may = !question.required || !state.asked.Blank();
    const bool submitted = ui.TextBox(rest, state.asked, box).submitted;
    const ui::ButtonOptions options = {.enabled = may, .radius = 8};
    const float width = ui.ButtonWidth(question.button, options);
    const bool pressed = ui.Button({foot.right() - width, foot.y, width, foot.height}, question.button, options);
    done = may && (pressed || submitted);
  });
  if (!closes && !done) return std::nullopt;
  std::optional<std::string> written;
  if (done) written = state.asked.Take();
  state.Go(OpenMenu::kNone);
  return written;
}

}  // namespace alcove::console
