// The customer's side: everything the widget knows and does, without a pixel.
//
//   CustomerSession session(platform);
//   session.Start("sit_demo", page, "en");
//   session.StartConversation("Hello", page);   // selects it; shown at once as kSending
//   ...
//   if (session.revision() != drawn) Draw(session);
//
// See session.h for the shared part (rows, sending, typing, reading, closing)
// and for the rules of calling.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wasm-widget/client/session.h"

namespace alcove::client {

class CustomerSession final : public Session {
 public:
  explicit CustomerSession(const Platform& platform);

  // Makes or resumes the session of this browser with `site`: the token and the
  // outbox are read from Storage under the site's id. REQUIRES: the customer has
  // opened the chat, since from here on things are stored. Once.
  void Start(std::string_view site, std::optional<wire::Page> page, std::string_view locale);

  // What the page says of its customer. Before Start().
  void SetAttributes(std::vector<wire::Field> attributes) { attributes_ = std::move(attributes); }

  // Who the customer is, as the site's owner has signed it; "" where the page says nothing, kNobody where nobody is
  // signed in there: then a browser that was somebody is a visitor again. What the server does not take is dropped.
  // Before Start().
  static constexpr std::string_view kNobody = "-";
  void SetIdentity(std::string identity) { identity_ = std::move(identity); }

  // Begins a conversation with its first message and selects it. It and its
  // message are written together, once, however often the way there breaks.
  // `form`: what the customer answered to what site().form asks. Ignored where the text is empty or longer than
  // wire::kMessageTextBytesMax.
  void StartConversation(std::string_view text, std::optional<wire::Page> page, std::vector<wire::Field> form = {});
  // Asks for a person instead of the bot that has the selected conversation.
  void AskForPerson();
  // Sends refused_start(), and what was written after it, with other answers. Nothing where there is none.
  void StartAgain(std::vector<wire::Field> form);

  // --- The view -------------------------------------------------------------------

  const wire::CustomerSummary& customer() const { return customer_; }
  // Newest first, those whose start is in the outbox included.
  const ConversationList& conversations() const;
  // The one to show to whoever comes in: the newest with something unsent, else the newest. "" for none.
  std::string_view newest() const;
  // This browser is another customer than it was: what was said before can no longer be read here, and what was unsent
  // is sent anew. True until something new is written.
  bool started_over() const { return started_over_; }
  // A person was asked for, and the server has not answered yet.
  bool handing_over() const;
  // The message that was to begin the selected conversation, where the server refused it for a field of the form:
  // `refused_field`, which a snapshot that is under way by then may add to site().form. Null where there is none.
  const KeptMessage* refused_start() const;

 protected:
  HttpRequest SnapshotRequest() override;
  Taken TakeSnapshot(std::string_view body, std::string& cursor, wire::PollHints& hints) override;
  bool OnSnapshotRefused() override;
  bool OnTokenRefused() override;
  bool IsReader(const wire::Conversation& conversation) const override;
  bool OnStray(OutboxMessage& message) override;
  void FillCommand(const Command& command, HttpRequest& request) override;
  bool OnCommand(const Command& command, const HttpAnswer& answer, const Judgement& judgement) override;

 private:
  void Forget(std::string_view token);
  void TakeInStrays(size_t conversations_told);
  void MoveToNew(const std::vector<OutboxMessage*>& strays);

  std::string site_id_;
  std::optional<wire::Page> page_;
  std::string locale_;
  std::vector<wire::Field> attributes_;
  std::string identity_;
  wire::CustomerSummary customer_;
  std::string asked_token_;  // the last snapshot was asked for with it; "": without
  bool started_over_ = false;
  mutable ConversationList list_;
  mutable uint64_t list_revision_ = 0;
};

}  // namespace alcove::client
