#include "functions/customer/start.h"

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "functions/access.h"
#include "functions/append.h"
#include "functions/attributes.h"
#include "functions/bot.h"
#include "functions/conflict.h"
#include "functions/customer/gone.h"
#include "functions/domain/need.h"
#include "functions/lifecycle.h"
#include "functions/message.h"
#include "functions/newest_put.h"
#include "functions/problem.h"
#include "functions/reception.h"
#include "functions/request.h"
#include "functions/routing.h"
#include "functions/sent.h"
#include "functions/timers.h"
#include "functions/wire/limits.h"
#include "functions/wire/requests.h"
#include "functions/wire/typed_text.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::customer {

namespace keys = store::keys;

namespace {

// The field of a form that is the customer's name.
constexpr std::string_view kNameField = "name";

absl::Status Check(const wire::NewConversation& start) {
  if (start.page) RETURN_IF_ERROR(CheckText("page.url", start.page->url, wire::kPageUrlBytesMax));
  RETURN_IF_ERROR(CheckFields("attributes", start.attributes, wire::kAttributesMax));
  RETURN_IF_ERROR(CheckFields("form", start.form, 2 * wire::kFormFieldsMax));
  if (!start.message) return absl::OkStatus();
  RETURN_IF_ERROR(ParseChosenId<wire::MessageId>("message.id", start.message->id).status());
  return CheckTextGiven("message.text", start.message->text, wire::kMessageTextBytesMax);
}

// Of fields: as they came, each with its value.
std::string DigestOfFields(std::string_view what, const std::vector<wire::Field>& fields) {
  std::string digest = DigestOf({what});
  for (const wire::Field& field : fields) digest = DigestOf({digest, field.name, field.value});
  return digest;
}

std::string DigestOfStart(const CustomerAccess& access, const wire::NewConversation& start) {
  std::string digest =
      DigestOf({access.customer.text(), start.message ? "message" : "", start.message ? start.message->id : "",
                start.message ? start.message->text : "", start.page ? "page" : "", start.page ? start.page->url : "",
                start.page && start.page->title ? "title" : "", start.page ? start.page->title.value_or("") : ""});
  // Only where there is one: those that are remembered of before have none.
  if (start.team) digest = DigestOf({digest, *start.team});
  if (start.attributes) digest = DigestOf({digest, DigestOfFields("attributes", *start.attributes)});
  if (start.form) digest = DigestOf({digest, DigestOfFields("form", *start.form)});
  return digest;
}

absl::StatusOr<Conversation> NewConversation(store::Reader& reader, const CustomerAccess& access,
                                             const wire::ConversationId& id, const wire::NewConversation& start,
                                             int64_t now_ms) {
  ASSIGN_OR_RETURN(const auto taken, reader.Get(keys::Conversation(access.site, id)));
  // Of this customer it would have been found in Started.
  if (taken) return absl::NotFoundError("another customer's");
  ASSIGN_OR_RETURN(const auto customer, Load<CustomerRecord>(reader, keys::Customer(access.site, access.customer)));
  Conversation conversation{access.site, id, {}, {}};
  conversation.record.customer = {wire::ActorKind::kCustomer, access.customer.text(), customer.name};
  conversation.record.last_agent = customer.agent;
  conversation.record.customer_attributes = customer.attributes;
  conversation.record.customer_language = customer.language;
  if (customer.subject) conversation.record.customer_verified = true;
  conversation.record.created_at = conversation.record.updated_at = now_ms;
  if (start.page) conversation.record.page = start.page->url;
  NoteNothingPut(conversation.record);
  return conversation;
}

// Whether somebody is there, and what the customer answered first: 422 where they did not.
absl::Status Receive(store::Transaction& txn, SiteRouting& routing, Conversation& conversation,
                     const wire::NewConversation& start, Context& context) {
  RETURN_IF_ERROR(CheckTeam(txn, conversation.site, start.team));
  ConversationRecord& record = conversation.record;
  record.team = start.team;
  ASSIGN_OR_RETURN(const Reception reception, ReceptionOf(routing, start.team.value_or(""), context.clock.Now()));
  ASSIGN_OR_RETURN(const SettingsRecord* const settings, routing.Settings());
  const auto given = start.form.value_or(std::vector<wire::Field>());
  RETURN_IF_ERROR(CheckForm(*settings, reception.form, given));
  if (!given.empty()) record.form = given;
  if (reception.offline) record.offline = true;
  return absl::OkStatus();
}

// Who says their name in the form is called so, in this conversation and those to come.
absl::Status TakeName(store::Transaction& txn, Conversation& conversation) {
  for (const wire::Field& field : conversation.record.form.value_or(std::vector<wire::Field>())) {
    if (field.name != kNameField || wire::IsBlank(field.value) || field.value.size() > wire::kNameBytesMax) continue;
    const std::string key = keys::Customer(conversation.site, CustomerOf(conversation));
    ASSIGN_OR_RETURN(CustomerRecord customer, Load<CustomerRecord>(txn, key));
    // Who they are is the owner's word.
    if (customer.subject) return absl::OkStatus();
    customer.name = conversation.record.customer.name = field.value;
    Save(txn, key, customer);
  }
  return absl::OkStatus();
}

// The attributes that a site defined, read once, when they are first asked for.
class DefinedAttributes {
 public:
  DefinedAttributes(store::Reader& reader, const wire::SiteId& site) : reader_(reader), site_(site) {}

