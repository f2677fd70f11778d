// The loop: the browser calls, the face draws a frame if something happened, and all sleeps again.
#include <cmath>

#include "wasm-widget/platform/app.h"
#include "wasm-widget/platform/browser.h"
#include "wasm-widget/platform/canvas_text.h"
#include "wasm-widget/platform/javascript.h"
#include "wasm-widget/platform/mirror.h"
#include "wasm-widget/platform/renderer.h"
#include "wasm-widget/ui/phrase.h"

namespace alcove::platform {

namespace {

// One face a page, from its start to the page's end.
struct Face {
  explicit Face(App& its_app) : app(its_app) {}
  App& app;
  Browser browser;
  CanvasText text;
  ui::Ui ui{text};
  Mirror mirror;
  ui::Theme theme;  // as the page's styles have it
  bool themed = false;
};

Face* face = nullptr;

uint32_t Rgba(ui::Color color) {
  return static_cast<uint32_t>(color.red) << 24 | static_cast<uint32_t>(color.green) << 16 |
         static_cast<uint32_t>(color.blue) << 8 | color.alpha;
}

// What the page itself draws: typed text, the caret, selections, scroll bars.
void StylePage(const ui::Theme& theme) {
  if (face->themed && face->theme.accent == theme.accent && face->theme.ink == theme.ink &&
      face->theme.off == theme.off) {
    return;
  }
  face->themed = true;
  face->theme = theme;
  js_theme(Rgba(theme.ink), Rgba(theme.ink_faint), Rgba(theme.off), Rgba(theme.accent), Rgba(theme.line_strong),
           Rgba(theme.accent.WithAlpha(0.3f)));
}

double DrawOneFrame(const ui::FrameInput& input) {
  face->ui.Begin(input);
  face->app.Frame(face->ui);
  face->ui.End();
  DrawFrame(face->ui.drawn());
  StylePage(face->ui.theme());
  face->mirror.Sync(face->ui.nodes());
  return face->ui.NextFrameInMs();
}

}  // namespace

void Run(App& app) {
  // Nothing to draw on: the page says so already.
  if (js_start() == 0) return;
  face = new Face(app);
  js_mirror_start();
  js_page_start();
  app.Start(face->browser);
  js_wake();
}

}  // namespace alcove::platform

using alcove::platform::face;
namespace ui = alcove::ui;

// ---------------------------------------------------------------- called by js/*.js

// Milliseconds until the next frame: 0 at once, below 0 when something happens. `settings`: 1 dark, 2 little motion, 4
// touch, 8 read from the right, 16 high contrast.
ALCOVE_EXPORT(on_frame)
double on_frame(double now_ms, float width, float height, float device_pixel_ratio, int settings) {
  return alcove::platform::DrawOneFrame({.width = width,
                                         .height = height,
                                         .device_pixel_ratio = device_pixel_ratio,
                                         .now_ms = now_ms,
                                         .scheme = (settings & 1) != 0 ? ui::Scheme::kDark : ui::Scheme::kLight,
                                         .high_contrast = (settings & 16) != 0,
                                         .reduced_motion = (settings & 2) != 0,
                                         .touch = (settings & 4) != 0,
                                         .right_to_left = (settings & 8) != 0});
}
ALCOVE_EXPORT(on_context_restored) void on_context_restored() { face->ui.OnContextLost(); }
ALCOVE_EXPORT(text_rasterised) int text_rasterised() { return face->ui.text_use().rasterised_in_frame; }
ALCOVE_EXPORT(text_pixels) int text_pixels() { return face->ui.text_use().pixels; }

ALCOVE_EXPORT(on_click) void on_click(uint32_t id, int shift) {
  face->ui.OnClick(id, shift != 0 ? ui::Ui::Shift::kHeld : ui::Ui::Shift::kUp);
}
ALCOVE_EXPORT(on_hover) void on_hover(uint32_t id) { face->ui.OnHover(id); }
ALCOVE_EXPORT(on_hold) void on_hold(uint32_t id) { face->ui.OnHold(id); }
ALCOVE_EXPORT(on_focus) void on_focus(uint32_t id) { face->ui.OnFocus(id); }
ALCOVE_EXPORT(on_submit) void on_submit(uint32_t id) { face->ui.OnSubmit(id); }
// Whether anything on screen asked for the key.
ALCOVE_EXPORT(on_key) int on_key(int key) { return face->ui.OnKey(static_cast<ui::Key>(key)) ? 1 : 0; }
ALCOVE_EXPORT(on_input) void on_input(uint32_t id, const char* text, size_t size) {
  face->mirror.OnInput(id, {text, size});
  face->ui.OnInput(id, {text, size});
}
ALCOVE_EXPORT(on_choose) void on_choose(uint32_t id, int index) {
  face->mirror.OnChoose(id, index);
  face->ui.OnChoose(id, index);
}
ALCOVE_EXPORT(on_scroll) void on_scroll(uint32_t id, float top) {
  face->mirror.OnScroll(id, top);
  face->ui.OnScroll(id, top);
}

ALCOVE_EXPORT(add_words)
void add_words(const char* english, size_t english_size, const char* text, size_t text_size) {
  ui::AddWords({english, english_size}, {text, text_size});
}
ALCOVE_EXPORT(on_tick) void on_tick() { face->app.OnTick(); }
ALCOVE_EXPORT(on_visible) void on_visible(int visible) { face->app.OnVisible(visible != 0); }
ALCOVE_EXPORT(on_online) void on_online(int online) { face->app.OnOnline(online != 0); }
ALCOVE_EXPORT(on_page_show) void on_page_show() { face->app.OnPageShow(); }
ALCOVE_EXPORT(on_loader) void on_loader(int opened) {
  if (opened != 0) {
    face->app.OnOpened();
  } else {
    face->app.OnHidden();
  }
}
ALCOVE_EXPORT(on_loader_page)
void on_loader_page(const char* url, size_t url_size, const char* title, size_t title_size) {
  face->app.OnPage({url, url_size}, {title, title_size});
}
ALCOVE_EXPORT(on_response)
// `unanswered`, where status is 0: 1 timed out, 2 came second.
void on_response(double id, int status, int unanswered, double retry_after_s, const char* type, size_t type_size,
                 const char* body, size_t body_size) {
  const alcove::client::HttpAnswer answer = {.status = status,
                                             .timed_out = unanswered == 1,
                                             .came_second = unanswered == 2,
                                             .retry_after_s = static_cast<int64_t>(retry_after_s),
                                             .content_type = std::string(type, type_size),
                                             .body = std::string(body, body_size)};
  face->app.OnResponse(static_cast<int64_t>(id), answer);
}
