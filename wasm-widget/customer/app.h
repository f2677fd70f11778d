// The customer's face: ties the session (client/) to the screen and both to
// the browser. Draws nothing and knows no protocol itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wasm-widget/client/customer_session.h"
#include "wasm-widget/customer/screen.h"
#include "wasm-widget/platform/app.h"

namespace alcove::customer {

class CustomerApp final : public platform::App {
 public:
  void Start(platform::Platform& platform) override;
  void Frame(ui::Ui& ui) override;
  void OnResponse(int64_t id, const client::HttpAnswer& answer) override;
  void OnTick() override;
  void OnVisible(bool visible) override;
  void OnOnline(bool online) override;
  void OnPageShow() override;
  void OnOpened() override;
  void OnHidden() override;
  void OnPage(std::string_view url, std::string_view title) override;

 private:
  void SelectNewest();
  void FillSite(CustomerView& view) const;
  void FillConversation(CustomerView& view);
  void RebuildLog(const client::ConversationView& conversation);
  void Act(const CustomerRequest& request);
  void Send();
  void UpdateVisibility();
  // After everything that may have changed what is due, or what the page around the frame is told.
  void Settle();

  platform::Platform* platform_ = nullptr;
  std::optional<client::CustomerSession> session_;
  CustomerState state_;
  std::optional<wire::Page> page_;
  bool framed_ = false;
  bool opened_ = true;  // the panel is shown; a frame is only loaded to be shown
  bool tab_visible_ = true;
  bool told_ready_ = false;
  bool wants_new_ = false;  // left an ended conversation and has not written yet
  int64_t told_unread_ = 0;

  // What the view of this frame points into.
  uint64_t log_revision_ = 0;
  std::string log_day_;
  std::string log_conversation_;
  std::vector<conversation::LogEntry> log_;
  std::string typing_;
  std::string ended_;
  std::string agent_name_;
};

}  // namespace alcove::customer
