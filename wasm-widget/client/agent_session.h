// The agent's side: everything the console knows and does, without a pixel.
//
//   AgentSession session(platform);
//   session.Start();                       // resumes where a token was kept
//   session.SignIn(email, password);
//   for (const wire::Conversation* row : session.Mine()) ...
//
// See session.h for the shared part (rows, sending, typing, reading, closing)
// and for the rules of calling.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "functions/wire/bulk.h"
#include "functions/wire/collaboration.h"
#include "wasm-widget/client/session.h"

namespace alcove::client {

enum class SignInState {
  kSignedOut,
  kSigningIn,  // also while a kept token is tried
  kSignedIn,
};

// Why the last sign-in did not succeed, or the last session ended.
enum class SignInProblem {
  kNone,
  kRefused,      // wrong e-mail or password
  kCodeAsked,    // they are right, and the agent has a second factor: again, with its code
  kCodeRefused,  // the code was wrong, or was used before
  kTooOften,     // wait a while
  kUnreachable,  // no answer from the server
  kEnded,        // the session ran out, or was ended elsewhere
};

// A colleague who looks at the selected conversation.
struct Viewer {
  wire::Actor agent;
  int64_t until = 0;         // monotonic
  int64_t writes_until = 0;  // to the customer; 0: not
};

// What was done with several conversations at once.
struct Together {
  // One that it was not done with.
  struct Refused {
    std::string conversation;
    wire::Actor customer;
    std::string act;                        // the action that was refused: a wire::BulkAction's
    std::string code;                       // of the problem; "" where the server was not reached
    std::optional<wire::Actor> agent = {};  // who has it already
  };
  int64_t number = 0;  // which it was, from 1; 0: there was none yet
  std::vector<std::string> done = {};
  std::vector<Refused> refused = {};
};

class AgentSession final : public Session {
 public:
  using List = ConversationList;
  using Ids = std::vector<std::string>;

  explicit AgentSession(const Platform& platform);

  // Resumes the session whose token Storage keeps; without one stays kSignedOut. Once.
  void Start();
  // Ignored unless kSignedOut. Neither password nor code is kept. `code`: of the authenticator, or a recovery code; ""
  // where none was asked for.
  void SignIn(std::string_view email, std::string_view password, std::string_view code = {});
  // Forgets the token, here and at the server, and everything shown.
  void SignOut();

  // Shown at once; retried until the server has it, taken back where it refuses.
  void SetPresence(wire::Presence presence);

  // All on the selected conversation; done where the server says so.

  // Takes it out of the queue, or from a bot.
  void Claim();
  // Gives it to an agent, out of the queue or from whom it is assigned to: to oneself, too. Or to a team, where it
  // waits.
  void Assign(const wire::Assignment& assignment);
  // Begins it anew where it is closed.
  void Reopen();
  // Puts it aside until `until_ms` of the wall clock, or until the customer writes.
  void Snooze(int64_t until_ms);
  void AddTag(std::string_view tag);
  void RemoveTag(std::string_view tag);
  // Of the conversation or of its customer, by its id; an empty value takes it away.
  void SetAttribute(std::string_view attribute, std::string_view value);
  // Takes part beside who has it, or lets a colleague do so.
  void Join();
  void AskIn(std::string_view agent);
  // Takes part no longer.
  void Leave();
  // Does all that the macro says, or nothing.
  void RunMacro(std::string_view macro);
  // As SendMessage(), but only agents see it, and those are told whose "@" and first name are in it. One that is
  // whispered is told to who has the conversation.
  enum class Note { kPlain, kWhispered };
  void SendNote(std::string_view text, Note note = Note::kPlain);

  // With each of several, wire::kBulkConversationsMax at most; what came of it is in together().
  void CloseAll(const Ids& conversations, std::string_view reason);  // "" is none
  void ReopenAll(const Ids& conversations);
  void AssignAll(const Ids& conversations, const wire::Assignment& assignment);
  void SnoozeAll(const Ids& conversations, int64_t until_ms);
  void TagAll(const Ids& conversations, const wire::TagChange& change);

  // Asks for the closed ones, or for those of colleagues, anew: when their list is opened.
  void LoadClosed();
  void LoadTeam();
  // The next page of them.
  void LoadMoreClosed();
  void LoadMoreTeam();

  // --- The view -------------------------------------------------------------------

  SignInState sign_in() const { return sign_in_; }
  SignInProblem sign_in_problem() const { return sign_in_problem_; }

  const wire::AgentSummary& me() const { return me_; }  // its presence is the one asked for
  // The last change of it was refused. Until the next, or until the server tells of one.
  bool presence_refused() const { return presence_refused_; }
  const std::vector<wire::AgentSummary>& agents() const { return agents_; }
  const std::vector<wire::CannedReply>& canned() const { return canned_; }
  const std::vector<wire::Resource<wire::MacroFields>>& macros() const { return macros_; }
  const std::vector<wire::Resource<wire::AttributeFields>>& attributes() const { return attributes_; }
  const std::vector<wire::Team>& teams() const { return teams_; }
  const std::vector<wire::Resource<wire::TagFields>>& tags() const { return tags_; }
  // What a close asks for.
  const wire::Closing& closing() const { return closing_; }
  // Whether I may whisper.
  bool supervises() const { return supervises_; }
  // The colleagues who look at the selected conversation just now.
  const std::vector<Viewer>& viewers() const { return viewers_; }

