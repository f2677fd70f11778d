#include "functions/bot.h"

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "functions/advance.h"
#include "functions/append.h"
#include "functions/defer.h"
#include "functions/domain/bot.h"
#include "functions/json_codec.h"
#include "functions/lifecycle.h"
#include "functions/message.h"
#include "functions/post_json.h"
#include "functions/reception.h"
#include "functions/request.h"
#include "functions/secrets.h"
#include "functions/wire/bot.h"
#include "functions/wire/limits.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

constexpr std::string_view kAnswer = "answer";

bool HasBot(const Conversation& conversation) { return StateOf(conversation.record) == State::kBot; }

// nullopt: it was deleted.
absl::StatusOr<std::optional<Bot>> FindBot(store::Reader& reader, const wire::SiteId& site, const std::string& id) {
  const auto bot = wire::BotId::Parse(id);
  if (!bot) return std::optional<Bot>();
  ASSIGN_OR_RETURN(auto record, Find<BotRecord>(reader, keys::Bot(site, *bot)));
  if (!record) return std::optional<Bot>();
  return std::optional(Bot{*bot, *std::move(record)});
}

// The customer has it to read, and is waited for.
absl::Status Say(store::Transaction& txn, Conversation& conversation, const wire::NewMessage& message,
                 Context& context) {
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
  conversation.record.asked_at = now_ms;
  const wire::Actor bot = conversation.record.bot->bot;
  return AppendMessage(txn, conversation, bot, MakeId<wire::MessageId>(context), message, now_ms).status();
}

absl::Status HandOver(store::Transaction& txn, Conversation& conversation, std::string why, Context& context) {
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
  ConversationRecord& record = conversation.record;
  // Whoever was told in this very transaction that a bot has it is told what ends that.
  conversation.before = AudienceOf(record);
  wire::Event left;
  left.type = wire::EventType::kLeft;
  left.actor = record.bot->bot;
  left.why = std::move(why);
  SiteRouting routing(txn, conversation.site);
  ASSIGN_OR_RETURN(const Reception reception, ReceptionOf(routing, record.team.value_or(""), context.clock.Now()));
  if (reception.offline) record.offline = true;
  ASSIGN_OR_RETURN(wire::Event placed, PlaceHandedOver(txn, conversation, routing, context));
  RETURN_IF_ERROR(Append(txn, conversation, std::move(left), now_ms).status());
  RETURN_IF_ERROR(Append(txn, conversation, std::move(placed), now_ms).status());
  if (StateOf(record) != State::kQueued) return absl::OkStatus();
  // Somebody may have room for those in front.
  RETURN_IF_ERROR(DispatchQueue(txn, conversation.site, context).status());
  ASSIGN_OR_RETURN(conversation, LoadConversation(txn, conversation.site, conversation.id));
  return absl::OkStatus();
}

absl::Status SayAndHandOver(store::Transaction& txn, Conversation& conversation, const std::string& text,
                            std::string why, Context& context) {
  if (!text.empty()) RETURN_IF_ERROR(Say(txn, conversation, {.text = text}, context));
  return HandOver(txn, conversation, std::move(why), context);
}

absl::Status AnswerByList(store::Transaction& txn, Conversation& conversation, const Bot& bot, const std::string& text,
                          Context& context) {
  BotReply reply = ReplyOf(bot.record, text, conversation.record.bot->unknown);
  conversation.record.bot->unknown = reply.unknown;
  if (!reply.hands_over.empty()) {
    return SayAndHandOver(txn, conversation, reply.text, std::move(reply.hands_over), context);
  }
  return Say(txn, conversation, {.text = reply.text, .quick_replies = std::move(reply.quick_replies)}, context);
}

absl::Status BeginToAsk(store::Transaction& txn, Conversation& conversation, int64_t seq, Context& context) {
  // It is the customer who waits.
  conversation.record.asked_at.reset();
  conversation.record.bot->asking = seq;
  Save(txn, keys::Conversation(conversation.site, conversation.id), conversation.record);
  return Defer(txn, kAskBot, {conversation.site.text(), conversation.id.text(), seq}, context.clock.Now(),
               KeyIn(conversation.site, conversation.id), context);
}

