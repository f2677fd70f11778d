#include "functions/message.h"

#include <utility>
#include <vector>

#include "functions/access.h"
#include "functions/advance.h"
#include "functions/agent/claim.h"
#include "functions/append.h"
#include "functions/bot.h"
#include "functions/conflict.h"
#include "functions/lifecycle.h"
#include "functions/newest_put.h"
#include "functions/problem.h"
#include "functions/request.h"
#include "functions/sent.h"
#include "functions/shown.h"
#include "functions/timers.h"
#include "functions/typing.h"
#include "functions/wire/limits.h"
#include "functions/wire/requests.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

absl::StatusOr<std::string> StoredEvent(store::Reader& reader, const Conversation& conversation, int64_t seq) {
  ASSIGN_OR_RETURN(auto event, reader.Get(keys::Event(conversation.site, conversation.id, seq)));
  if (!event) return absl::DataLossError("an event that is not there");
  return *std::move(event);
}

Outcome AnswerAgain(store::Reader& reader, const Conversation& conversation, Side side, const SentRecord& sent,
                    std::string_view digest) {
  if (CheckDigest(sent, digest).ok()) {
    ASSIGN_OR_RETURN(std::string answer, PutAnswer(reader, conversation, sent.seq));
    return Ok(std::move(answer));
  }
  ASSIGN_OR_RETURN(std::string event, StoredEvent(reader, conversation, sent.seq));
  ASSIGN_OR_RETURN(const std::string shown, ShownTo(side, std::move(event)));
  ProblemState state;
  ASSIGN_OR_RETURN(state.event, ParseJson<wire::Event>(shown));
  return ProblemResponse(ProblemCode::kIdReused, {}, std::move(state));
}

}  // namespace

absl::StatusOr<std::string> PutAnswer(store::Reader& reader, const Conversation& conversation, int64_t seq) {
  ASSIGN_OR_RETURN(std::string event, StoredEvent(reader, conversation, seq));
  return ToJson(wire::BasicEventAnswer<wire::RawJson>{{std::move(event)}});
}

std::optional<Outcome> EarlierAnswer(store::Reader& reader, const Conversation& conversation, Side side,
                                     const wire::MessageId& id, std::string_view digest) {
  const std::string key = keys::Sent(conversation.site, conversation.id, id);
  // The head may be a guess, and another one by the next run of the body.
  reader.Expect(key);
  if (IsAboveAllPut(conversation.record, id)) return std::nullopt;
  const auto sent = Find<SentRecord>(reader, key);
  if (!sent.ok()) return Outcome(sent.status());
  if (!sent->has_value()) return std::nullopt;
  return AnswerAgain(reader, conversation, side, **sent, digest);
}

absl::StatusOr<wire::Event> AppendPut(store::Transaction& transaction, Conversation& conversation, wire::Event event,
                                      const wire::MessageId& id, std::string digest, int64_t now_ms) {
  event.id = id.text();
  RETURN_IF_ERROR(NotePut(transaction, conversation, id));
  ASSIGN_OR_RETURN(event, Append(transaction, conversation, std::move(event), now_ms));
  SentRecord sent;
  sent.digest = std::move(digest);
  sent.seq = event.seq;
  Save(transaction, keys::Sent(conversation.site, conversation.id, id), sent);
  return event;
}

std::string DigestOfMessage(const wire::Actor& by, const wire::NewMessage& message) {
  std::string digest = DigestOf({wire::NameOf(by.kind), by.id, message.text});
  // Only where there is one: those that are remembered of before have none.
  if (message.reply_to) digest = DigestOf({digest, "reply_to", *message.reply_to});
  if (!message.quick_replies) return digest;
  for (const std::string& reply : *message.quick_replies) digest = DigestOf({digest, "quick_reply", reply});
  return digest;
}

absl::StatusOr<wire::Event> LoadEvent(store::Reader& reader, const Conversation& conversation, int64_t seq) {
  ASSIGN_OR_RETURN(const std::string event, StoredEvent(reader, conversation, seq));
  return ParseJson<wire::Event>(event);
}

absl::StatusOr<std::optional<wire::Event>> FindPut(store::Reader& reader, const Conversation& conversation,
                                                   std::string_view text) {
  const auto id = wire::MessageId::Parse(text);
  if (!id) return std::optional<wire::Event>();
  ASSIGN_OR_RETURN(const auto sent, Find<SentRecord>(reader, keys::Sent(conversation.site, conversation.id, *id)));
  if (!sent) return std::optional<wire::Event>();
  ASSIGN_OR_RETURN(auto event, LoadEvent(reader, conversation, sent->seq));
  return std::optional(std::move(event));
}

