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

  // Begins a conversation with its first message and selects it. It and its
  // message are written together, once, however often the way there breaks.
  // Ignored where the text is empty or longer than wire::kMessageTextBytesMax.
  void StartConversation(std::string_view text, std::optional<wire::Page> page);

  // --- The view -------------------------------------------------------------------

  const wire::CustomerSummary& customer() const { return customer_; }
  // Newest first, those whose start is in the outbox included.
  const ConversationList& conversations() const;

 protected:
  HttpRequest SnapshotRequest() override;
  bool TakeSnapshot(std::string_view body, std::string& cursor, wire::PollHints& hints) override;
  bool OnTokenRefused() override;
  bool IsReader(const wire::Conversation& conversation) const override;

 private:
  std::string site_id_;
  std::optional<wire::Page> page_;
  std::string locale_;
  wire::CustomerSummary customer_;
  mutable ConversationList list_;
  mutable uint64_t list_revision_ = 0;
};

}  // namespace alcove::client
