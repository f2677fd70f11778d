#include <algorithm>
#include <cstdlib>

#include "wasm-widget/gallery/screen.h"
#include "wasm-widget/platform/app.h"
#include "wasm-widget/platform/pictures.h"

namespace alcove::gallery {
namespace {

class GalleryApp : public platform::App {
 public:
  void Start(platform::Platform& platform) override {
    part_ = platform.QueryParameter("part");
    const int messages = std::atoi(platform.QueryParameter("messages").c_str());
    if (part_ == "log") entries_ = LongLog(std::clamp(messages, 1, 20000));
    if (part_ == "typing") entries_ = LongLog(4);
    accent_ = ui::ParseHex(platform.QueryParameter("accent"));
    platform.SetTitle("Alcove · the controls");
  }

  void Frame(ui::Ui& ui) override {
    if (accent_) ui.SetAccent(*accent_);
    if (part_ == "lines") {
      DrawLines(ui, scroll_);
    } else if (!entries_.empty()) {
      ui.Fill(ui.Screen(), ui.theme().bg);
      const bool typing = part_ == "typing";
      ui.Group(ui::Role::kMain, "A conversation", ui.Screen(), [&] {
        conversation::DrawLog(ui, ui.Screen(), entries_, log_,
                              {.label = "Conversation", .version = 1, .typing = typing ? "Mara is typing" : ""});
      });
    } else {
      DrawGallery(ui, pictures_, state_);
    }
  }

 private:
  std::string part_;
  std::optional<ui::Color> accent_;
  GalleryState state_;
  ui::ScrollState scroll_;
  std::vector<conversation::LogEntry> entries_;
  conversation::LogState log_;
  platform::BrowserPictures pictures_;
};

}  // namespace
}  // namespace alcove::gallery

int main() {
  static alcove::gallery::GalleryApp app;
  alcove::platform::Run(app);
}
