// What the customer's and the agent's session share: one line to the server,
// the model of what it said, and the outbox of what it has not acknowledged.
//
// A face calls the actions below, hands over what the platform tells, and
// draws the view whenever revision() has changed. After any call that is not
// const the host looks at NextDueAt() and arranges a Tick() for then.
//
// Nothing here fails: an action that cannot be done now is done when the line
// is back, and what is refused is shown in the view.
//
// One thread. Not to be called from within Transport::Send().
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "functions/wire/requests.h"
#include "wasm-widget/client/answer.h"
#include "wasm-widget/client/commands.h"
#include "wasm-widget/client/model.h"
#include "wasm-widget/client/outbox.h"
#include "wasm-widget/client/platform.h"
#include "wasm-widget/client/poll_loop.h"
#include "wasm-widget/client/typing_sender.h"
#include "wasm-widget/client/view.h"

namespace alcove::client {

class Session {
 public:
  virtual ~Session() = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // --- From the platform ------------------------------------------------------

  void OnResponse(int64_t request, const HttpAnswer& answer);
  // Does what is due. Harmless when nothing is.
  void Tick();
  // The monotonic time at which Tick() has something to do; kNever for none.
  int64_t NextDueAt() const;

  // The page was hidden or shown. Hidden: reads are not reported, retries are
  // slower. Shown: polls at once.
  void SetVisible(bool visible);
  // `online`, `pageshow`, a wake from sleep: polls at once, sends what waits.
  void OnNetworkBack();
  // Takes the line back after kSuperseded, tries again after kBlocked.
  void Resume();

  // --- Actions, on the selected conversation -----------------------------------

  // "" selects none.
  void Select(std::string_view conversation);
  // Ignored where the text is empty, longer than wire::kMessageTextBytesMax, or none is selected.
  void SendMessage(std::string_view text);
  void RetryMessage(std::string_view message);
  // Takes a failed message off the screen.
  void DiscardMessage(std::string_view message);
  // The composer's text, at every change; "" when it is emptied. Sends are throttled.
  void SetTyping(std::string_view draft);
  // The newest row is on screen. Cheap: may be called each frame.
  void MarkRead();
  // `reason`: of an agent, for agents; "" is none.
  void Close(std::string_view reason = {});
  void LoadEarlier();

  // --- The view -------------------------------------------------------------------

  // Changes whenever anything below does.
  uint64_t revision() const { return revision_; }
  Connection connection() const;
  // kBlocked: the problem's code (`origin_denied`, `blocked`, `consent_required`, `bad_request`).
  std::string_view blocked_code() const;
  // A snapshot has been taken: what is shown is what there is.
  bool ready() const { return ready_; }
  std::string_view selected() const { return selected_; }
  // nullopt where none is selected, or the selected one is not known (yet).
  std::optional<ConversationView> conversation() const;
  // Of all conversations: messages that the reader has not read.
  int64_t unread() const;
  const wire::SiteSummary& site() const { return site_; }

 protected:
  // `side`: who is signed in here; `api`: the path that its calls begin with, `/v1/customer`.
  Session(const Platform& platform, wire::ActorKind side, std::string_view api);

  // --- What the two sides do differently -------------------------------------------

  // How a snapshot is asked for.
  virtual HttpRequest SnapshotRequest() = 0;
  // Takes one over. kTaken leaves cursor and hints for the next poll; the others change nothing that is shown.
  enum class Taken {
    kTaken,
    kUnreadable,
    kAgain,  // another is to be asked for at once
  };
  virtual Taken TakeSnapshot(std::string_view body, std::string& cursor, wire::PollHints& hints) = 0;
  // A snapshot was refused for what was said with it. True: another is asked for at once, which says less.
  virtual bool OnSnapshotRefused() { return false; }
  // The token was refused. True: a snapshot is to be asked for without it; false: the session is over.
  virtual bool OnTokenRefused() = 0;
  // Whether `conversation` is for the one signed in here to read.
  virtual bool IsReader(const wire::Conversation& conversation) const = 0;
  // `message` was refused because its conversation is not there. True: it goes elsewhere, and has not failed.
  virtual bool OnStray(OutboxMessage& message);
  // A person does something anew with the selected conversation: what was refused before is old.
  virtual void ForgetRefusals() {}
  // The commands of one side only.
  virtual void FillCommand(const Command& command, HttpRequest& request);
  // False where an accepted answer cannot be read: as if there were none. Of a close, only that it was refused.
  virtual bool OnCommand(const Command& command, const HttpAnswer& answer, const Judgement& judgement);
  // A signal that tells of more than a conversation, after the model has it.
  virtual void OnSignal(const wire::Signal& signal);
  // All that a poll told is in the model.
  virtual void OnPollTaken() {}
  // Before what is due is sent: the side's own part of it, whose next is due at `own_due_at_`.
  virtual void FollowState() {}