  absl::StatusOr<std::span<const wire::AttributeFields>> All() {
    if (!all_) {
      ASSIGN_OR_RETURN(all_, AttributesOf(reader_, site_));
    }
    return std::span<const wire::AttributeFields>(*all_);
  }

 private:
  store::Reader& reader_;
  const wire::SiteId& site_;
  std::optional<std::vector<wire::AttributeFields>> all_;
};

// What its page says of it. Returns why some of that is ignored.
absl::StatusOr<std::optional<std::vector<std::string>>> TakeAttributes(DefinedAttributes& defined,
                                                                       Conversation& conversation,
                                                                       const wire::NewConversation& start) {
  if (!start.attributes) return std::optional<std::vector<std::string>>();
  ASSIGN_OR_RETURN(const auto all, defined.All());
  Sifted sifted = SiftOfPage(all, wire::AttributeOwner::kConversation, *start.attributes);
  // That it begins with them is seen at its head.
  SetOfConversation(conversation.record, sifted.set, conversation.record.customer);
  if (sifted.ignored.empty()) return std::optional<std::vector<std::string>>();
  return std::optional(std::move(sifted.ignored));
}

void AddAttributes(const std::optional<Attributes>& attributes,
                   std::map<std::string, std::string, std::less<>>& facts) {
  for (const wire::Attribute& attribute : attributes.value_or(Attributes())) facts[attribute.name] = attribute.value;
}

Facts FactsOf(const ConversationRecord& record) {
  Facts facts;
  facts.page = record.page.value_or("");
  for (const wire::Field& field : record.form.value_or(std::vector<wire::Field>())) {
    facts.form[field.name] = field.value;
  }
  AddAttributes(record.customer_attributes, facts.customer);
  AddAttributes(record.attributes, facts.conversation);
  if (const std::string* const tier = ValueOf(record.customer_attributes, kTierAttribute)) facts.tier = *tier;
  facts.language = record.customer_language.value_or("");
  return facts;
}

// Which of its attributes are lists.
absl::Status AddLists(DefinedAttributes& defined, Facts& facts) {
  if (facts.customer.empty() && facts.conversation.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto all, defined.All());
  for (const wire::AttributeFields& attribute : all) {
    if (attribute.type != wire::AttributeType::kList) continue;
    const bool of_customer = attribute.of == wire::AttributeOwner::kCustomer;
    (of_customer ? facts.customer_lists : facts.conversation_lists).insert(attribute.name);
  }
  return absl::OkStatus();
}

// What the owner's rules say beside what the head holds then.
struct Ruled {
  std::optional<wire::Event> tagged;  // tells of the tags that they put on
  std::optional<std::string> bot;
};

// What the owner's rules make of it.
absl::StatusOr<Ruled> ApplyRules(SiteRouting& routing, DefinedAttributes& defined, Conversation& conversation,
                                 Context& context) {
  ConversationRecord& record = conversation.record;
  ASSIGN_OR_RETURN(const auto rules, RulesOf(routing.reader(), conversation.site));
  if (rules.empty()) return Ruled();
  Facts facts = FactsOf(record);
  RETURN_IF_ERROR(AddLists(defined, facts));
  RETURN_IF_ERROR(AddHours(routing, rules, context.clock.Now(), facts));
  Ruling ruling = Evaluate(rules, facts);
  // Whom the customer asked for counts.
  if (!record.team && !ruling.team.empty()) record.team = ruling.team;
  if (ruling.skill) record.skills = {{ruling.skill->name, ruling.skill->level}};
  record.priority = ruling.priority;
  if (!ruling.rules.empty()) record.rules = std::move(ruling.rules);
  Ruled ruled{std::nullopt, std::move(ruling.bot)};
  if (ruling.tags.empty()) return ruled;
  record.tags = ruling.tags;
  ruled.tagged.emplace();
  ruled.tagged->type = wire::EventType::kTagged;
  ruled.tagged->add = std::move(ruling.tags);
  ruled.tagged->remove.emplace();
  return ruled;
}

// Who speaks one of the site's languages gets an agent who does.
absl::Status NeedLanguage(SiteRouting& routing, ConversationRecord& record) {
  if (!record.customer_language) return absl::OkStatus();
  ASSIGN_OR_RETURN(const SettingsRecord* const settings, routing.Settings());
  for (const std::string& language : settings->languages) {
    if (LanguageFits(language, *record.customer_language)) record.language = record.customer_language;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> StartAnswer(store::Reader& reader, const Conversation& conversation,
                                        std::optional<std::vector<std::string>> ignored, int64_t now_ms) {
  QueuePlaces places(reader, conversation.site);
  size_t bytes_left = wire::kSnapshotBytesMax;
  wire::BasicConversationAnswer<wire::RawJson> answer;
  ASSIGN_OR_RETURN(answer.conversation, Show(reader, conversation, Side::kCustomer, places, bytes_left));
  answer.ignored = std::move(ignored);
  ASSIGN_OR_RETURN(answer.reply_ms, UsualReplyMs(reader, conversation.site, now_ms));
  return ToJson(answer);
}

}  // namespace

Outcome Start(const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const auto start, ParseBody<wire::NewConversation>(request));
  RETURN_IF_ERROR(Check(start));
  ASSIGN_OR_RETURN(const auto id,
                   ParseChosenId<wire::ConversationId>("conversation", request.Parameter("conversation")));
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());