// What is written while the program is asked about something else waits for its turn.
absl::Status AskInTurn(store::Transaction& txn, Conversation& conversation, int64_t seq, Context& context) {
  if (!conversation.record.bot->asking) return BeginToAsk(txn, conversation, seq, context);
  ASSIGN_OR_RETURN(const auto due, DueTime(txn, kAskBot.name, KeyIn(conversation.site, conversation.id)));
  if (due) return absl::OkStatus();
  return HandOver(txn, conversation, "its program could not be asked", context);
}

bool IsByCustomer(const wire::Event& event) {
  return event.type == wire::EventType::kMessage && event.actor.kind == wire::ActorKind::kCustomer;
}

// The first message of the customer's behind a seq that says something still.
absl::StatusOr<std::optional<int64_t>> NextMessage(store::Reader& reader, const Conversation& conversation,
                                                   int64_t after) {
  while (after < conversation.record.last_seq) {
    ASSIGN_OR_RETURN(const auto entries, reader.Scan(keys::Events(conversation.site, conversation.id, after),
                                                     {.limit = wire::kEventPageMax}));
    for (const store::Entry& entry : entries) {
      ASSIGN_OR_RETURN(const auto event, ParseJson<wire::Event>(entry.value));
      if (IsByCustomer(event) && event.text) return std::optional(event.seq);
      after = event.seq;
    }
  }
  return std::optional<int64_t>();
}

Fetch QuestionTo(const Bot& bot, const Conversation& conversation, const wire::Event& message) {
  const ConversationRecord& record = conversation.record;
  wire::BotQuestion question;
  question.site = conversation.site.text();
  question.conversation = conversation.id.text();
  question.bot = bot.id.text();
  question.customer = record.customer;
  question.message = {message.id.value_or(""), message.seq, message.at, message.text.value_or("")};
  question.language = record.customer_language;
  question.page = record.page;
  question.attributes = record.attributes.value_or(std::vector<wire::Attribute>());
  question.customer_attributes = record.customer_attributes.value_or(std::vector<wire::Attribute>());
  return PostJson(kAnswer, *bot.record.url, ToJson(question),
                  {.timeout = absl::Milliseconds(bot.record.timeout_ms.value_or(wire::kFetchMs)),
                   .bytes_max = wire::kBotAnswerBytesMax});
}

// What the program said, or why that is nothing.
struct Said {
  wire::BotSaid said = {};
  std::string why_not = {};
};

Said SaidBy(const Fetched& fetched) {
  if (fetched.result != FetchResult::kAnswered) {
    return {{}, absl::StrCat("its program did not answer: ", std::string(NameOf(fetched.result)))};
  }
  if (fetched.status != 200) return {{}, absl::StrCat("its program answered ", fetched.status)};
  const auto said = ParseJson<wire::BotSaid>(fetched.body);
  if (!said.ok()) return {{}, "the answer of its program is none"};
  if (said->text && !CheckTextGiven("text", *said->text, wire::kMessageTextBytesMax).ok()) {
    return {{}, "its program said what is no message"};
  }
  if (said->quick_replies && (!said->text || !CheckQuickReplies("quick_replies", said->quick_replies).ok())) {
    return {{}, "its program gave quick replies that are none"};
  }
  if (!said->text && !said->hand_over.value_or(false) && !said->close.value_or(false)) {
    return {{}, "its program said nothing"};
  }
  return {*said};
}

// Goes on with what was written while the message of that seq was answered. REQUIRES: it has been answered.
absl::Status AskNext(store::Transaction& txn, Conversation& conversation, int64_t answered, Context& context) {
  ASSIGN_OR_RETURN(const auto next, NextMessage(txn, conversation, answered));
  return next ? BeginToAsk(txn, conversation, *next, context) : ExpectReply(txn, conversation, context);
}

// It says and does what its program said, and goes on with what was written meanwhile.
absl::Status SayAndDo(store::Transaction& txn, Conversation& conversation, const wire::BotSaid& said, int64_t answered,
                      Context& context) {
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
  if (said.text) {
    RETURN_IF_ERROR(Say(txn, conversation, {.text = *said.text, .quick_replies = said.quick_replies}, context));
  }
  if (said.hand_over.value_or(false)) return HandOver(txn, conversation, "its program hands over", context);
  if (said.close.value_or(false)) {
    ASSIGN_OR_RETURN(wire::Event closed, Close(txn, conversation, conversation.record.bot->bot, std::nullopt, now_ms));
    return Append(txn, conversation, std::move(closed), now_ms).status();
  }
  return AskNext(txn, conversation, answered, context);
}

}  // namespace