  // --- What they share ------------------------------------------------------------

  // Begins to take snapshots and polls.
  void StartLine();
  // Ends it and forgets what was shown; the outbox stays kept.
  void StopLine();
  // Something shown has changed, or something may be due.
  void Changed();
  // Changed(), and sends what is due. The end of every action.
  void Act();
  void AddCommand(Command command, int64_t delay_ms = 0);
  // Its messages are shown, its conversations that were to begin are there.
  void OpenOutbox(std::string key);
  // Shows a conversation whose start is in the outbox.
  Conversation& BeginLocal(std::string_view conversation, int64_t at);
  bool HasUnsent(std::string_view conversation) const;
  // Asks for what of the selected conversation is not here, where anything is not.
  void LoadSelected();
  // Selects without an action of the person.
  void Reselect(std::string_view conversation);
  // Queues a message and shows it; its id, time and author are filled here.
  void Enqueue(KeptMessage message);
  std::string NewId(std::string_view prefix);
  std::string ConversationPath(std::string_view conversation, std::string_view rest) const;
  // Takes over the wire::ConversationAnswer in `body`; false where it is none.
  bool TakeConversation(std::string_view body);
  void Abort(int64_t request);
  int64_t Now() const { return platform_.clock.MonotonicMs(); }
  bool visible() const { return visibility_ == Visibility::kVisible; }

  const Platform platform_;
  const wire::ActorKind side_;
  const std::string api_;

  std::string token_;
  wire::Actor self_;
  wire::SiteSummary site_;
  std::vector<std::string> others_online_;  // agents who came since the snapshot and are not among the site's faces
  Model model_;
  Outbox outbox_;
  Commands commands_;
  bool ready_ = false;
  std::string selected_;
  int64_t own_due_at_ = kNever;  // monotonic: see FollowState()

 private:
  void Pump();
  void SendLine(PollLoop::Need need);
  void SendOutbox(OutboxMessage& message);
  void SendCommand(Command& command);
  int64_t Send(HttpRequest request);

  void OnLine(const HttpAnswer& answer);
  bool OnSnapshot(std::string_view body, int64_t now);
  bool OnPoll(std::string_view body, int64_t now);
  void OnOutbox(OutboxMessage& message, const HttpAnswer& answer);
  bool TakeStored(OutboxMessage& message, std::string_view body);
  void OnCommandAnswer(Command command, const HttpAnswer& answer);
  bool ApplyCommand(const Command& command, const HttpAnswer& answer, const Judgement& judgement);
  // The answer to this request refused its token. False: the session is over.
  bool RefuseToken(int64_t request);
  void ApplyPoll(const wire::PollAnswer& answer);
  void ApplyEvent(const wire::Event& event);
  bool OnGapPage(const Command& command, std::string_view body);
  void AskForGap(std::string_view conversation, int64_t tries);
  void PruneOutbox();

  // A message of one's own that the server had stored.
  struct OwnMessage {
    KeptMessage kept;
    int64_t seq = 0;
  };
  std::vector<OwnMessage> OwnMessages() const;
  void SendLostAgain(std::vector<OwnMessage> own);
  void BuildRows(const Conversation& conversation) const;
  bool MaySend() const;

  TypingSender typing_;
  PollLoop loop_;
  PollLoop::Need asked_ = PollLoop::Need::kNothing;  // what loop_.request() is
  bool authorised_ = false;                          // a snapshot was taken with token_, and nothing refused it since
  int64_t first_request_ = 0;                        // that token_ was sent with
  bool lost_place_ = false;                          // the server told to resync: it may have been restored
  Visibility visibility_ = Visibility::kVisible;
  int64_t next_request_ = 1;
  uint64_t revision_ = 1;
  Connection shown_connection_ = Connection::kIdle;
  mutable std::vector<Row> rows_;
  mutable uint64_t rows_revision_ = 0;
};

}  // namespace alcove::client
