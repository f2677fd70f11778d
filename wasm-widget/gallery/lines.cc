#include <array>
#include <string>
#include <string_view>

#include "wasm-widget/gallery/screen.h"

namespace alcove::gallery {
namespace {

using ui::Rect;

// One a script: Latin, Cyrillic, Greek, Arabic, Hebrew, Devanagari, Chinese, Japanese; the last three hold emoji, too.
constexpr std::array<std::string_view, 8> kTexts = {
    "The second parcel with the blue mug leaves the workshop tomorrow, and arrives on Friday.",
    "Вторая посылка с синей кружкой уйдёт из мастерской завтра и прибудет в пятницу.",
    "Το δεύτερο δέμα με τη γαλάζια κούπα φεύγει αύριο από το εργαστήριο και φτάνει την Παρασκευή.",
    "الطرد الثاني مع الكوب الأزرق يغادر الورشة غدًا ويصل يوم الجمعة، رقم الطلب 48213.",
    "החבילה השנייה עם הספל הכחול יוצאת מהסדנה מחר ומגיעה ביום שישי.",
    "नीले मग वाला दूसरा पार्सल कल कार्यशाला से निकलेगा और शुक्रवार को पहुँचेगा "
    "👩🏽‍💻",
    "装着蓝色杯子的第二个包裹明天从工坊发出，星期五到达，请放心等待 🙏",
    "青いマグカップが入った二つ目の荷物は、明日工房を出て、金曜日に届きます 🎉",
};

}  // namespace

void DrawLines(ui::Ui& ui, ui::ScrollState& scroll) {
  const Rect screen = ui.Screen();
  ui.Fill(screen, ui.theme().bg);
  ui.Group(ui::Role::kMain, "Lines", screen, [&] {
    ui.Scroll(screen, scroll, {.label = "Lines of text"}, [&](const ui::ScrollView& view) {
      Rect place = {view.content.x + 16, view.content.y + 16, view.content.width - 32, 0};
      for (int i = 0; i < kLines; ++i) {
        const auto n = static_cast<size_t>(i);
        const std::string text = std::to_string(i + 1) + ". " + std::string(kTexts[n % kTexts.size()]);
        const ui::TextStyle styles[] = {ui::kTextM, ui::kTextS, ui::kTextL, ui::kTextM.Bold()};
        // Each eighth text is of another script, and every style has each of them.
        const ui::TextStyle& style = styles[(n / kTexts.size()) % std::size(styles)];
        place.height = style.line;
        ui.Scope(std::to_string(i), [&] { ui.Paragraph(place, text, {.style = style, .lines_max = 1}); });
        place.y += place.height + 4;
      }
      return place.y + 12 - view.content.y;
    });
  });
}

std::vector<conversation::LogEntry> LongLog(int messages) {
  std::vector<conversation::LogEntry> entries;
  for (int i = 0; i < messages; ++i) {
    const bool mine = i % 3 == 0;
    conversation::LogEntry entry;
    entry.key = std::to_string(i);
    entry.text =
        "Message " + std::to_string(i + 1) + ": " + std::string(kTexts[static_cast<size_t>(i) % kTexts.size()]);
    entry.mine = mine;
    entry.spoken_before = mine ? "You:" : "Mara:";
    if (i % 4 == 0) entry.meta = mine ? "10:41 · Seen" : "Mara · 10:41";
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace alcove::gallery
