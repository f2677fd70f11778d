// The customer's face: ties the session (client/) to the screen and both to
// the browser. Draws nothing and knows no protocol itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wasm-widget/client/customer_session.h"
#include "wasm-widget/conversation/session_app.h"
#include "wasm-widget/customer/screen.h"

namespace alcove::customer {

class CustomerApp final : public conversation::SessionApp {
 public:
  void Start(platform::Platform& platform) override;
  void Frame(ui::Ui& ui) override;
  void OnOpened() override;
  void OnHidden() override;
  void OnPage(std::string_view url, std::string_view title) override;

 protected:
  client::Session& session() override { return *session_; }
  void Settle() override;
  bool Seen() const override { return opened_ && tab_visible_; }

 private:
  void SelectNewest();
  void FillSite(CustomerView& view);
  // False where nothing is asked before what is to be seen.
  bool FillForm(CustomerView& view);
  void FillConversation(CustomerView& view);
  void FillLog(const client::ConversationView& shown, CustomerView& view);
  void Act(const CustomerRequest& request);
  void Begin();
  std::vector<wire::Field> FormAnswers() const;
  void Retry(std::string_view message);
  void TakeDraft();
  void KeepDraft();
  void Send();

  std::optional<client::CustomerSession> session_;
  CustomerState state_;
  std::optional<wire::Page> page_;
  bool framed_ = false;
  std::string draft_key_;
  std::optional<ui::Color> accent_;  // the owner's
  bool opened_ = true;               // the panel is shown; a frame is only loaded to be shown
  bool told_ready_ = false;
  bool wants_new_ = false;  // left an ended conversation and has not written yet
  int64_t told_unread_ = 0;
  std::string refused_start_;  // its refusal was taken into the form

  // What the view of this frame points into.
  std::string log_conversation_;
  std::string typing_;
  std::string ended_;
  std::string promise_;
  std::string agent_name_;
};

}  // namespace alcove::customer
