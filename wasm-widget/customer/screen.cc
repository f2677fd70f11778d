#include "wasm-widget/customer/screen.h"

#include <string>
#include <utility>

#include "wasm-widget/customer/parts.h"
#include "wasm-widget/customer/strings.h"
#include "wasm-widget/ui/strings.h"

namespace alcove::customer {
namespace {

using ui::Rect;

constexpr float kBannerHeight = 36;

// Says why there is no chat, and offers to ask once more.
void DrawRefusal(ui::Ui& ui, const Rect& rect, std::string_view notice, CustomerRequest& request) {
  constexpr float kButtonHeight = 40;
  const float width = rect.width - 64;
  const float height = ui.Measure(notice, ui::kTextM, width).height;
  Rect rest = rect.Centered(width, height + 16 + kButtonHeight);
  ui.Paragraph(rest.CutTop(height), notice, {.color = ui.theme().ink_soft, .align = ui::Align::kCenter});
  rest.CutTop(16);
  const ui::ButtonOptions options = {.kind = ui::ButtonKind::kOutline};
  const float button = ui.ButtonWidth(strings::kTryAgain, options) + 12;
  request.try_again = ui.Button(rest.Centered(button, kButtonHeight), strings::kTryAgain, options);
}

void DrawTalk(ui::Ui& ui, const Rect& rect, const CustomerView& view, CustomerState& state, CustomerRequest& request) {
  const std::string_view with = view.agent_name.empty() ? view.site_name : view.agent_name;
  const std::string label = ui::Fill(strings::kConversationWith, {with});
  conversation::LogResult result = conversation::DrawLog(ui, rect, view.log, state.log,
                                                         {.label = label,
                                                          .version = view.log_version,
                                                          .typing = view.typing,
                                                          .has_earlier = view.has_earlier,
                                                          .quick_replies = view.quick_replies});
  request.retry = std::move(result.retry);
  request.discard = std::move(result.discard);
  request.quick_reply = std::move(result.quick_reply);
  request.earlier = result.wants_earlier;
}

// Says that no person answers, and offers one.
void DrawBotBanner(ui::Ui& ui, const Rect& rect, const CustomerView& view, CustomerRequest& request) {
  const std::string_view text = view.handing_over ? strings::kWaitingForSomebody.text() : strings::kBotAnswers.text();
  const std::string_view action = view.handing_over ? std::string_view() : strings::kAskForPerson.text();
  request.hand_over = ui.Banner(rect, text, ui::Tone::kNeutral, action);
}

// What stands between the header and the foot.
void DrawPhase(ui::Ui& ui, const Rect& rect, const CustomerView& view, CustomerState& state, CustomerRequest& request) {
  switch (view.phase) {
    case Phase::kConnecting:
      break;
    case Phase::kRefused:
      DrawRefusal(ui, rect, view.notice.empty() ? strings::kChatUnavailable : view.notice, request);
      break;
    case Phase::kFresh:
      DrawWelcome(ui, rect, view, state, request);
      break;
    case Phase::kWaiting: {
      Rect log = rect;
      const Rect card = log.CutBottom(kQueueCardHeight);
      DrawTalk(ui, log, view, state, request);
      DrawQueueCard(ui, card, view);
      break;
    }
    case Phase::kTalking: {
      Rect log = rect;
      const Rect banner = view.with_bot ? log.CutBottom(kBannerHeight) : Rect{};
      DrawTalk(ui, log, view, state, request);
      if (view.with_bot) DrawBotBanner(ui, banner, view, request);
      break;
    }
    case Phase::kEnded:
      DrawTalk(ui, rect, view, state, request);
      break;
  }
}

}  // namespace

CustomerRequest DrawCustomer(ui::Ui& ui, const CustomerView& view, CustomerState& state) {
  CustomerRequest request;
  Rect rest = ui.Screen();
  ui.Fill(rest, ui.theme().bg);
  const bool is_asked = view.phase == Phase::kFresh && !view.form.empty();
  const bool is_open = view.phase == Phase::kFresh || view.phase == Phase::kWaiting || view.phase == Phase::kTalking;
  const bool can_write = is_open && !is_asked;
  // Cut from the bottom first: where there is little room, the way to write is what stays.
  Rect foot;
  if (can_write) foot = rest.CutBottom(ComposerHeight(ui, rest.width, state));
  if (view.phase == Phase::kEnded) foot = rest.CutBottom(kEndedHeight);

  if (!view.can_end) state.menu = Menu::kClosed;
  const Rect header = {rest.x, rest.y, rest.width, kHeaderHeight};
  if (view.phase != Phase::kFresh) DrawHeader(ui, rest.CutTop(kHeaderHeight), view, state, request);
  if (view.superseded) {
    request.take_over =
        ui.Banner(rest.CutTop(kBannerHeight), strings::kOpenElsewhere, ui::Tone::kWarn, strings::kUseHere);
  } else if (!view.connected && view.phase != Phase::kConnecting) {
    ui.Banner(rest.CutTop(kBannerHeight), strings::kReconnecting, ui::Tone::kWarn);
  } else if (view.started_over) {
    ui.Banner(rest.CutTop(kBannerHeight), strings::kStartedOver, ui::Tone::kNeutral);
  }
  const Rect main = {rest.x, rest.y, rest.width, ui.Screen().bottom() - rest.y};
  ui.Group(ui::Role::kMain, strings::kChat, main, [&] {
    DrawPhase(ui, rest, view, state, request);
    if (can_write) DrawComposer(ui, foot, state, request);
    if (view.phase == Phase::kEnded) DrawEnded(ui, foot, state, request);
    DrawMenu(ui, header, state, request);
  });
  if (view.framed && ui.Pressed(ui::Key::kEscape)) request.close_panel = true;
  return request;
}

}  // namespace alcove::customer
