// What is stored, family by family of store/keys.h.
//
// Each record is JSON with the fields below; enums are numbers. A version of
// the server reads what the version before and the version after it wrote:
// fields are only ever added, as optional ones or vectors, and `version` is
// raised when the meaning of what is there would change. What a later version
// added is kept when this one writes the record back (`unknown`). What has no
// `version` is of version 1: feed pointers, of which there are most.
//
// Threads: plain values.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "functions/domain/state.h"
#include "functions/domain/waits.h"
#include "functions/json_codec.h"
#include "functions/unknown_fields.h"
#include "functions/wire/admin.h"
#include "functions/wire/conversation.h"
#include "functions/wire/describe.h"
#include "functions/wire/event.h"
#include "functions/wire/limits.h"
#include "functions/wire/poll.h"
#include "store/store.h"

namespace alcove::functions {

struct SiteRecord {
  int64_t version = 1;
  std::string name;
  std::string greeting;
  std::vector<std::string> allowed_origins;  // who may frame the widget, beside ourselves
  wire::Appearance appearance;
  int64_t agents = 0;               // how many there are: decides how much they are told of each other
  std::optional<int64_t> revision;  // of what administration changes: consoles that know another look again
  std::shared_ptr<const UnknownFields> unknown = nullptr;
};
template <class V>
void Describe(V& visit, SiteRecord& site) {
  visit("version", site.version);
  visit("name", site.name);
  visit("greeting", site.greeting);
  visit("allowed_origins", site.allowed_origins);
  visit("appearance", site.appearance);
  visit("agents", site.agents);
  visit("revision", site.revision);
}

struct AgentRecord {
  int64_t version = 1;
  std::string name;
  std::string email;
  std::string password_hash;  // Argon2id, in its own encoding
  int64_t capacity = wire::kAgentCapacityDefault;
  std::optional<wire::Role> role;  // RoleOf() reads it
  std::vector<std::string> teams;
  std::vector<wire::SkillLevel> skills;
  std::vector<std::string> languages;
  std::optional<bool> disabled;
  std::shared_ptr<const UnknownFields> unknown = nullptr;
};
template <class V>
void Describe(V& visit, AgentRecord& agent) {
  visit("version", agent.version);
  visit("name", agent.name);
  visit("email", agent.email);
  visit("password_hash", agent.password_hash);
  visit("capacity", agent.capacity);
  visit("role", agent.role);
  visit("teams", agent.teams);
  visit("skills", agent.skills);
  visit("languages", agent.languages);
  visit("disabled", agent.disabled);
}

// Those of a server that knew no roles are agents.
inline wire::Role RoleOf(const AgentRecord& agent) { return agent.role.value_or(wire::Role::kAgent); }
inline bool IsDisabled(const AgentRecord& agent) { return agent.disabled.value_or(false); }

// Apart from AgentRecord because it changes with every conversation.
struct AgentState {
  int64_t version = 1;
  wire::Presence presence = wire::Presence::kOffline;
  int64_t load = 0;          // open conversations that are not snoozed, exactly
  int64_t assigned_at = 0;   // the last assignment
  std::optional<bool> gone;  // away because no poll was heard; online again with the next
  std::shared_ptr<const UnknownFields> unknown = nullptr;
};
template <class V>
void Describe(V& visit, AgentState& state) {
  visit("version", state.version);
  visit("presence", state.presence);
  visit("load", state.load);
  visit("assigned_at", state.assigned_at);
  visit("gone", state.gone);
}

struct AgentEmailRecord {
  int64_t version = 1;
  std::string site;
  std::string agent;
  std::shared_ptr<const UnknownFields> unknown = nullptr;
};
template <class V>
void Describe(V& visit, AgentEmailRecord& record) {
  visit("version", record.version);
  visit("site", record.site);
  visit("agent", record.agent);
}

struct CustomerRecord {
  int64_t version = 1;
  std::string name;
  int64_t created_at = 0;
  int64_t open = 0;                  // conversations that are queued or assigned
  int64_t waiting = 0;               // of these, the queued ones
  std::optional<std::string> agent;  // who had the last of them that was given to anybody
  std::optional<std::vector<wire::Attribute>> attributes;
  std::optional<std::string> language;  // that their browser asks for
  std::optional<std::string> subject;   // who the owner says they are (identity.h); none: anybody
  std::shared_ptr<const UnknownFields> unknown = nullptr;
};
template <class V>
void Describe(V& visit, CustomerRecord& customer) {
  visit("version", customer.version);
  visit("name", customer.name);
  visit("created_at", customer.created_at);
  visit("open", customer.open);
  visit("waiting", customer.waiting);
  visit("agent", customer.agent);
  visit("attributes", customer.attributes);
  visit("language", customer.language);
  visit("subject", customer.subject);
}

// Which customer a subject is.
struct SubjectRecord {
  int64_t version = 1;
  std::string customer;
  std::shared_ptr<const UnknownFields> unknown = nullptr;
};
template <class V>
void Describe(V& visit, SubjectRecord& subject) {
  visit("version", subject.version);
  visit("customer", subject.customer);
}

enum class TokenKind { kUnknown, kCustomer, kAgent, kKey };

}  // namespace alcove::functions

