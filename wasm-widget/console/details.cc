#include <algorithm>
#include <string>
#include <utility>

#include "wasm-widget/console/parts.h"
#include "wasm-widget/console/strings.h"
#include "wasm-widget/console/words.h"
#include "wasm-widget/conversation/strings.h"
#include "wasm-widget/ui/strings.h"

namespace alcove::console {
namespace {

using ui::Rect;

constexpr float kNameWidth = 96;

// One fact; moves `rest` below it.
void DrawFact(ui::Ui& ui, Rect& rest, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  const Rect text = {rest.x + kNameWidth, rest.y, rest.width - kNameWidth, 60};
  ui.Label({rest.x, rest.y, kNameWidth - 8, 20}, name, {.color = ui.theme().ink_soft});
  const float height = ui.Paragraph(text, value, {.lines_max = 3});
  rest.CutTop(std::max(height, 20.0f) + 5);
}

// In this frame. It is known before anything is drawn, which may be twice.
enum class TakesFocus : uint8_t { kNothing, kTag, kFact };

// One that can be set: pressing it asks for its value.
void DrawFactToSet(ui::Ui& ui, Rect& rest, const Fact& fact, TakesFocus takes_focus, ConsoleState& state) {
  const std::string_view shown = fact.value.empty() ? std::string_view(strings::kAddTagShort) : fact.value;
  const float text_width = rest.width - kNameWidth;
  const float text_height = ui.Measure(shown, ui::kTextM, text_width, 3).height;
  // A finger's target is 44 px, and no two may overlap.
  const Rect place = rest.CutTop(std::max(text_height + 4, ui.touch() ? 44.0f : 24.0f));
  const bool is_asked = state.attribute == fact.attribute->id;
  if (is_asked) state.Follow(OpenMenu::kAttribute, place);
  const ui::PressableOptions options = {.radius = ui::kRadiusS,
                                        .takes_focus = is_asked && takes_focus == TakesFocus::kFact};
  const bool asked = ui.Pressable(place, fact.attribute->id, options, [&](ui::PressState press) {
    if (press.hovered) ui.Fill({place.x - 6, place.y, place.width + 12, place.height}, ui.theme().bg_sunken, 6);
    const Rect text = Rect{place.x + kNameWidth, place.y, text_width, place.height}.Centered(text_width, text_height);
    ui.Label({place.x, text.y, kNameWidth - 8, 20}, fact.name, {.color = ui.theme().ink_soft});
    const ui::Color ink = fact.value.empty() ? ui.theme().accent : ui.theme().ink;
    ui.Paragraph(text, shown, {.color = ink, .lines_max = 3});
  });
  rest.CutTop(1);
  if (!asked) return;
  state.attribute = fact.attribute->id;
  state.OpenFrom(OpenMenu::kAttribute, place);
  state.asked.text = fact.value;
  state.asked.Focus();
}

std::string StateOf(const wire::Conversation& conversation) {
  switch (conversation.state) {
    case wire::ConversationState::kQueued:
      if (!conversation.position) return std::string(strings::kWaiting);
      return ui::Fill(strings::kStateQueued, {std::to_string(*conversation.position)});
    case wire::ConversationState::kOpen:
      return std::string(strings::kStateOpen);
    case wire::ConversationState::kSnoozed:
      return std::string(strings::kStateSnoozed);
    case wire::ConversationState::kClosed:
      return std::string(strings::kStateClosed);
    case wire::ConversationState::kBot:
      return std::string(strings::kBot) + (conversation.bot ? " · " + conversation.bot->name : "");
    default:
      return {};
  }
}

void DrawAll(ui::Ui& ui, Rect& rest, const ConversationView& view, TakesFocus takes_focus, ConsoleState& state,
             ConsoleRequest& request) {
  Rect who = rest.CutTop(44);
  ui.Avatar(who.x, who.y, view.name, {.size = 44});
  who.CutLeft(56);
  Rect texts = who.Centered(who.width, 36);
  ui.Label(texts.CutTop(20), view.name, {.style = ui::kTextM.Bold()});
  ui.Label(texts, view.subtitle, {.style = ui::kTextS, .color = ui.theme().ink_soft});
  if (view.conversation->customer_verified.value_or(false)) {
    rest.CutTop(8);
    Rect verified = rest.CutTop(20);
    ui.DrawIcon(verified.CutLeft(20), ui::Icon::kCheck, ui.theme().good, 16);
    ui.Label(verified, strings::kIdentityVerified, {.style = ui::kTextS, .color = ui.theme().good});
  }
  rest.CutTop(20);

  ui.Label(rest.CutTop(16), strings::kDetails,
           {.style = ui::kTextS.Bold(), .color = ui.theme().ink_faint, .role = ui::Role::kHeading});
  rest.CutTop(8);
  const wire::Conversation& conversation = *view.conversation;
  DrawFact(ui, rest, strings::kDetailPage, ShortPage(conversation.page.value_or("")));
  DrawFact(ui, rest, strings::kDetailStarted, view.started);
  DrawFact(ui, rest, strings::kDetailState, StateOf(conversation));
  if (conversation.agent) DrawFact(ui, rest, strings::kDetailAgent, conversation.agent->name);
  DrawFact(ui, rest, strings::kDetailParticipants, view.participants);
  for (const Fact& fact : view.facts) {
    if (fact.attribute != nullptr) {
      DrawFactToSet(ui, rest, fact, takes_focus, state);
    } else {
      DrawFact(ui, rest, fact.name, fact.value);
    }
  }

  rest.CutTop(15);
  DrawTags(ui, rest, view, takes_focus == TakesFocus::kTag, state, request);

  // What one pastes into a ticket: whole, and out of the way.
  rest.CutTop(15);
  ui.Label(rest.CutTop(16), strings::kReference,
           {.style = ui::kTextS.Bold(), .color = ui.theme().ink_faint, .role = ui::Role::kHeading});
  rest.CutTop(6);
  for (const std::string* id : {&conversation.customer.id, &conversation.id}) {
    ui.Label(rest.CutTop(20), *id, {.style = ui::kTextS, .color = ui.theme().ink_soft});
  }
}

}  // namespace

void DrawDetails(ui::Ui& ui, const Rect& rect, const ConversationView& view, ConsoleState& state,
                 ConsoleRequest& request) {
  ui.Fill({rect.x, rect.y, 1, rect.height}, ui.theme().line);
  TakesFocus takes_focus = TakesFocus::kNothing;
  if (std::exchange(state.tagging_ended, false)) takes_focus = TakesFocus::kTag;
  if (state.TakesFocusBack(OpenMenu::kAttribute)) takes_focus = TakesFocus::kFact;
  const Rect inside = {rect.x + 1, rect.y, rect.width - 1, rect.height};
  ui.Scroll(inside, state.details, {.label = strings::kDetails}, [&](const ui::ScrollView& scrolled) {
    const Rect column = {scrolled.content.x, scrolled.content.y, scrolled.content.width, kScrolledHeightMax};
    Rect rest = column.Inset(16, 16);
    DrawAll(ui, rest, view, takes_focus, state, request);
    return rest.y + 16 - column.y;
  });
}

}  // namespace alcove::console
