// The agents' console: ties the session (client/) to the screen and both to
// the browser. Draws nothing and knows no protocol itself.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wasm-widget/client/agent_session.h"
#include "wasm-widget/console/screen.h"
#include "wasm-widget/platform/app.h"

namespace alcove::console {

class ConsoleApp final : public platform::App {
 public:
  void Start(platform::Platform& platform) override;
  void Frame(ui::Ui& ui) override;
  void OnResponse(int64_t id, const client::HttpAnswer& answer) override;
  void OnTick() override;
  void OnVisible(bool visible) override;
  void OnOnline(bool online) override;
  void OnPageShow() override;

 private:
  void FrameSignIn(ui::Ui& ui);
  void FrameInbox(ui::Ui& ui);
  void FillList(ConsoleView& view);
  void FillConversation(ConsoleView& view);
  void RebuildLog(const client::ConversationView& shown);
  void Act(const ConsoleRequest& request);
  // Makes `id` the conversation on screen ("" is none); what was being written in the last one is kept for it.
  void Open(std::string_view id);
  void FollowClaim();
  void FollowSignIn();
  void Settle();

  platform::Platform* platform_ = nullptr;
  std::optional<client::AgentSession> session_;
  ConsoleState state_;
  SignInState sign_in_;
  ListTab tab_ = ListTab::kMine;
  std::map<std::string, std::string, std::less<>> drafts_;  // by conversation, but for the one that is open
  std::string drafts_of_;                                   // the agent who wrote them
  std::string composing_;                                   // the conversation whose draft is in the composer
  client::SignInState was_sign_in_ = client::SignInState::kSignedOut;
  bool resuming_ = false;  // a token kept in this browser is being tried
  bool was_claiming_ = false;
  bool visible_ = true;
  int64_t titled_unread_ = -1;

  // What the view of this frame points into.
  std::vector<RowView> rows_;
  uint64_t log_revision_ = 0;
  std::string log_day_;
  std::string log_conversation_;
  std::vector<conversation::LogEntry> log_;
  std::string typing_;
  std::string notice_;
};

}  // namespace alcove::console
