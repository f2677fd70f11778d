#include <algorithm>
#include <string>
#include <utility>

#include "wasm-widget/client/view.h"
#include "wasm-widget/console/parts.h"
#include "wasm-widget/console/strings.h"
#include "wasm-widget/conversation/strings.h"
#include "wasm-widget/ui/strings.h"

namespace alcove::console {
namespace {

using ui::Rect;
using wire::ConversationState;

std::string WhyNoReply(const wire::Conversation& conversation) {
  if (conversation.state == ConversationState::kClosed) return std::string(strings::kIsClosed);
  if (conversation.bot) return ui::Fill(strings::kBotHasIt, {conversation.bot->name});
  if (!client::IsUnderWay(conversation) || !conversation.agent) return std::string(strings::kClaimToAnswer);
  return ui::Fill(strings::kHasIt, {conversation.agent->name});
}

void DrawHead(ui::Ui& ui, const Rect& rect, const ConsoleView& console, BackButton back, ConsoleState& state,
              ConsoleRequest& request) {
  const ConversationView& view = *console.open;
  ui.LineAcross(rect.x, rect.right(), rect.bottom() - 1, ui.theme().line);
  Rect row = rect.Inset(16, 0);
  if (back == BackButton::kShown) {
    if (ui.IconButton(row.CutLeft(32).Centered(32, 32), ui::Icon::kBack, strings::kBackToList)) request.back = true;
    row.CutLeft(4);
  }
  ui.Avatar(row.x, row.center_y() - 16, view.name, {.size = 32});
  row.CutLeft(42);

  // For those who go through by keyboard the name comes first.
  const ActionPlaces actions = PlaceActions(ui, row, rect.width, view);
  const ViewerPlaces viewers = PlaceViewers(ui, row, view);
  Rect texts = row.Centered(row.width, 36);
  ui.Label(texts.CutTop(20), view.name, {.style = ui::kTextM.Bold(), .role = ui::Role::kHeading});
  ui.Label(texts, view.subtitle, {.style = ui::kTextS, .color = ui.theme().ink_soft});
  DrawViewers(ui, viewers, view);
  DrawActions(ui, actions, console, state, request);
}

// Where the text box would be, and why it is not; a note can be written always.
void DrawNoReply(ui::Ui& ui, const Rect& rect, const ConsoleView& view, ConsoleState& state, ConsoleRequest& request) {
  ui.LineAcross(rect.x, rect.right(), rect.y, ui.theme().line);
  Rect row = rect.Inset(20, 0);
  DrawReadyButtons(ui, row, rect, view, state);
  const ui::ButtonOptions options = {.kind = ui::ButtonKind::kQuiet, .radius = 8};
  const auto place = [&](std::string_view label) {
    const Rect button = row.CutRight(ui.ButtonWidth(label, options));
    row.CutRight(8);
    return button.Centered(button.width, 34);
  };
  const Rect note = place(strings::kAddNote);
  const Rect whisper = view.open->can_whisper ? place(strings::kWhisper) : Rect();
  const std::string why = WhyNoReply(*view.open->conversation);
  const float height = std::min(ui.Measure(why, ui::kTextM, row.width).height, 2 * ui::kTextM.line);
  ui.Paragraph(row.Centered(row.width, height), why, {.color = ui.theme().ink_soft, .lines_max = 2});
  const auto begin = [&](Writing writing) {
    state.writing = writing;
    state.composer.Focus();
    request.mode_changed = true;
  };
  if (!whisper.empty() && ui.Button(whisper, strings::kWhisper, options)) begin(Writing::kWhisper);
  if (ui.Button(note, strings::kAddNote, options)) begin(Writing::kNote);
}

}  // namespace

Replies RepliesTo(const ConversationView& view) {
  const bool can = client::IsUnderWay(*view.conversation) && (view.mine || view.joined);
  return can ? Replies::kCan : Replies::kCannot;
}

bool CanWrite(const ConversationView& view, const ConsoleState& state) {
  return RepliesTo(view) == Replies::kCan || state.writing != Writing::kReply;
}

void DrawConversation(ui::Ui& ui, const Rect& rect, const ConsoleView& view, BackButton back, ConsoleState& state,
                      ConsoleRequest& request) {
  const ConversationView& open = *view.open;
  Rect rest = rect;
  const Replies replies = RepliesTo(open);
  // Whom it was to be whispered to has it no more: it stays among colleagues.
  if (state.writing == Writing::kWhisper && !open.can_whisper) state.writing = Writing::kNote;
  const bool can_write = CanWrite(open, state);
  const Rect foot = rest.CutBottom(can_write ? ReplyHeight(ui, rest.width, state) : 56);
  ui.Scope(open.conversation->id, [&] {
    DrawHead(ui, rest.CutTop(kHeadHeight), view, back, state, request);
    if (!view.notice.empty()) ui.Banner(rest.CutTop(36), view.notice, ui::Tone::kWarn);
    const float gutter = rest.width < 560 ? 16.0f : 28.0f;
    conversation::LogResult log = conversation::DrawLog(ui, rest, open.log, state.log,
                                                        {.label = std::string_view(open.name),
                                                         .version = open.log_version,
                                                         .gutter = gutter,
                                                         .bubble_width_max = std::min(520.0f, rest.width * 0.72f),
                                                         .typing = open.typing,
                                                         .has_earlier = open.has_earlier});
    request.retry = std::move(log.retry);
    request.discard = std::move(log.discard);
    request.earlier = log.wants_earlier;
    if (can_write) {
      DrawReply(ui, foot, view, replies, state, request);
    } else {
      DrawNoReply(ui, foot, view, state, request);
    }
  });
}

void DrawNoConversation(ui::Ui& ui, const Rect& rect, const ConsoleView& view) {
  if (view.connecting) return;
  std::string_view title = strings::kChooseTitle;
  std::string_view hint = strings::kChooseHint;
  if (view.mine_count + view.waiting_count == 0) {
    const bool accepting = view.agent.presence == wire::Presence::kOnline;
    title = accepting ? strings::kQuietTitle : strings::kAwayTitle;
    hint = accepting ? strings::kQuietHint : strings::kAwayHint;
  }
  const float width = std::min(rect.width - 48, 360.0f);
  const float hint_height = ui.Measure(hint, ui::kTextM, width).height;
  Rect rest = rect.Centered(width, 56 + 16 + 28 + 6 + hint_height);
  const Rect disc = rest.CutTop(56);
  ui.Circle(disc.center_x(), disc.center_y(), 28, ui.theme().accent_soft);
  ui.DrawIcon(disc, ui::Icon::kInbox, ui.theme().accent, 24);
  rest.CutTop(16);
  ui.Label(rest.CutTop(28), title,
           {.style = ui::kTextXl.Bold(), .align = ui::Align::kCenter, .role = ui::Role::kHeading});
  rest.CutTop(6);
  ui.Paragraph(rest, hint, {.color = ui.theme().ink_soft, .align = ui::Align::kCenter});
}

}  // namespace alcove::console
