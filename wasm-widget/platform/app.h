// What a face is to the browser (App), and what the browser is to a face (Platform).
//
// customer/main.cc and console/main.cc are
//
//   int main() {
//     static CustomerApp app;
//     alcove::platform::Run(app);
//   }
//
// This header is plain C++, so faces build and are tested natively with a Platform of their own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "wasm-widget/client/platform.h"
#include "wasm-widget/ui/ui.h"

namespace alcove::platform {

class Platform {
 public:
  virtual ~Platform() = default;

  // What the sessions of client/ need. Answers of the transport come to App::OnResponse.
  virtual client::Platform& client() = 0;
  // As the storage of client(), but of this tab alone, and gone with it: for what is begun and not sent.
  virtual client::Storage& drafts() = 0;

  // ---- drawing and time
  virtual void Wake() = 0;             // draw a frame soon
  virtual void TickIn(double ms) = 0;  // App::OnTick once, then; a later call replaces an earlier one. < 0 cancels

  // ---- the page
  virtual std::string QueryParameter(std::string_view name) = 0;  // of the page's address; "" when absent
  virtual std::string PageOrigin() = 0;                           // "https://chat.example"
  virtual bool Visible() = 0;
  virtual bool Online() = 0;
  virtual void SetTitle(std::string_view title) = 0;

  // ---- the page around the customer's frame (see web/README.md, "bridge")
  virtual void TellLoaderReady() = 0;
  virtual void TellLoaderUnread(int count) = 0;
  virtual void TellLoaderClose() = 0;

  // ---- times as the person writes them
  virtual std::string FormatTime(int64_t at_ms) = 0;      // 10:41
  virtual std::string FormatDay(int64_t at_ms) = 0;       // Today, Yesterday, 21 November
  virtual std::string FormatRelative(int64_t at_ms) = 0;  // now, 3 min, 2 h, 5 d
};

class App {
 public:
  virtual ~App() = default;
  // Once, before the first frame. `platform` outlives the app.
  virtual void Start(Platform& platform) = 0;
  // Draws one frame. Called only when something happened, or when it was asked for.
  virtual void Frame(ui::Ui& ui) = 0;
  // The answer to a request of the transport. A frame follows it, as it follows everything below.
  virtual void OnResponse(int64_t /*id*/, const client::HttpAnswer& /*answer*/) {}
  // The time given to TickIn has come.
  virtual void OnTick() {}
  virtual void OnVisible(bool /*visible*/) {}
  virtual void OnOnline(bool /*online*/) {}
  // The page came back from the browser's back-forward cache: everything may be stale.
  virtual void OnPageShow() {}
  // The loader showed or hid the customer's frame, or told which page it stands on.
  virtual void OnOpened() {}
  virtual void OnHidden() {}
  virtual void OnPage(std::string_view /*url*/, std::string_view /*title*/) {}
};

// Starts the face; returns at once, the browser calls from then on. Implemented for wasm only.
void Run(App& app);

}  // namespace alcove::platform
