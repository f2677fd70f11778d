#include <algorithm>
#include <string>

#include "wasm-widget/conversation/log.h"
#include "wasm-widget/customer/parts.h"
#include "wasm-widget/customer/strings.h"
#include "wasm-widget/ui/strings.h"

namespace alcove::customer {
namespace {

using ui::Rect;

// The far end of the greeting's gradient, beside every accent: a violet, deep enough for white letters.
constexpr ui::Color kGradientEnd = ui::Color::Hex(0x5a36d6);
constexpr float kMargin = 24;
constexpr float kHeightMax = 1e6f;

// "Mara and Jonas", or "" when the site names nobody.
std::string TeamNames(std::span<const wire::AgentSummary> team) {
  using conversation::FirstName;
  if (team.empty()) return {};
  if (team.size() == 1) return std::string(FirstName(team[0].name));
  const std::string_view pattern = team.size() == 2 ? strings::kAnd : strings::kAndTeam;
  return ui::Fill(pattern, {FirstName(team[0].name), FirstName(team[1].name)});
}

// Overlapping discs, each over the one before, ending at `right`.
void DrawTeam(ui::Ui& ui, float right, float center_y, std::span<const wire::AgentSummary> team) {
  constexpr float kSize = 32;
  constexpr float kStep = 28;
  const size_t shown = std::min<size_t>(team.size(), 3);
  float x = right - kSize - kStep * static_cast<float>(shown - 1);
  for (size_t i = 0; i < shown; ++i, x += kStep) {
    ui.Avatar(x, center_y - kSize / 2, team[i].name, {.size = kSize, .ring = ui::kWhite, .outlined = true});
  }
}

constexpr float kCardMargin = 16;
constexpr float kCardPadding = 14;
constexpr float kOverlap = 40;              // of the card, over the greeting
constexpr float kHeadHeight = 20 + 4 + 16;  // of the card

void DrawCard(ui::Ui& ui, const Rect& card) {
  ui.Shadow(card, 10, 2, ui::Color::Hex(0x12151f).WithAlpha(0.06f));
  ui.Fill(card, ui.theme().bg_raised, 14);
  ui.Border(card, ui.theme().line, 14);
}

// Who is there.
void DrawHead(ui::Ui& ui, Rect rest, const CustomerView& view) {
  const std::string names = TeamNames(view.team);
  const std::string title =
      names.empty() ? std::string(strings::kChatWithUs) : ui::Fill(strings::kChatWithTeam, {names});
  Rect status = rest.CutTop(20);
  ui.Label(status, title, {.style = ui::kTextM.Bold(), .role = ui::Role::kHeading});
  rest.CutTop(4);
  status = rest.CutTop(16);
  const ui::Color dot = view.team_online ? ui.theme().online : ui.theme().ink_faint;
  ui.Circle(status.x + 4, status.center_y(), 4, dot);
  status.CutLeft(14);
  const std::string_view there = view.team_online ? strings::kTeamOnline.text() : strings::kTeamAway.text();
  ui.Label(status, view.team_promise.empty() ? there : view.team_promise,
           {.style = ui::kTextS, .color = ui.theme().ink_soft});
}

// The greeting on its gradient, from the top of `rect`; returns where.
Rect DrawHero(ui::Ui& ui, const Rect& rect, const CustomerView& view, CustomerRequest& request) {
  const std::string_view greeting = view.greeting.empty() ? strings::kGreetingDefault.text() : view.greeting;
  const float text_width = std::min(rect.width - 2 * kMargin, 480.0f);
  const float greeting_height = ui.Measure(greeting, ui::kTextL, text_width).height;
  // Low screens, as with a keyboard up, keep the close button and give the rest away from the bottom.
  const Rect hero = {rect.x, rect.y, rect.width, std::min(rect.height, 28 + 40 + 26 + 32 + 4 + greeting_height + 64)};
  // White letters stand on it, on a dark screen too.
  ui.FillGradient(hero, ui::Readable(ui.theme().accent, ui::kWhite, kGradientEnd), kGradientEnd,
                  ui::Ui::Direction::kDiagonal);

  Rect rest = hero.Inset(kMargin, 0);
  rest.CutTop(28);
  Rect top = rest.CutTop(40);
  const Rect close = view.framed ? top.CutRight(32).Offset(8, 0) : Rect{};
  if (!view.team.empty()) DrawTeam(ui, top.right() - (view.framed ? 4 : 0), top.center_y(), view.team);
  top.CutRight(110);
  ui.Label(top, view.site_name, {.style = ui::kTextL.Bold(), .color = ui::kWhite, .role = ui::Role::kHeading});
  rest.CutTop(26);
  ui.Label(rest.CutTop(32), strings::kHello, {.style = ui::kTextXxl.Bold(), .color = ui::kWhite});
  rest.CutTop(4);
  rest.width = text_width;
  ui.Paragraph(rest, greeting, {.style = ui::kTextL, .color = ui::kWhite.WithAlpha(0.88f)});
  if (view.framed) {
    // White on the gradient, whatever the theme's ink is.
    const Rect target = close.Centered(32, 32);
    const bool asked =
        ui.Pressable(target, "close", {.label = strings::kCloseChat, .radius = 8}, [&](ui::PressState press) {
          if (press.hovered) ui.Fill(target, ui::kWhite.WithAlpha(0.18f), 8);
          ui.DrawIcon(target, ui::Icon::kClose, ui::kWhite);
        });
    request.close_panel = request.close_panel || asked;
  }

  return hero;
}

Rect CardUnder(const Rect& hero, float height) {
  return {hero.x + kCardMargin, hero.bottom() - kOverlap, hero.width - 2 * kCardMargin, height};
}

// What to do.
void DrawHint(ui::Ui& ui, const Rect& rect, const Rect& hero, const CustomerView& view) {
  const std::string_view hint = view.team_online ? strings::kWriteBelow : strings::kWriteBelowAway;
  Rect card = CardUnder(hero, 0);
  card.height = 2 * kCardPadding + kHeadHeight + 8 + ui.Measure(hint, ui::kTextM, card.width - 32).height;
  if (card.bottom() > rect.bottom()) return;
  DrawCard(ui, card);
  Rect rest = card.Inset(16, kCardPadding);
  DrawHead(ui, rest.CutTop(kHeadHeight), view);
  rest.CutTop(8);
  ui.Paragraph(rest, hint, {.style = ui::kTextM, .color = ui.theme().ink_soft});
}

// What the site asks. All of it scrolls: there may be more of it than fits, above all with a keyboard up.
void DrawAsking(ui::Ui& ui, const Rect& rect, const CustomerView& view, CustomerState& state,
                CustomerRequest& request) {
  FormChange change;
  float card_height = 0;  // known from the pass that only wants heights
  ui.Scroll(rect, state.form.scroll, {.label = strings::kChatWithUs}, [&](const ui::ScrollView& scrolled) {
    const Rect column = {scrolled.content.x, scrolled.content.y, scrolled.content.width, kHeightMax};
    const Rect hero = DrawHero(ui, column, view, request);
    const Rect card = CardUnder(hero, card_height);
    DrawCard(ui, card);
    Rect rest = {card.x + 16, card.y + kCardPadding, card.width - 32, kHeightMax};
    DrawHead(ui, rest.CutTop(kHeadHeight), view);
    rest.CutTop(16);
    DrawForm(ui, rest, view, state, change);
    card_height = rest.y + 16 - card.y;
    return card.y + card_height + kCardMargin - column.y;
  });
  state.form.focus.clear();
  if (!change.begin && change.field.empty()) return;
  Apply(change, view, state, request);
  ui.RequestFrameIn(0);
}

}  // namespace

void DrawWelcome(ui::Ui& ui, const Rect& rect, const CustomerView& view, CustomerState& state,
                 CustomerRequest& request) {
  if (!view.form.empty()) {
    DrawAsking(ui, rect, view, state, request);
  } else {
    DrawHint(ui, rect, DrawHero(ui, rect, view, request), view);
  }
}

}  // namespace alcove::customer
