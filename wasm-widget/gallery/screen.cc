#include "wasm-widget/gallery/screen.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace alcove::gallery {

const char* const kPictureUrl =
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='320' height='200'%3E%3CradialGradient id='g' "
    "r='1'%3E%3Cstop stop-color='%23b7c7fb'/%3E%3Cstop offset='1' "
    "stop-color='%232f5bea'/%3E%3C/radialGradient%3E%3Crect "
    "width='320' height='200' fill='url(%23g)'/%3E%3Ccircle cx='160' cy='100' r='56' fill='%23fff'/%3E%3C/svg%3E";

namespace {

using ui::Rect;

constexpr float kCardWidth = 392;
constexpr float kGap = 16;
constexpr float kRow = 36;

// What draws a section, and how much room it wants under its heading.
struct Section {
  std::string_view title;
  float height;
  void (*draw)(ui::Ui&, ui::Pictures&, Rect, GalleryState&);
};

void Texts(ui::Ui& ui, ui::Pictures&, Rect rest, GalleryState&) {
  ui.Label(rest.CutTop(32), "Two extra large", {.style = ui::kTextXxl.Bold(), .role = ui::Role::kHeading});
  ui.Label(rest.CutTop(28), "Extra large", {.style = ui::kTextXl.Bold()});
  ui.Label(rest.CutTop(24), "Large", {.style = ui::kTextL});
  ui.Label(rest.CutTop(20), "Medium, the size of messages");
  ui.Label(rest.CutTop(16), "Small, in a softer ink", {.style = ui::kTextS, .color = ui.theme().ink_soft});
  rest.CutTop(8);
  const float height = ui.Paragraph(
      rest,
      "Wrapped where it must be, and cut after two lines with an ellipsis where there is more to be said than room "
      "for it, as in the preview of a conversation in a list.",
      {.color = ui.theme().ink_soft, .lines_max = 2});
  rest.CutTop(height + 8);
  ui.Label(rest.CutTop(20), "One line that is too long for the card that it stands on ends so");
  rest.CutTop(4);
  ui.Paragraph(rest,
               "مرحبا · שלום · नमस्ते · 您好 · こんにちは · 👩🏽‍💻🇺🇳");
}

void Buttons(ui::Ui& ui, ui::Pictures&, Rect rest, GalleryState& state) {
  struct Kind {
    std::string_view name;
    ui::ButtonKind kind;
  };
  constexpr Kind kKinds[] = {{"Primary", ui::ButtonKind::kPrimary},
                             {"Outline", ui::ButtonKind::kOutline},
                             {"Danger", ui::ButtonKind::kDanger},
                             {"Quiet", ui::ButtonKind::kQuiet},
                             {"Link", ui::ButtonKind::kLink}};
  ui::Flow flow(rest, 8);
  for (const bool enabled : {true, false}) {
    for (const Kind& kind : kKinds) {
      const std::string label = enabled ? std::string(kind.name) : std::string(kind.name) + " off";
      const ui::ButtonOptions options = {.kind = kind.kind, .enabled = enabled};
      if (ui.Button(flow.Next({ui.ButtonWidth(label, options), kRow}), label, options)) state.last = label;
    }
  }
  const ui::ButtonOptions with_icon = {.icon = ui::Icon::kPlus};
  if (ui.Button(flow.Next({ui.ButtonWidth("With an icon", with_icon), kRow}), "With an icon", with_icon)) {
    state.last = "With an icon";
  }
}

void IconButtons(ui::Ui& ui, ui::Pictures&, Rect rest, GalleryState& state) {
  ui::Flow flow(rest, 8);
  const auto draw = [&](ui::Icon icon, std::string_view label, const ui::IconButtonOptions& options) {
    const Rect place = flow.Next({kRow, kRow});
    if (ui.IconButton(place, icon, label, options)) state.last = label;
    ui.Tooltip(place, label);
  };
  draw(ui::Icon::kAttach, "Attach", {});
  draw(ui::Icon::kSend, "Send", {.kind = ui::IconButtonKind::kPrimary, .radius = ui::kRadiusFull});
  draw(ui::Icon::kInbox, "Inbox, 7 new", {.kind = ui::IconButtonKind::kSelected, .badge = 7});
  draw(ui::Icon::kSettings, "Settings", {.pressed = ui::Toggle::kOn});
  draw(ui::Icon::kVoice, "No voice", {.enabled = false});
  draw(ui::Icon::kSend, "Nothing to send", {.kind = ui::IconButtonKind::kPrimary, .enabled = false});
  for (const ui::Icon icon :
       {ui::Icon::kBack, ui::Icon::kClose, ui::Icon::kRetry, ui::Icon::kCheck, ui::Icon::kCheckDouble, ui::Icon::kClock,
        ui::Icon::kAlert, ui::Icon::kPerson, ui::Icon::kReports, ui::Icon::kBook, ui::Icon::kSearch,
        ui::Icon::kChevronDown, ui::Icon::kChevronRight, ui::Icon::kSignOut, ui::Icon::kPlus, ui::Icon::kLogo,
        ui::Icon::kArrowDown}) {
    ui.DrawIcon(flow.Next({24, kRow}), icon, ui.theme().ink_soft);
  }
}

void Chips(ui::Ui& ui, ui::Pictures&, Rect rest, GalleryState& state) {
  ui.Link(rest.CutTop(24), "A link that opens beside the page", "https://alcove.example/");
  rest.CutTop(8);
  ui::Flow quick(rest, 8);
  const auto place = [&](std::string_view text, const ui::ChipOptions& options) {
    return quick.Next({ui.ChipButtonWidth(text, options), ui::Ui::kChipButtonHeight});
  };
  if (ui.ChipButton(place("Track my order", {}), "Track my order")) state.last = "Track my order";
  const ui::ChipOptions filter = {.pressed = state.filter ? ui::Toggle::kOn : ui::Toggle::kOff};
  if (ui.ChipButton(place("Only mine", filter), "Only mine", filter)) state.filter = !state.filter;
  const ui::ChipOptions cross = {.icon = ui::Icon::kClose, .label = "Take off billing"};
  if (state.tagged && ui.ChipButton(place("billing", cross), "billing", cross)) state.tagged = false;
  const ui::ChipOptions off = {.enabled = false};
  ui.ChipButton(place("Not now", off), "Not now", off);
  rest.CutTop(quick.height() + 12);
  ui::Flow flow(rest, 6);
  constexpr std::pair<std::string_view, ui::Tone> kTones[] = {{"Neutral", ui::Tone::kNeutral},
                                                              {"Good", ui::Tone::kGood},
                                                              {"Warn", ui::Tone::kWarn},
                                                              {"Bad", ui::Tone::kBad},
                                                              {"Accent", ui::Tone::kAccent}};
  for (const auto& [name, tone] : kTones) {
    const Rect chip = flow.Next({ui.ChipWidth(name), ui::Ui::kChipHeight});
    ui.Chip(chip.x, chip.y, name, tone);
  }
  for (const int count : {2, 48, 120}) {
    const Rect badge = flow.Next({34, ui::Ui::kChipHeight});
    ui.Badge(badge.right(), badge.center_y(), count, count == 2 ? ui::Tone::kAccent : ui::Tone::kBad);
  }
}

void Switches(ui::Ui& ui, ui::Pictures&, Rect rest, GalleryState& state) {
  const auto row = [&] {
    const Rect line = rest.CutTop(28);
    rest.CutTop(8);
    return line;
  };
  if (ui.Switch(row(), "Tell me what is new", state.news)) state.last = state.news ? "News on" : "News off";
  ui.Switch(row(), "Sound", state.sound);
  ui.Switch(row(), "Set by the owner", state.sealed, {.enabled = false});
  if (ui.Checkbox(row(), "I have read it", state.terms)) state.last = state.terms ? "Read" : "Not read";
  ui.Checkbox(row(), "Later", state.later);
  ui.Checkbox(row(), "Not to be ticked", state.sealed, {.enabled = false});
  ui.Switch(row(), "On, and set by the owner", state.sealed_on, {.enabled = false});
}

// A field's place under its label; moves `rest` below it.
Rect Field(ui::Ui& ui, Rect& rest, float height, std::string_view label) {
  ui.Label(rest.CutTop(20), label, {.style = ui::kTextS.Medium(), .silent = true});
  rest.CutTop(4);
  const Rect box = rest.CutTop(height);
  rest.CutTop(12);
  return box;
}

void Fields(ui::Ui& ui, ui::Pictures&, Rect rest, GalleryState& state) {
  const auto field = [&](float height, std::string_view label) { return Field(ui, rest, height, label); };
  ui.TextBox(field(38, "Name"), state.name, {.label = "Name", .placeholder = "Mara Kovač", .autocomplete = "off"});
  const ui::TextBoxOptions message = {.label = "Message", .placeholder = "Write a message…", .lines_max = 4};
  if (ui.TextBox(field(ui.TextBoxHeight(rest.width, state.message, message), "Message"), state.message, message)
          .submitted) {
    state.last = "Sent: " + state.message.Take();
  }
  ui.TextBox(field(38, "Secret"), state.secret, {.label = "Secret", .password = true});
  ui.TextBox(field(38, "Wrong"), state.wrong, {.label = "Wrong", .placeholder = "Not an address", .invalid = true});
  Rect last = field(38, "Day, and a choice");
  Rect day = last.CutLeft((last.width - 12) / 2);
  last.CutLeft(12);
  if (ui.DateField(day, state.day, {.label = "Day"})) state.last = "Day " + state.day;
  const ui::SelectOption options[] = {
      {"Accepting", ui.theme().good}, {"Away", ui.theme().warn}, {"Offline", ui.theme().ink_faint}};
  state.choice = ui.Select(last, "Presence", options, state.choice);
}

// Those of one row stand side by side.
void OddFields(ui::Ui& ui, ui::Pictures&, Rect rest, GalleryState& state) {
  const auto halves = [](Rect row) {
    const Rect first = row.CutLeft((row.width - 12) / 2);
    row.CutLeft(12);
    return std::pair{first, row};
  };
  ui.TextBox(Field(ui, rest, 38, "Off"), state.given, {.label = "Off", .enabled = false});
  const auto [fixed, only] = halves(Field(ui, rest, 38, "A day and a choice that are off"));
  ui.DateField(fixed, state.fixed_day, {.label = "Fixed day", .enabled = false});
  const ui::SelectOption languages[] = {{"English"}};
  ui.Select(only, "Language", languages, 0, false);
  const Rect address = Field(ui, rest, 38, "Wrong, and why");
  constexpr std::string_view kWhy = "This is not an e-mail address.";
  ui.TextBox(address, state.address, {.label = "E-mail"});
  ui.MarkWrong(address, kWhy);
  ui.Label(rest.CutTop(16), kWhy, {.style = ui::kTextS, .color = ui.theme().bad, .silent = true});
  rest.CutTop(12);
  const auto [late, reason] = halves(Field(ui, rest, 38, "A day and a choice that are wrong"));
  ui.DateField(late, state.late_day, {.label = "Late day", .invalid = true});
  const ui::SelectOption reasons[] = {{"Choose…"}, {"A return"}};
  state.reason = ui.Select(reason, "Reason", reasons, state.reason);
  if (state.reason == 0) ui.MarkWrong(reason, "Please choose one.", {.radius = 8});
}

void Lists(ui::Ui& ui, ui::Pictures&, Rect rest, GalleryState& state) {
  const ui::Tab tabs[] = {{"Mine", 4}, {"Waiting", 3}, {"Closed", 0}};
  state.tab = ui.Tabs(rest.CutTop(32), "Views", tabs, state.tab);
  rest.CutTop(8);
  const ui::ScrollOptions options = {.label = "A thousand rows", .role = ui::Role::kListBox};
  ui.VirtualList(rest, state.list, options, 1000, 44, [&](int index, const Rect& row) {
    const std::string name = "Customer " + std::to_string(index + 1);
    const bool pressed = ui.Row(row, "row", state.row == index, [&](ui::PressState) {
      Rect inside = row.Inset(12, 0);
      ui.Avatar(inside.x, row.center_y() - 14, name, {.size = 28, .online = index % 3 == 0});
      inside.CutLeft(40);
      ui.Label(inside, name);
      ui.Badge(row.right() - 12, row.center_y(), index % 4, ui::Tone::kAccent);
    });
    if (pressed) state.row = index;
  });
}

void Over(ui::Ui& ui, ui::Pictures&, Rect rest, GalleryState& state) {
  ui::Flow flow(rest, 8);
  const ui::ButtonOptions outline = {.kind = ui::ButtonKind::kOutline};
  const Rect menu = flow.Next({ui.ButtonWidth("Open the menu", outline), kRow});
  state.menu_anchor = menu;
  ui::ButtonOptions opener = outline;
  opener.takes_focus = state.menu_closed;
  if (ui.Button(menu, "Open the menu", opener)) {
    state.menu_open = true;
    state.menu.moved = true;
  }
  if (ui.Button(flow.Next({ui.ButtonWidth("Ask something", outline), kRow}), "Ask something", outline)) {
    state.dialog_open = true;
  }
  if (ui.Button(flow.Next({ui.ButtonWidth("Show a toast", outline), kRow}), "Show a toast", outline))
    state.toast = true;
  if (!state.gave_up && ui.Button(flow.Next({ui.ButtonWidth("Goes away", outline), kRow}), "Goes away", outline)) {
    state.gave_up = true;
  }
  rest.CutTop(flow.height() + 12);
  ui.Banner(rest.CutTop(36), "Reconnecting…", ui::Tone::kWarn);
  rest.CutTop(8);
  if (ui.Banner(rest.CutTop(36), "It could not be sent.", ui::Tone::kBad, "Try again")) state.last = "Try again";
  constexpr std::pair<std::string_view, ui::Tone> kNews[] = {{"A new chat.", ui::Tone::kNeutral},
                                                             {"It is sent.", ui::Tone::kGood},
                                                             {"Two colleagues are here.", ui::Tone::kAccent}};
  for (const auto& [text, tone] : kNews) {
    rest.CutTop(8);
    ui.Banner(rest.CutTop(36), text, tone);
  }
  rest.CutTop(16);
  ui.Progress(rest.CutTop(12), {.label = "Uploading", .part = 0.42f});
  rest.CutTop(10);
  ui.Progress(rest.CutTop(12), {.label = "Done", .part = 1.0f});
}

void People(ui::Ui& ui, ui::Pictures& pictures, Rect rest, GalleryState&) {
  Rect row = rest.CutTop(48);
  for (const auto& [name, size] : {std::pair<std::string_view, float>{"Mara Kovač", 44},
                                   {"Jonas Okafor", 36},
                                   {"李 小龙", 32},
                                   {"Visitor 4821", 28}}) {
    ui.Avatar(row.x, row.center_y() - size / 2, name,
              {.size = size, .online = size > 34, .ring = ui.theme().bg_raised});
    row.CutLeft(size + 14);
  }
  rest.CutTop(12);
  // Each over the one before.
  row = rest.CutTop(40);
  for (const std::string_view name : {"Mara Kovač", "Jonas Okafor", "Ada Lund"}) {
    ui.Avatar(row.x + 4, row.center_y() - 16, name, {.size = 32, .ring = ui.theme().bg_raised, .outlined = true});
    row.CutLeft(28);
  }
  rest.CutTop(12);
  ui.Image(rest.CutTop(150), pictures, kPictureUrl, "A white disc on blue", 10);
  rest.CutTop(12);
  ui.Image(rest.CutTop(60), pictures, "data:image/png;base64,broken", "A picture that did not come", 10);
}

// On its way for good, as from a server that is slow.
class SlowPictures : public ui::Pictures {
 public:
  State StateOf(std::string_view) override { return State::kLoading; }
  void Rasterise(std::string_view, const ui::Pixels&) override {}
};

void Waiting(ui::Ui& ui, ui::Pictures&, Rect rest, GalleryState& state) {
  SlowPictures slow;
  ui.Image(rest.CutTop(100), slow, "slow", "A picture on its way", 10);
  rest.CutTop(16);
  // It moves, and nothing here does before somebody asks for it.
  ui.Switch(rest.CutTop(28), "Wait for an answer", state.waiting);
  rest.CutTop(12);
  if (state.waiting) ui.Progress(rest.CutTop(12), {.label = "Waiting for an answer"});
}

void Bubbles(ui::Ui& ui, ui::Pictures&, Rect rest, GalleryState&) {
  const auto next = [&](const Rect& bubble) { rest.CutTop(bubble.height + 6); };
  next(ui.Bubble(rest, "Hello Priya! I can see order #48213 — is it about the missing item?",
                 {.spoken_before = "Mara:"}));
  next(ui.Bubble(rest, "Yes! The blue mug wasn’t in the box.", {.side = ui::BubbleSide::kMe, .spoken_before = "You:"}));
  next(ui.Bubble(rest, "وصلت الطلبية ناقصة، من فضلك", {.side = ui::BubbleSide::kMe, .spoken_before = "You:"}));
  next(ui.Bubble(rest, "On its way…", {.side = ui::BubbleSide::kMe, .spoken_before = "You:", .opacity = 0.7f}));
  next(ui.Bubble(rest, "@jonas batch 7 shipped separately", {.side = ui::BubbleSide::kNote, .spoken_before = "Note:"}));
  next(ui.Bubble(rest, "Confirmed, second parcel leaves today.",
                 {.side = ui::BubbleSide::kTheirNote, .spoken_before = "Note:"}));
  next(ui.Bubble(rest, "The first of two", {.last_of_group = false, .spoken_before = "Mara:"}));
  next(ui.Bubble(rest, "https://alcove.example/averyveryverylongaddresswithoutanyplacetobreakitanywhere",
                 {.spoken_before = "Mara:"}));
  next(ui.Bubble(rest,
                 "It is **bold**, *italic* or `code`:\n- a [page](https://alcove.example/) that opens beside this one\n"
                 "- an item whose lines stand under its words\n```\nif (late) ship();\n```",
                 {.spoken_before = "Mara:"}));
  next(ui.Bubble(rest, "الطلب **48213** في [الصفحة](https://alcove.example/ar) الآن",
                 {.side = ui::BubbleSide::kMe, .spoken_before = "You:"}));
}

void Charts(ui::Ui& ui, ui::Pictures&, Rect rest, GalleryState&) {
  constexpr float kTalks[] = {40, 70, 60, 106, 94, 120, 86, 128, 110, 140, 124, 150, 132, 160};
  constexpr float kBots[] = {20, 30, 26, 40, 36, 50, 38, 52, 48, 62, 56, 68, 64, 80};
  constexpr std::string_view kDays[] = {"26 Oct", "8 Nov", "22 Nov"};
  const ui::Series series[] = {
      {.label = "All", .values = kTalks},
      {.label = "By the assistant", .values = kBots, .dashed = true, .color = ui.theme().good}};
  ui.LineChart(rest.CutTop(150), series, {.label = "Conversations a day", .ticks = kDays});
  rest.CutTop(16);
  constexpr float kBars[] = {3, 5, 9, 14, 22, 18, 12, 7};
  constexpr std::string_view kHours[] = {"8:00", "12:00", "16:00"};
  ui.BarChart(rest.CutTop(100), kBars, {.label = "Conversations an hour", .ticks = kHours});
  rest.CutTop(16);
  constexpr std::string_view kWeek[] = {"Mon", "Tue", "Wed", "Thu"};
  std::array<float, 44> values;
  for (size_t i = 0; i < values.size(); ++i) {
    const float hour = static_cast<float>(i % 11) - 5;
    values[i] = std::exp(-hour * hour / (6 + static_cast<float>(i / 11)));
  }
  ui.HeatMap(rest.CutTop(92), {.label = "When customers write", .rows = kWeek, .columns = 11, .values = values});
}

constexpr Section kSections[] = {
    {"Text", 224, Texts},
    {"Buttons", 178, Buttons},
    {"Icon buttons, with hints", 110, IconButtons},
    {"Links, chips, badges", 172, Chips},
    {"Switches", 246, Switches},
    {"Fields", 376, Fields},
    {"Fields that are off or wrong", 318, OddFields},
    {"Tabs and a list", 300, Lists},
    {"Over the rest, and news", 360, Over},
    {"People and pictures", 338, People},
    {"Messages", 588, Bubbles},
    {"Charts", 378, Charts},
    {"What is on its way", 168, Waiting},
};

void DrawSection(ui::Ui& ui, ui::Pictures& pictures, const Section& section, const Rect& card, GalleryState& state) {
  ui.Group(ui::Role::kGroup, section.title, card, [&] {
    ui.Card(card);
    Rect rest = card.Inset(20, 16);
    ui.Label(rest.CutTop(24), section.title, {.style = ui::kTextL.Bold(), .role = ui::Role::kHeading});
    rest.CutTop(12);
    section.draw(ui, pictures, rest, state);
  });
}

void DrawOver(ui::Ui& ui, const Rect& screen, GalleryState& state) {
  if (state.menu_open) {
    const ui::MenuItem items[] = {{"Transfer"}, {"Snooze", "1 h"}, {"End the conversation", "", ui.theme().bad}};
    const ui::MenuResult result = ui.Menu(state.menu_anchor, 220, "Actions", items, state.menu);
    if (result.chosen >= 0) state.last = items[result.chosen].label;
    if (result.chosen >= 0 || result.closed) {
      state.menu_open = false;
      state.menu.moved = true;
    }
  }
  if (state.dialog_open) {
    const bool closes = ui.Dialog(360, 96, "Close this conversation?", [&](const Rect& inside) {
      Rect rest = inside;
      ui.Paragraph(rest.CutTop(40), "The customer is told, and can write again.", {.color = ui.theme().ink_soft});
      Rect row = rest.CutBottom(40);
      Rect keep = row.CutLeft((row.width - 8) / 2);
      row.CutLeft(8);
      if (ui.Button(keep, "Go on", {.kind = ui::ButtonKind::kOutline})) state.dialog_open = false;
      if (ui.Button(row, "Close it", {.kind = ui::ButtonKind::kDanger})) {
        state.dialog_open = false;
        state.last = "Closed it";
      }
    });
    if (closes) state.dialog_open = false;
  }
  if (state.toast) ui.Toast(screen, "Copied to the clipboard");
}

}  // namespace