namespace {

// As AppendMessage(), of a message whose digest is known.
absl::StatusOr<wire::Event> AppendDigested(store::Transaction& transaction, Conversation& conversation,
                                           const wire::Actor& by, const wire::MessageId& id,
                                           const wire::NewMessage& message, std::string digest, int64_t now_ms) {
  wire::Event event;
  event.type = wire::EventType::kMessage;
  event.actor = by;
  event.text = message.text;
  event.reply_to = message.reply_to;
  // None are none, however that was said.
  if (message.quick_replies && !message.quick_replies->empty()) event.quick_replies = message.quick_replies;
  return AppendPut(transaction, conversation, std::move(event), id, std::move(digest), now_ms);
}

// So many events behind the one that the agent had seen are looked at: with more than these it is another conversation
// than they saw, and the last ones tell.
constexpr size_t kEventsBehind = 100;

// The agent, other than the caller, who was the last to write to the customer behind event `after`.
absl::StatusOr<std::optional<wire::Actor>> OvertakenBy(store::Reader& reader, const Entered& entered, int64_t after) {
  const Conversation& conversation = entered.conversation;
  ASSIGN_OR_RETURN(const auto entries, reader.Scan(keys::Events(conversation.site, conversation.id, after),
                                                   {store::Direction::kBackward, kEventsBehind}));
  for (const store::Entry& entry : entries) {
    ASSIGN_OR_RETURN(const auto event, ParseJson<wire::Event>(entry.value));
    const bool by_other = event.actor.kind == wire::ActorKind::kAgent && event.actor.id != entered.actor.id;
    if (event.type == wire::EventType::kMessage && by_other) return std::optional(event.actor);
  }
  return std::optional<wire::Actor>();
}

absl::Status CheckMessage(Side side, const wire::NewMessage& message) {
  if (message.file) return ProblemStatus(ProblemCode::kUnprocessable, "file: files are not taken yet");
  RETURN_IF_ERROR(CheckTextGiven("text", message.text, wire::kMessageTextBytesMax));
  if (side == Side::kCustomer && message.quick_replies) {
    return ProblemStatus(ProblemCode::kUnprocessable, "quick_replies are what agents and bots give");
  }
  return CheckQuickReplies("quick_replies", message.quick_replies);
}

// A note is nothing that customers know of.
absl::Status CheckReplyTo(store::Reader& reader, const Conversation& conversation, const wire::NewMessage& message) {
  if (!message.reply_to) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto answered, FindPut(reader, conversation, *message.reply_to));
  if (answered && answered->type == wire::EventType::kMessage) return absl::OkStatus();
  return ProblemStatus(ProblemCode::kUnprocessable, "reply_to is no message of this conversation");
}

}  // namespace

absl::StatusOr<wire::Event> AppendMessage(store::Transaction& transaction, Conversation& conversation,
                                          const wire::Actor& by, const wire::MessageId& id,
                                          const wire::NewMessage& message, int64_t now_ms) {
  return AppendDigested(transaction, conversation, by, id, message, DigestOfMessage(by, message), now_ms);
}

Outcome PutMessageBy(Side side, const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const auto message, ParseBody<wire::NewMessage>(request));
  RETURN_IF_ERROR(CheckMessage(side, message));
  ASSIGN_OR_RETURN(const auto id, ParseChosenId<wire::MessageId>("message", request.Parameter("message")));
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());

  std::optional<Entered> entered;
  Outcome outcome = context.store.Transact([&](store::Transaction& txn) -> Outcome {
    // Authorisation reads the same snapshot as the write it guards.
    ASSIGN_OR_RETURN(entered, Enter(txn, request, side, context));
    Conversation& conversation = entered->conversation;
    std::string digest = DigestOfMessage(entered->actor, message);
    if (auto earlier = EarlierAnswer(txn, conversation, side, id, digest)) return *std::move(earlier);
    RETURN_IF_ERROR(CheckReplyTo(txn, conversation, message));
    if (side == Side::kAgent && message.after) {
      ASSIGN_OR_RETURN(const auto other, OvertakenBy(txn, *entered, *message.after));
      if (other) return ProblemResponse(ProblemCode::kOvertaken, {}, {.agent = other});
    }
    const Action action = side == Side::kCustomer ? Action::kCustomerWrites : Action::kAgentWrites;
    std::vector<wire::Event> reopened;
    if (side == Side::kCustomer) {
      ASSIGN_OR_RETURN(reopened, ReopenByWriting(txn, conversation, context));
    } else if (StateOf(conversation.record) == State::kBot) {
      // Or the bot would go on answering what the agent asks.
      RETURN_IF_ERROR(agent::ClaimForCaller(txn, *entered, now_ms));
    }
    if (absl::Status went = GoOn(txn, conversation, action, now_ms); !went.ok()) {
      return RefusedWithState(txn, conversation, side, std::move(went));
    }
    if (side == Side::kAgent) RETURN_IF_ERROR(NoteAnswer(txn, conversation, entered->actor, now_ms));
    for (wire::Event& one : reopened) RETURN_IF_ERROR(Append(txn, conversation, std::move(one), now_ms).status());
    ASSIGN_OR_RETURN(const wire::Event event,
                     AppendDigested(txn, conversation, entered->actor, id, message, std::move(digest), now_ms));
    if (side == Side::kCustomer) RETURN_IF_ERROR(AnswerByBot(txn, conversation, event, context));
    RETURN_IF_ERROR(ExpectReply(txn, conversation, context));
    if (!reopened.empty()) RETURN_IF_ERROR(DispatchQueue(txn, conversation.site, context).status());
    ASSIGN_OR_RETURN(std::string answer, PutAnswer(txn, conversation, event.seq));
    return Created(std::move(answer));
  });
  if (outcome.response()->status == 201) ClearTyping(*entered, context);
  return outcome;
}

}  // namespace alcove::functions
