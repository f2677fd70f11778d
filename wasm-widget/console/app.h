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
#include "wasm-widget/conversation/session_app.h"

namespace alcove::console {

class ConsoleApp final : public conversation::SessionApp {
 public:
  void Start(platform::Platform& platform) override;
  void Frame(ui::Ui& ui) override;

 protected:
  client::Session& session() override { return *session_; }
  void Settle() override;

 private:
  void FrameSignIn(ui::Ui& ui);
  void FrameInbox(ui::Ui& ui);
  void FillList(ConsoleView& view);
  void FillConversation(ConsoleView& view);
  void FillParticipants(ConversationView& open);
  void FillFacts(ConversationView& open);
  void FillViewers(ConversationView& open);
  void Act(const ConsoleRequest& request);
  void SendWritten();
  // Puts it behind what is in the composer, with what its placeholders stand for.
  void PutCanned(std::string_view shortcut);
  void KeepDraft();
  // What is asked to be done with the open conversation beside writing.
  void ActOnConversation(const ConsoleRequest& request);
  // The same with all that are chosen.
  void ActOnAll(const ForAllRequest& all);
  // Makes `id` the conversation on screen ("" is none); what was being written in the last one is kept for it.
  void Open(std::string_view id);
  void FollowTaken();
  void FollowTogether();
  void FollowSignIn();
  void FollowSelection();

  std::optional<client::AgentSession> session_;
  ConsoleState state_;
  SignInState sign_in_;
  ListTab tab_ = ListTab::kMine;
  // A note that comes back as a reply would tell a customer what was for colleagues.
  struct Draft {
    std::string text;
    Writing writing = Writing::kReply;
  };
  std::map<std::string, Draft, std::less<>> drafts_;  // by conversation, but for the one that is open
  std::string drafts_of_;                             // the agent who wrote them
  std::string composing_;                             // the conversation whose draft is in the composer
  client::SignInState was_sign_in_ = client::SignInState::kSignedOut;
  bool asks_code_ = false;  // the last sign-in wanted the code of a second factor
  bool resuming_ = false;   // a token kept in this browser is being tried
  std::string taking_;      // the conversation that was asked for
  int64_t titled_unread_ = -1;
  int64_t seen_together_ = 0;  // the client::Together that was looked at

  // What the view of this frame points into.
  std::vector<RowView> rows_;
  std::vector<NotDone> not_done_;
  std::string told_;
  std::string typing_;
  std::string notice_;
  std::vector<Fact> facts_;
  std::vector<std::string> viewers_;
  std::string participants_;
  std::string also_here_;
  std::string also_writes_;
};

}  // namespace alcove::console