void DrawGallery(ui::Ui& ui, ui::Pictures& pictures, GalleryState& state) {
  const Rect screen = ui.Screen();
  ui.Fill(screen, ui.theme().bg_sunken);
  // Here, since what is scrolled is laid out twice.
  state.menu_closed = !state.menu_open && std::exchange(state.menu.moved, false);
  ui.Group(ui::Role::kMain, "The controls", screen, [&] {
    ui.Scroll(screen, state.page, {.label = "All controls"}, [&](const ui::ScrollView& view) {
      Rect rest = {view.content.x, view.content.y, view.content.width, 1e5f};
      rest = rest.Inset(std::min(32.0f, rest.width * 0.04f), 24);
      ui.Label(rest.CutTop(32), "The controls of Alcove", {.style = ui::kTextXxl.Bold(), .role = ui::Role::kHeading});
      const std::string last = state.last.empty() ? "Nothing was done yet." : "Last: " + state.last;
      ui.Label(rest.CutTop(24), last, {.color = ui.theme().ink_soft});
      rest.CutTop(16);
      // In columns, each section into the one that is the shortest.
      const int columns = std::max(1, static_cast<int>((rest.width + kGap) / (kCardWidth + kGap)));
      const float width = (rest.width - kGap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
      std::vector<float> ends(static_cast<size_t>(columns), rest.y);
      for (const Section& section : kSections) {
        const auto shortest = std::min_element(ends.begin(), ends.end());
        const float x = rest.x + static_cast<float>(shortest - ends.begin()) * (width + kGap);
        const Rect card = {x, *shortest, width, section.height + 24 + 12 + 32};
        DrawSection(ui, pictures, section, card, state);
        *shortest = card.bottom() + kGap;
      }
      return *std::max_element(ends.begin(), ends.end()) + 8 - view.content.y;
    });
    DrawOver(ui, screen, state);
  });
}

}  // namespace alcove::gallery