  const List& Mine() const;     // assigned to me and open, or joined; last changed first
  const List& Waiting() const;  // in the queue, first come first
  const List& WithBot() const;  // a bot has it; last changed first
  const List& Closed() const;   // as far as loaded, newest first
  const List& Team() const;     // under way and a colleague's, as far as loaded; last changed first
  bool closed_loading() const;
  bool closed_has_more() const { return closed_paged_.more; }
  bool team_loading() const;
  bool team_has_more() const { return team_paged_.more; }

  // I take part in it beside who has it.
  bool TakesPart(const wire::Conversation& conversation) const;

  // The selected conversation's claim is under way.
  bool claiming() const;
  // Who has the selected conversation: set when a claim was refused because of
  // it, until another is selected. Null: nobody, or not refused.
  const wire::Actor* claimed_by() const;
  // The last of the other actions on the selected conversation, closing included, was refused. Until the next, or until
  // another is selected.
  bool action_refused() const { return !refused_action_.empty() && refused_action_ == selected_; }
  // The last thing that was done with several at once, as far as it was answered.
  const Together& together() const { return together_; }
  bool acting_together() const;  // another is under way

 protected:
  HttpRequest SnapshotRequest() override;
  Taken TakeSnapshot(std::string_view body, std::string& cursor, wire::PollHints& hints) override;
  bool OnTokenRefused() override;
  bool IsReader(const wire::Conversation& conversation) const override;
  void ForgetRefusals() override;
  void FillCommand(const Command& command, HttpRequest& request) override;
  bool OnCommand(const Command& command, const HttpAnswer& answer, const Judgement& judgement) override;
  void OnSignal(const wire::Signal& signal) override;
  void OnPollTaken() override;
  void FollowState() override;

 private:
  void OnSignedIn(const HttpAnswer& answer, const Judgement& judgement);
  bool OnConfiguration(const HttpAnswer& answer, const Judgement& judgement);
  // A list that the server has and we ask for page by page, since it was opened.
  struct Paged {
    bool wanted = false;
    bool more = false;
    std::string before = {};            // where the next page begins
    std::vector<std::string> ids = {};  // of it
  };
  void LoadMore(Command::Kind kind, const Paged& paged);
  bool OnPage(const Command& command, const HttpAnswer& answer, const Judgement& judgement, Paged& paged);
  // Adds one of the selected conversation.
  void AddAction(Command::Kind kind, std::string text, std::string id = {});
  bool OnAction(const Command& command, const HttpAnswer& answer, const Judgement& judgement);
  void DoTogether(const Ids& conversations, std::string_view act, std::string body);
  bool OnTogether(const Command& command, const HttpAnswer& answer, const Judgement& judgement);
  // Asks for it as it is: the poll does not tell of what another has.
  void LookAgain(std::string_view conversation);
  // Where a colleague has it. False where nobody does, or who is signed in here.
  bool FollowAnothers(std::string_view conversation);
  void TellViewing(int64_t is_gone, int64_t delay_ms = 0);
  bool OnViewing(const Command& command, const HttpAnswer& answer, const Judgement& judgement);
  void NoteViewer(const wire::Signal& signal);
  Viewer& ViewerOf(const wire::Actor& agent);
  void ForgetViewers();
  void ChangeTags(wire::TagChange change);
  bool OnPresence(const Judgement& judgement);
  void TakePresence(wire::AgentSummary me);
  void TakeConfiguration(wire::AgentConfiguration&& configuration);
  void ForgetBygone();
  void End(SignInProblem problem);
  void BuildLists() const;

  SignInState sign_in_ = SignInState::kSignedOut;
  SignInProblem sign_in_problem_ = SignInProblem::kNone;
  bool signed_in_with_code_ = false;  // the last time that was tried
  wire::AgentSummary me_;
  wire::Presence told_presence_ = wire::Presence::kOffline;  // by the server
  bool presence_refused_ = false;
  std::vector<wire::AgentSummary> agents_;
  std::vector<wire::CannedReply> canned_;
  std::vector<wire::Resource<wire::MacroFields>> macros_;
  std::vector<wire::Resource<wire::AttributeFields>> attributes_;
  std::vector<wire::Team> teams_;
  std::vector<wire::Resource<wire::TagFields>> tags_;
  wire::Closing closing_;
  bool supervises_ = false;
  Together together_;
  std::string looks_at_;  // the conversation that colleagues were told of
  std::vector<Viewer> viewers_;
  Paged closed_paged_;
  Paged team_paged_;
  std::string refused_claim_;  // the conversation that another has
  wire::Actor claimed_by_;
  std::string refused_action_;  // the conversation that something was not done with
  mutable List mine_;
  mutable List waiting_;
  mutable List with_bot_;
  mutable List closed_;
  mutable List team_;
  mutable uint64_t lists_revision_ = 0;
};

}  // namespace alcove::client