  bool takes = true;
  return context.store.Transact([&](store::Transaction& txn) -> Outcome {
    ASSIGN_OR_RETURN(const CustomerAccess access, AccessCustomer(txn, request, context));
    const std::string digest = DigestOfStart(access, start);
    const std::string started_key = keys::Started(access.site, id);
    ASSIGN_OR_RETURN(const auto started, Find<SentRecord>(txn, started_key));
    if (started) {
      ASSIGN_OR_RETURN(const Conversation known, LoadConversation(txn, access.site, id));
      if (CustomerOf(known) != access.customer) return absl::NotFoundError("another customer's");
      if (absl::Status same = CheckDigest(*started, digest); !same.ok()) {
        return RefusedWithState(txn, known, Side::kCustomer, std::move(same));
      }
      if (started->answer) return Ok(*started->answer);
      // What it told of was edited since, or is gone.
      ASSIGN_OR_RETURN(std::string answer, StartAnswer(txn, known, std::nullopt, now_ms));
      return Ok(std::move(answer));
    }

    // A body that runs again has taken its one.
    if (std::exchange(takes, false)) {
      const absl::Duration wait = context.budgets.Take(Budget::kConversationsBySite, access.site.text());
      if (wait > absl::ZeroDuration()) return TooManyRequests(wait);
    }
    ASSIGN_OR_RETURN(Conversation conversation, NewConversation(txn, access, id, start, now_ms));
    RETURN_IF_ERROR(Begin(txn, conversation));
    SiteRouting routing(txn, access.site);
    RETURN_IF_ERROR(Receive(txn, routing, conversation, start, context));
    RETURN_IF_ERROR(TakeName(txn, conversation));
    DefinedAttributes defined(txn, access.site);
    ASSIGN_OR_RETURN(auto ignored, TakeAttributes(defined, conversation, start));
    ASSIGN_OR_RETURN(Ruled ruled, ApplyRules(routing, defined, conversation, context));
    RETURN_IF_ERROR(NeedLanguage(routing, conversation.record));
    RETURN_IF_ERROR(ExpectPolls(txn, access, context));
    ASSIGN_OR_RETURN(const auto bot, BotFor(routing, conversation.record, ruled.bot));
    ASSIGN_OR_RETURN(wire::Event placed, bot ? GiveToBot(txn, conversation, ActorOf(*bot), now_ms)
                                             : PlaceNew(txn, conversation, routing, context));
    std::optional<wire::Event> message;
    if (start.message) {
      ASSIGN_OR_RETURN(
          message, AppendMessage(txn, conversation, conversation.record.customer, wire::MessageId(start.message->id),
                                 {.text = start.message->text}, now_ms));
    }
    ASSIGN_OR_RETURN(placed, Append(txn, conversation, std::move(placed), now_ms));
    if (ruled.tagged) RETURN_IF_ERROR(Append(txn, conversation, *std::move(ruled.tagged), now_ms).status());
    if (bot) {
      RETURN_IF_ERROR(GreetByBot(txn, conversation, *bot, context));
      if (message) RETURN_IF_ERROR(AnswerByBot(txn, conversation, *message, context));
      RETURN_IF_ERROR(ExpectReply(txn, conversation, context));
    }
    ASSIGN_OR_RETURN(std::string answer, StartAnswer(txn, conversation, std::move(ignored), now_ms));
    SentRecord sent;
    sent.digest = digest;
    sent.answer = answer;
    Save(txn, started_key, sent);
    if (conversation.record.state == wire::ConversationState::kQueued) {
      // Somebody may have room for those in front.
      ASSIGN_OR_RETURN([[maybe_unused]] const bool more, DispatchQueue(txn, access.site, context));
    }
    return Created(std::move(answer));
  });
}

}  // namespace alcove::functions::customer