wire::Actor ActorOf(const Bot& bot) { return {wire::ActorKind::kBot, bot.id.text(), bot.record.name}; }

absl::StatusOr<std::optional<Bot>> BotFor(SiteRouting& routing, const ConversationRecord& record,
                                          const std::optional<std::string>& ruled) {
  ASSIGN_OR_RETURN(const SettingsRecord* const settings, routing.Settings());
  const std::optional<std::string>& id = ruled ? ruled : settings->bot;
  if (!id || *id == wire::kNoBot) return std::optional<Bot>();
  ASSIGN_OR_RETURN(auto bot, FindBot(routing.reader(), routing.site(), *id));
  return bot && Speaks(bot->record, record.customer_language) ? bot : std::nullopt;
}

absl::Status GreetByBot(store::Transaction& txn, Conversation& conversation, const Bot& bot, Context& context) {
  if (!bot.record.greeting) return absl::OkStatus();
  return Say(txn, conversation, {.text = *bot.record.greeting, .quick_replies = bot.record.greeting_replies}, context);
}

absl::Status AnswerByBot(store::Transaction& txn, Conversation& conversation, const wire::Event& message,
                         Context& context) {
  if (!HasBot(conversation)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto bot, FindBot(txn, conversation.site, conversation.record.bot->bot.id));
  if (!bot) return HandOver(txn, conversation, "is no longer there", context);
  const std::string text = message.text.value_or("");
  const bool asks_for_person = HoldsOneOf(bot->record.hand_over, WordsOf(text));
  // Of a list it is the first thing that is looked at, too.
  if (!bot->record.url || asks_for_person) return AnswerByList(txn, conversation, *bot, text, context);
  return AskInTurn(txn, conversation, message.seq, context);
}

absl::Status AskForPerson(store::Transaction& txn, Conversation& conversation, Context& context) {
  if (!HasBot(conversation)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto bot, FindBot(txn, conversation.site, conversation.record.bot->bot.id));
  const std::string text = bot ? bot->record.hand_over_text.value_or("") : "";
  return SayAndHandOver(txn, conversation, text, std::string(kAskedForAPerson), context);
}

absl::StatusOr<AskOrDone> AskBot(store::Transaction& txn, const TimerArguments& arguments, const Fetches& fetches,
                                 Context& context) {
  ASSIGN_OR_RETURN(auto found,
                   FindConversation(txn, wire::SiteId(arguments.site), wire::ConversationId(arguments.conversation)));
  // Somebody has taken it, it is closed, or it is asked about another message.
  if (!found || !HasBot(*found) || found->record.bot->asking != arguments.at) return AskOrDone(Afterwards());
  Conversation conversation = *std::move(found);
  ASSIGN_OR_RETURN(const auto bot, FindBot(txn, conversation.site, conversation.record.bot->bot.id));
  ASSIGN_OR_RETURN(const wire::Event message, LoadEvent(txn, conversation, arguments.at));
  if (!message.text) {
    // It was taken back meanwhile.
    conversation.record.bot->asking.reset();
    Save(txn, keys::Conversation(conversation.site, conversation.id), conversation.record);
    RETURN_IF_ERROR(AskNext(txn, conversation, arguments.at, context));
    return AskOrDone(Afterwards());
  }
  const Fetched* const fetched = fetches.Find(kAnswer);
  if (bot && bot->record.url && fetched == nullptr) return AskOrDone(QuestionTo(*bot, conversation, message));
  conversation.record.bot->asking.reset();
  if (!bot) {
    RETURN_IF_ERROR(HandOver(txn, conversation, "is no longer there", context));
  } else if (!bot->record.url) {
    // It has become a list of answers meanwhile.
    RETURN_IF_ERROR(AnswerByList(txn, conversation, *bot, message.text.value_or(""), context));
    if (HasBot(conversation)) RETURN_IF_ERROR(AskNext(txn, conversation, arguments.at, context));
  } else if (Said answer = SaidBy(*fetched); !answer.why_not.empty()) {
    RETURN_IF_ERROR(HandOver(txn, conversation, std::move(answer.why_not), context));
  } else {
    RETURN_IF_ERROR(SayAndDo(txn, conversation, answer.said, arguments.at, context));
  }
  return AskOrDone(Afterwards());
}

}  // namespace alcove::functions