template <>
struct alcove::wire::EnumNames<alcove::functions::TokenKind> {
  static constexpr std::array<std::string_view, 4> kNames = {"unknown", "customer", "agent", "key"};
};

namespace alcove::functions {

struct TokenRecord {
  int64_t version = 1;
  TokenKind kind = TokenKind::kUnknown;
  std::string site;
  std::string principal;  // the customer, the agent or the key
  int64_t expires_at = 0;
  std::optional<int64_t> created_at;   // of an agent's session
  std::optional<std::string> address;  // from which an agent signed in
  std::shared_ptr<const UnknownFields> unknown = nullptr;
};
template <class V>
void Describe(V& visit, TokenRecord& token) {
  visit("version", token.version);
  visit("kind", token.kind);
  visit("site", token.site);
  visit("principal", token.principal);
  visit("expires_at", token.expires_at);
  visit("created_at", token.created_at);
  visit("address", token.address);
}

// By whom and why a conversation was ended, as it is counted.
struct Ended {
  wire::ActorKind by = wire::ActorKind::kUnknown;
  std::optional<std::string> reason;     // of those that are counted apart
  std::optional<bool> by_other_reasons;  // it has one that is not
  friend bool operator==(const Ended&, const Ended&) = default;
};
template <class V>
void Describe(V& visit, Ended& ended) {
  visit("by", ended.by);
  visit("reason", ended.reason);
  visit("by_other_reasons", ended.by_other_reasons);
}

// Of a conversation that a bot has, or had when it was closed.
struct BotSeat {
  wire::Actor bot;
  int64_t unknown = 0;            // messages in a row that it did not know
  std::optional<int64_t> asking;  // its program is asked about the message of this seq
  friend bool operator==(const BotSeat&, const BotSeat&) = default;
};
template <class V>
void Describe(V& visit, BotSeat& seat) {
  visit("bot", seat.bot);
  visit("unknown", seat.unknown);
  visit("asking", seat.asking);
}

// What a head knows of the puts of its conversation (functions/newest_put.h).
struct NewestPut {
  std::string id;   // the greatest; "": nothing was put
  int64_t seq = 0;  // the event up to which that is so
  friend bool operator==(const NewestPut&, const NewestPut&) = default;
};
template <class V>
void Describe(V& visit, NewestPut& put) {
  visit("id", put.id);
  visit("seq", put.seq);
}

// The head of a conversation.
struct ConversationRecord {
  int64_t version = 1;
  wire::ConversationState state = wire::ConversationState::kUnknown;
  wire::Actor customer;
  std::optional<wire::Actor> agent;  // the assignee; stays when it is closed
  int64_t created_at = 0;
  int64_t updated_at = 0;
  int64_t queued_at = 0;  // its place in the queue while queued (functions/routing.h): a time, the earlier the sooner
  int64_t closed_at = 0;
  int64_t last_seq = 0;
  int64_t read_by_customer = 0;
  int64_t read_by_agent = 0;
  int64_t unread_by_customer = 0;  // messages of the other side above read_by_*
  int64_t unread_by_agent = 0;
  std::optional<wire::Preview> preview;
  std::optional<std::string> page;
  std::optional<std::vector<std::string>> tags;  // in the order in which they were put on
  std::optional<wire::Rating> rating;
  std::optional<int64_t> rated_seq;      // the event that tells of it
  std::optional<int64_t> snoozed_until;  // of one that is open: it does not count as its agent's load
  std::optional<int64_t> asked_at;       // of one that an agent or a bot has, who spoke last: since when
  // What it needs of whoever takes it (functions/domain/need.h), and how urgent it is.
  std::optional<std::string> team;
  std::optional<std::vector<wire::SkillLevel>> skills;
  std::optional<std::string> language;
  std::optional<int64_t> priority;                 // none: 0
  std::optional<std::vector<std::string>> passed;  // the agents who let it pass
  std::optional<std::vector<std::string>> rules;   // the names of the owner's rules that said so
  std::optional<std::string> last_agent;           // who helped its customer the last time
  std::optional<int64_t> waits_since;              // its age in the queue, which it keeps when it comes back
  std::optional<int64_t> began_place;              // its place when it came into the queue, from 1
  std::optional<int64_t> accept_by;                // it is offered to its agent, who has to answer until then
  std::optional<bool> answered;                    // an agent wrote to the customer
  std::optional<Ending> ending;                    // of one that is closed: what it is counted as
  // What is known of it, and of its customer as long as it is not over.
  std::optional<std::vector<wire::Attribute>> attributes;
  std::optional<std::vector<wire::Attribute>> customer_attributes;
  std::optional<std::string> customer_language;
  std::optional<bool> customer_verified;         // the owner says who they are
  std::optional<std::vector<wire::Field>> form;  // what the customer answered before it began
  std::optional<bool> offline;                   // a message to whom was not there
  std::optional<Ended> ended;                    // of one that is closed: how it is counted among the day's
  std::optional<int64_t> archived_at;            // of one that is closed: for good
  std::optional<int64_t> asked_elsewhere_at;     // of one that waits: since when a program of the owner's is asked
  // Who takes part beside the assignee (participants.h); never the assignee, and of what is closed nobody.
  std::optional<std::vector<wire::Actor>> participants;
  std::optional<BotSeat> bot;
  std::optional<int64_t> handed_over_at;  // by a bot: since when it is for people
  std::optional<NewestPut> newest_put;
  std::shared_ptr<const UnknownFields> unknown = nullptr;
};
template <class V>
void Describe(V& visit, ConversationRecord& record) {
  visit("version", record.version);
  visit("state", record.state);
  visit("customer", record.customer);
  visit("agent", record.agent);
  visit("created_at", record.created_at);
  visit("updated_at", record.updated_at);
  visit("queued_at", record.queued_at);
  visit("closed_at", record.closed_at);
  visit("last_seq", record.last_seq);
  visit("read_by_customer", record.read_by_customer);
  visit("read_by_agent", record.read_by_agent);
  visit("unread_by_customer", record.unread_by_customer);
  visit("unread_by_agent", record.unread_by_agent);
  visit("preview", record.preview);
  visit("page", record.page);
  visit("tags", record.tags);
  visit("rating", record.rating);
  visit("rated_seq", record.rated_seq);
  visit("snoozed_until", record.snoozed_until);
  visit("asked_at", record.asked_at);
  visit("team", record.team);
  visit("skills", record.skills);
  visit("language", record.language);
  visit("priority", record.priority);
  visit("passed", record.passed);
  visit("rules", record.rules);
  visit("last_agent", record.last_agent);
  visit("waits_since", record.waits_since);
  visit("began_place", record.began_place);
  visit("accept_by", record.accept_by);
  visit("answered", record.answered);
  visit("ending", record.ending);
  visit("attributes", record.attributes);
  visit("customer_attributes", record.customer_attributes);
  visit("customer_language", record.customer_language);
  visit("customer_verified", record.customer_verified);
  visit("form", record.form);
  visit("offline", record.offline);
  visit("ended", record.ended);
  visit("archived_at", record.archived_at);
  visit("asked_elsewhere_at", record.asked_elsewhere_at);
  visit("participants", record.participants);
  visit("bot", record.bot);
  visit("handed_over_at", record.handed_over_at);
  visit("newest_put", record.newest_put);
}

// How many conversations of a team are with agents and in their way.
struct TeamState {
  int64_t version = 1;
  int64_t load = 0;
  std::shared_ptr<const UnknownFields> unknown = nullptr;
};
template <class V>
void Describe(V& visit, TeamState& state) {
  visit("version", state.version);
  visit("load", state.load);
}

// How long the last ones waited: for an agent in the queue, or for the first answer to what they began.
struct WaitsRecord {
  int64_t version = 1;
  std::vector<WaitSample> samples;  // the last comes last
  std::shared_ptr<const UnknownFields> unknown = nullptr;
};
template <class V>
void Describe(V& visit, WaitsRecord& waits) {
  visit("version", waits.version);
  visit("samples", waits.samples);
}

struct QueueRecord {
  int64_t version = 1;
  int64_t length = 0;
  int64_t departures = 0;  // how often places of others changed: whoever waits is told anew
  int64_t queued_at = 0;   // of the last who came
  std::shared_ptr<const UnknownFields> unknown = nullptr;
};
template <class V>
void Describe(V& visit, QueueRecord& queue) {
  visit("version", queue.version);
  visit("length", queue.length);
  visit("departures", queue.departures);
  visit("queued_at", queue.queued_at);
}

// What was answered to a put of a client-chosen id.
struct SentRecord {
  int64_t version = 1;
  std::string digest;                 // of who sent what; "": what it was is erased
  int64_t seq = 0;                    // the event that a message became
  std::optional<std::string> answer;  // where the answer cannot be made again from the event
  std::shared_ptr<const UnknownFields> unknown = nullptr;
};
template <class V>
void Describe(V& visit, SentRecord& sent) {
  visit("version", sent.version);
  visit("digest", sent.digest);
  visit("seq", sent.seq);
  visit("answer", sent.answer);
}

// A feed's entry: a pointer to an event.
struct FeedPointer {
  std::string conversation;
  int64_t seq = 0;
  friend auto operator<=>(const FeedPointer&, const FeedPointer&) = default;
};
template <class V>
void Describe(V& visit, FeedPointer& pointer) {
  visit("c", pointer.conversation);
  visit("s", pointer.seq);
}

struct FeedHeadRecord {
  std::optional<int64_t> version = 1;  // left out by the first servers
  int64_t position = 0;
  std::shared_ptr<const UnknownFields> unknown = nullptr;
};
template <class V>
void Describe(V& visit, FeedHeadRecord& head) {
  visit("version", head.version);
  visit("position", head.position);
}

// A deferred call, or one that was given up. When it is to be looked at stands in its key.
struct DeferredRecord {
  int64_t version = 1;
  std::string function;
  std::string key;
  std::string arguments;  // JSON
  int64_t due_at = 0;
  int64_t attempts = 0;               // runs that were begun
  int64_t lease_until = 0;            // of the run that is under way; 0: none is
  std::optional<std::string> behind;  // the call that this one replaced, whose run the lease is of
  std::optional<bool> cancelled;      // while a run is under way, whose lease it still keeps
  std::optional<std::string> reason;  // why the last run failed
  std::shared_ptr<const UnknownFields> unknown = nullptr;
};
template <class V>
void Describe(V& visit, DeferredRecord& call) {
  visit("version", call.version);
  visit("function", call.function);
  visit("key", call.key);
  visit("arguments", call.arguments);
  visit("due_at", call.due_at);
  visit("attempts", call.attempts);
  visit("lease_until", call.lease_until);
  visit("behind", call.behind);
  visit("cancelled", call.cancelled);
  visit("reason", call.reason);
}

// Which call a function and a key have: its place in store/keys.h.
struct DeferredKeyRecord {
  int64_t version = 1;
  int64_t run_at = 0;
  std::string call;
  std::shared_ptr<const UnknownFields> unknown = nullptr;
};
template <class V>
void Describe(V& visit, DeferredKeyRecord& record) {
  visit("version", record.version);
  visit("run_at", record.run_at);
  visit("call", record.call);
}

// --- Reading and writing them -------------------------------------------------

// Reads the record at `key` into `out`, and tells whether there is one. Errors
// as Reader::Get(), and DATA_LOSS where what is there cannot be read; `out` is
// anything then. A conversation is so large that it is read to where it stays:
// each move of it costs as much as to look up a key.
template <class T>
absl::StatusOr<bool> ReadInto(store::Reader& reader, std::string_view key, T& out) {
  const auto value = reader.Get(key);
  if (!value.ok()) return value.status();
  if (!value->has_value()) return false;
  if (absl::Status status = DecodeRecordInto(**value, out); !status.ok()) return status;
  return true;
}

// As ReadInto(), but NOT_FOUND where there is none.
template <class T>
absl::Status LoadInto(store::Reader& reader, std::string_view key, T& out) {
  const auto read = ReadInto(reader, key, out);
  if (!read.ok()) return read.status();
  return *read ? absl::OkStatus() : absl::NotFoundError("no record");
}

// The record at `key`, or nullopt. Errors as ReadInto().
template <class T>
absl::StatusOr<std::optional<T>> Find(store::Reader& reader, std::string_view key) {
  absl::StatusOr<std::optional<T>> found(absl::in_place, std::in_place);
  const auto read = ReadInto(reader, key, **found);
  if (!read.ok()) {
    found = read.status();
  } else if (!*read) {
    found->reset();
  }
  return found;
}

// As Find(), but NOT_FOUND where there is none.
template <class T>
absl::StatusOr<T> Load(store::Reader& reader, std::string_view key) {
  absl::StatusOr<T> loaded(absl::in_place);
  if (absl::Status status = LoadInto(reader, key, *loaded); !status.ok()) loaded = std::move(status);
  return loaded;
}

// As Find(), but a T of its defaults where there is none.
template <class T>
absl::StatusOr<T> LoadOrDefault(store::Reader& reader, std::string_view key) {
  absl::StatusOr<T> loaded(absl::in_place);
  if (const auto read = ReadInto(reader, key, *loaded); !read.ok()) loaded = read.status();
  return loaded;
}

template <class T>
void Save(store::Transaction& transaction, std::string_view key, const T& record) {
  transaction.Put(key, ToRecord(record));
}

}  // namespace alcove::functions
