#include "functions/customer/start.h"

#include <optional>
#include <string>
#include <utility>

#include "functions/access.h"
#include "functions/append.h"
#include "functions/lifecycle.h"
#include "functions/message.h"
#include "functions/problem.h"
#include "functions/request.h"
#include "functions/routing.h"
#include "functions/sent.h"
#include "functions/wire/limits.h"
#include "functions/wire/requests.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::customer {

namespace keys = store::keys;

namespace {

absl::Status Check(const wire::NewConversation& start) {
  if (start.page) RETURN_IF_ERROR(CheckText("page.url", start.page->url, wire::kPageUrlBytesMax));
  if (!start.message) return absl::OkStatus();
  RETURN_IF_ERROR(ParseChosenId<wire::MessageId>("message.id", start.message->id).status());
  return CheckTextGiven("message.text", start.message->text, wire::kMessageTextBytesMax);
}

std::string DigestOfStart(const CustomerAccess& access, const wire::NewConversation& start) {
  std::string digest =
      DigestOf({access.customer.text(), start.message ? "message" : "", start.message ? start.message->id : "",
                start.message ? start.message->text : "", start.page ? "page" : "", start.page ? start.page->url : "",
                start.page && start.page->title ? "title" : "", start.page ? start.page->title.value_or("") : ""});
  // Only where there is one: those that are remembered of before have none.
  return start.team ? DigestOf({digest, *start.team}) : digest;
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
  conversation.record.created_at = conversation.record.updated_at = now_ms;
  if (start.page) conversation.record.page = start.page->url;
  return conversation;
}

// What the owner's rules make of it. Returns the event that tells of the tags, where they put any on.
absl::StatusOr<std::optional<wire::Event>> ApplyRules(store::Transaction& txn, Conversation& conversation,
                                                      const wire::NewConversation& start, Context& context) {
  SiteRouting routing(txn, conversation.site);
  ConversationRecord& record = conversation.record;
  record.team = start.team;
  ASSIGN_OR_RETURN(const auto rules, RulesOf(txn, conversation.site));
  if (rules.empty()) return std::optional<wire::Event>();
  Facts facts;
  if (start.page) facts.page = start.page->url;
  RETURN_IF_ERROR(AddHours(routing, rules, context.clock.Now(), facts));
  Ruling ruling = Evaluate(rules, facts);
  // Whom the customer asked for counts.
  if (!record.team && !ruling.team.empty()) record.team = ruling.team;
  if (ruling.skill) record.skills = {{ruling.skill->name, ruling.skill->level}};
  record.priority = ruling.priority;
  if (!ruling.rules.empty()) record.rules = std::move(ruling.rules);
  if (ruling.tags.empty()) return std::optional<wire::Event>();
  record.tags = ruling.tags;
  wire::Event tagged;
  tagged.type = wire::EventType::kTagged;
  tagged.add = std::move(ruling.tags);
  return std::optional<wire::Event>(std::move(tagged));
}

absl::Status CheckTeam(store::Reader& reader, const wire::SiteId& site, const std::optional<std::string>& team) {
  if (!team) return absl::OkStatus();
  const auto id = wire::TeamId::Parse(*team);
  ASSIGN_OR_RETURN(const auto record, id ? reader.Get(keys::Team(site, *id)) : std::optional<std::string>());
  return record ? absl::OkStatus() : ProblemStatus(ProblemCode::kUnprocessable, "team: there is no such team");
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
      if (started->digest != digest) return absl::AlreadyExistsError("the id was used with another body");
      return Ok(started->answer.value_or("{}"));
    }

    // A body that runs again has taken its one.
    if (std::exchange(takes, false)) {
      const absl::Duration wait = context.budgets.Take(Budget::kConversationsBySite, access.site.text());
      if (wait > absl::ZeroDuration()) return TooManyRequests(wait);
    }
    ASSIGN_OR_RETURN(Conversation conversation, NewConversation(txn, access, id, start, now_ms));
    RETURN_IF_ERROR(Begin(txn, conversation));
    RETURN_IF_ERROR(CheckTeam(txn, access.site, start.team));
    ASSIGN_OR_RETURN(auto tagged, ApplyRules(txn, conversation, start, context));
    ASSIGN_OR_RETURN(wire::Event placed, Place(txn, conversation, context));
    if (start.message) {
      ASSIGN_OR_RETURN([[maybe_unused]] const wire::Event message,
                       AppendMessage(txn, conversation, conversation.record.customer,
                                     wire::MessageId(start.message->id), start.message->text, now_ms));
    }
    ASSIGN_OR_RETURN(placed, Append(txn, conversation, std::move(placed), now_ms));
    if (tagged) RETURN_IF_ERROR(Append(txn, conversation, *std::move(tagged), now_ms).status());
    ASSIGN_OR_RETURN(std::string answer, ConversationAnswer(txn, conversation, Side::kCustomer));
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
