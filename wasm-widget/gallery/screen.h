// The gallery: the controls of ../ui in their states, on cards that flow. Data in, as the faces are; what a person does
// with a control changes `state` and is told in its line "Last: ...".
#pragma once

#include <string>
#include <vector>

#include "wasm-widget/conversation/draw_log.h"
#include "wasm-widget/ui/pictures.h"
#include "wasm-widget/ui/ui.h"

namespace alcove::gallery {

struct GalleryState {
  std::string last;  // what was done last
  ui::ScrollState page, list;
  ui::TextBoxState name, message, secret, wrong;
  ui::TextBoxState given = {.text = "Given by the site"}, address = {.text = "priya"};
  std::string day = "2026-11-28", late_day = "2019-02-28", fixed_day = "2026-12-24";
  bool news = true, sound = false, terms = true, later = false, sealed = false, sealed_on = true;
  bool filter = true, tagged = true;
  int tab = 0, choice = 1, reason = 0, row = -1;
  bool menu_open = false, dialog_open = false, toast = false, gave_up = false, waiting = false;
  bool menu_closed = false;  // in the last frame: its button has the keyboard again
  ui::MenuState menu;
  ui::Rect menu_anchor;
};
void DrawGallery(ui::Ui& ui, ui::Pictures& pictures, GalleryState& state);

// Lines of text in eight scripts, for those who measure whether what is drawn lies under what is selected.
inline constexpr int kLines = 200;
void DrawLines(ui::Ui& ui, ui::ScrollState& scroll);

// A conversation of so many messages.
std::vector<conversation::LogEntry> LongLog(int messages);

// A picture that needs no server.
extern const char* const kPictureUrl;

}  // namespace alcove::gallery
