// What customers and agents send, and the answers that are not polls.
//
// Standard library only: compiled natively and to WebAssembly.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "functions/wire/admin.h"
#include "functions/wire/conversation.h"
#include "functions/wire/describe.h"
#include "functions/wire/event.h"
#include "functions/wire/poll.h"

namespace alcove::wire {

// --- Both sides -------------------------------------------------------------

struct NewMessage {
  std::string text;
  // Of an agent: the last event that they had seen. Where another agent has written to the customer behind it the
  // message is refused, and may be sent again without this.
  std::optional<int64_t> after = {};
  std::optional<std::string> reply_to = {};  // the id of the message that it answers
  // Of an agent: what the customer may answer with, each a text that is sent as it is.
  std::optional<std::vector<std::string>> quick_replies = {};
  // The id of a file that was put before. None are taken yet: with one it is refused, as it would be lost.
  std::optional<std::string> file = {};
  friend bool operator==(const NewMessage&, const NewMessage&) = default;
};
template <class V>
void Describe(V& visit, NewMessage& message) {
  visit("text", message.text);
  visit("after", message.after);
  visit("reply_to", message.reply_to);
  visit("quick_replies", message.quick_replies);
  visit("file", message.file);
}

// What a message or a note says from now on.
struct MessageEdit {
  std::string text;
  friend bool operator==(const MessageEdit&, const MessageEdit&) = default;
};
template <class V>
void Describe(V& visit, MessageEdit& edit) {
  visit("text", edit.text);
}

// 201 or 200 of a put.
template <class AnyEvent>
struct BasicEventAnswer {
  AnyEvent event;
  friend bool operator==(const BasicEventAnswer&, const BasicEventAnswer&) = default;
};
using EventAnswer = BasicEventAnswer<Event>;
template <class V, class AnyEvent>
void Describe(V& visit, BasicEventAnswer<AnyEvent>& answer) {
  visit("event", answer.event);
}

struct ReadUpTo {
  int64_t seq = 0;
  friend bool operator==(const ReadUpTo&, const ReadUpTo&) = default;
};
template <class V>
void Describe(V& visit, ReadUpTo& read) {
  visit("seq", read.seq);
}

// Someone is typing; a customer's draft goes to agents. Empty text: stopped.
struct Typing {
  std::optional<std::string> text;
  friend bool operator==(const Typing&, const Typing&) = default;
};
template <class V>
void Describe(V& visit, Typing& typing) {
  visit("text", typing.text);
}

struct CloseConversation {
  std::optional<std::string> reason;
  friend bool operator==(const CloseConversation&, const CloseConversation&) = default;
};
template <class V>
void Describe(V& visit, CloseConversation& close) {
  visit("reason", close.reason);
}

// A conversation after claim, close or start.
template <class AnyEvent>
struct BasicConversationAnswer {
  BasicConversationWithEvents<AnyEvent> conversation;
  std::optional<std::vector<std::string>> ignored = std::nullopt;  // of a start: as that of a session
  std::optional<int64_t> reply_ms = std::nullopt;                  // of a start: as that of a site
  friend bool operator==(const BasicConversationAnswer&, const BasicConversationAnswer&) = default;
};
using ConversationAnswer = BasicConversationAnswer<Event>;
template <class V, class AnyEvent>
void Describe(V& visit, BasicConversationAnswer<AnyEvent>& answer) {
  visit("conversation", answer.conversation);
  visit("ignored", answer.ignored);
  visit("reply_ms", answer.reply_ms);
}

// An RFC 9457 problem document.
struct Problem {
  std::string type;
  std::string title;
  int64_t status = 0;
  std::string code;
  std::optional<std::string> detail;
  std::optional<Actor> agent;                // already_claimed: who has it; overtaken: who has written
  std::optional<Conversation> conversation;  // closed, already_claimed, and id_reused of a start: what it is
  std::optional<Event> event;                // id_reused of a message or a note: what the id was used for
  friend bool operator==(const Problem&, const Problem&) = default;
};
template <class V>
void Describe(V& visit, Problem& problem) {
  visit("type", problem.type);
  visit("title", problem.title);
  visit("status", problem.status);
  visit("code", problem.code);
  visit("detail", problem.detail);
  visit("agent", problem.agent);
  visit("conversation", problem.conversation);
  visit("event", problem.event);
}

// --- Customer ---------------------------------------------------------------

struct Page {
  std::string url;
  std::optional<std::string> title;
  friend bool operator==(const Page&, const Page&) = default;
};
template <class V>
void Describe(V& visit, Page& page) {
  visit("url", page.url);
  visit("title", page.title);
}

struct CustomerSessionRequest {
  std::string site;
  std::optional<std::string> token;
  std::optional<Page> page;
  std::optional<std::string> locale;
  std::optional<bool> consent;
  std::optional<std::vector<Field>> attributes = std::nullopt;  // of the customer, as the page says
  std::optional<std::string> identity = std::nullopt;           // a JWT in which the owner says who the customer is
  friend bool operator==(const CustomerSessionRequest&, const CustomerSessionRequest&) = default;
};
template <class V>
void Describe(V& visit, CustomerSessionRequest& request) {
  visit("site", request.site);
  visit("token", request.token);
  visit("page", request.page);
  visit("locale", request.locale);
  visit("consent", request.consent);
  visit("attributes", request.attributes);
  visit("identity", request.identity);
}

struct CustomerSummary {
  std::string id;
  std::string name;
  std::optional<bool> verified = std::nullopt;  // the owner says who they are
  friend bool operator==(const CustomerSummary&, const CustomerSummary&) = default;
};
template <class V>
void Describe(V& visit, CustomerSummary& customer) {
  visit("id", customer.id);
  visit("name", customer.name);
  visit("verified", customer.verified);
}

// What a face shows of a site: its name, its team, whether someone is there.
struct SiteSummary {
  std::string id;
  std::string name;
  std::string greeting;
  std::vector<AgentSummary> agents;  // to customers without load and capacity, at most 3, online first
  bool online = false;               // somebody is online
  // To customers alone: what a start asks for, now; whether it would be a message to whom is not there, and from when
  // on somebody is expected again; how long the first answer to others took.
  std::optional<std::vector<FormField>> form = std::nullopt;
  std::optional<bool> offline = std::nullopt;
  std::optional<int64_t> opens_at = std::nullopt;
  std::optional<int64_t> reply_ms = std::nullopt;
  friend bool operator==(const SiteSummary&, const SiteSummary&) = default;
};
template <class V>
void Describe(V& visit, SiteSummary& site) {
  visit("id", site.id);
  visit("name", site.name);
  visit("greeting", site.greeting);
  visit("agents", site.agents);
  visit("online", site.online);
  visit("form", site.form);
  visit("offline", site.offline);
  visit("opens_at", site.opens_at);
  visit("reply_ms", site.reply_ms);
}

template <class AnyEvent>
struct BasicCustomerSession {
  std::string token;
  CustomerSummary customer;
  SiteSummary site;
  std::vector<BasicConversationWithEvents<AnyEvent>> conversations;  // newest first
  std::string cursor;
  PollHints poll;
  // Why attributes were left as they are, one sentence each: for whoever makes the page. What it says wrongly does not
  // keep a customer from talking.
  std::optional<std::vector<std::string>> ignored;
  friend bool operator==(const BasicCustomerSession&, const BasicCustomerSession&) = default;
};
using CustomerSession = BasicCustomerSession<Event>;
template <class V, class AnyEvent>
void Describe(V& visit, BasicCustomerSession<AnyEvent>& session) {
  visit("token", session.token);
  visit("customer", session.customer);
  visit("site", session.site);
  visit("conversations", session.conversations);
  visit("cursor", session.cursor);
  visit("poll", session.poll);
  visit("ignored", session.ignored);
}

struct FirstMessage {
  std::string id;
  std::string text;
  friend bool operator==(const FirstMessage&, const FirstMessage&) = default;
};
template <class V>
void Describe(V& visit, FirstMessage& message) {
  visit("id", message.id);
  visit("text", message.text);
}

struct NewConversation {
  std::optional<FirstMessage> message;
  std::optional<Page> page;
  std::optional<std::string> team = {};                         // whom the customer wants to talk to
  std::optional<std::vector<Field>> attributes = std::nullopt;  // of the conversation, as the page says
  std::optional<std::vector<Field>> form = std::nullopt;        // what the site asked for
  friend bool operator==(const NewConversation&, const NewConversation&) = default;
};
template <class V>
void Describe(V& visit, NewConversation& conversation) {
  visit("message", conversation.message);
  visit("page", conversation.page);
  visit("team", conversation.team);
  visit("attributes", conversation.attributes);
  visit("form", conversation.form);
}

// --- Agent ------------------------------------------------------------------

struct AgentSessionRequest {
  std::string email;
  std::string password;
  std::optional<std::string> totp =
      {};  // of the authenticator, or a recovery code, where the agent has a second factor
  friend bool operator==(const AgentSessionRequest&, const AgentSessionRequest&) = default;
};
template <class V>
void Describe(V& visit, AgentSessionRequest& request) {
  visit("email", request.email);
  visit("password", request.password);
  visit("totp", request.totp);
}

struct AgentSession {
  std::string token;
  AgentSummary agent;
  friend bool operator==(const AgentSession&, const AgentSession&) = default;
};
template <class V>
void Describe(V& visit, AgentSession& session) {
  visit("token", session.token);
  visit("agent", session.agent);
}

struct PresenceChange {
  std::optional<Presence> state;  // required; optional so that an unknown name is told from "offline"
  friend bool operator==(const PresenceChange&, const PresenceChange&) = default;
};
template <class V>
void Describe(V& visit, PresenceChange& change) {
  visit("state", change.state);
}

// An agent after a change of theirs.
struct AgentAnswer {
  AgentSummary agent;
  friend bool operator==(const AgentAnswer&, const AgentAnswer&) = default;
};
template <class V>
void Describe(V& visit, AgentAnswer& answer) {
  visit("agent", answer.agent);
}

struct Team {
  std::string id;
  std::string name;
  friend bool operator==(const Team&, const Team&) = default;
};
template <class V>
void Describe(V& visit, Team& team) {
  visit("id", team.id);
  visit("name", team.name);
}

struct CannedReply {
  std::string shortcut;
  std::string text;  // may hold placeholders
  std::optional<std::string> folder = {};
  std::optional<std::string> team = {};  // whose it is; none: everybody's
  friend bool operator==(const CannedReply&, const CannedReply&) = default;
};
template <class V>
void Describe(V& visit, CannedReply& reply) {
  visit("shortcut", reply.shortcut);
  visit("text", reply.text);
  visit("folder", reply.folder);
  visit("team", reply.team);
}

// What agents are asked for when they close a conversation.
struct Closing {
  std::vector<std::string> reasons;  // to choose from; none: whatever is written
  std::optional<bool> reason_required;
  std::optional<bool> tag_required;
  friend bool operator==(const Closing&, const Closing&) = default;
};
template <class V>
void Describe(V& visit, Closing& closing) {
  visit("reasons", closing.reasons);
  visit("reason_required", closing.reason_required);
  visit("tag_required", closing.tag_required);
}

// What a console is given of what administration made, with its snapshot and after each `configuration` signal.
struct AgentConfiguration {
  AgentSummary agent;
  SiteSummary site;
  std::vector<AgentSummary> agents;
  std::vector<Team> teams;
  std::vector<CannedReply> canned;
  std::vector<Resource<TagFields>> tags;
  std::optional<Closing> closing;
  std::vector<Resource<AttributeFields>> attributes;
  std::vector<Resource<MacroFields>> macros = {};
  std::optional<bool> supervises = {};  // the agent may whisper to others
  friend bool operator==(const AgentConfiguration&, const AgentConfiguration&) = default;
};
template <class V>
void Describe(V& visit, AgentConfiguration& configuration) {
  visit("agent", configuration.agent);
  visit("site", configuration.site);
  visit("agents", configuration.agents);
  visit("teams", configuration.teams);
  visit("canned", configuration.canned);
  visit("tags", configuration.tags);
  visit("closing", configuration.closing);
  visit("attributes", configuration.attributes);
  visit("macros", configuration.macros);
  visit("supervises", configuration.supervises);
}

template <class AnyEvent>
struct BasicAgentSnapshot : AgentConfiguration {
  std::vector<BasicConversationWithEvents<AnyEvent>>
      conversations;                                         // mine: assigned to the caller, or joined, and not closed
  std::vector<BasicConversationWithEvents<AnyEvent>> queue;  // waiting, first come first
  std::vector<BasicConversationWithEvents<AnyEvent>> with_bot = {};  // that a bot has, the oldest first
  std::string cursor;
  PollHints poll;
  friend bool operator==(const BasicAgentSnapshot&, const BasicAgentSnapshot&) = default;
};
using AgentSnapshot = BasicAgentSnapshot<Event>;
template <class V, class AnyEvent>
void Describe(V& visit, BasicAgentSnapshot<AnyEvent>& snapshot) {
  Describe(visit, static_cast<AgentConfiguration&>(snapshot));
  visit("conversations", snapshot.conversations);
  visit("queue", snapshot.queue);
  visit("with_bot", snapshot.with_bot);
  visit("cursor", snapshot.cursor);
  visit("poll", snapshot.poll);
}

struct ConversationList {
  std::vector<Conversation> conversations;
  bool more = false;
  friend bool operator==(const ConversationList&, const ConversationList&) = default;
};
template <class V>
void Describe(V& visit, ConversationList& list) {
  visit("conversations", list.conversations);
  visit("more", list.more);
}

}  // namespace alcove::wire
