#include "functions/customer/session.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "functions/access.h"
#include "functions/attributes.h"
#include "functions/conversation.h"
#include "functions/cursor.h"
#include "functions/feed.h"
#include "functions/origin.h"
#include "functions/people.h"
#include "functions/problem.h"
#include "functions/reception.h"
#include "functions/request.h"
#include "functions/secrets.h"
#include "functions/tokens.h"
#include "functions/wire/limits.h"
#include "functions/wire/requests.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::customer {

namespace keys = store::keys;

namespace {

// With the events as they were serialised.
using RawSession = wire::BasicCustomerSession<wire::RawJson>;

// Told apart by four digits that the id gives.
std::string VisitorName(const wire::CustomerId& customer) {
  const std::string digest = Sha256Hex(customer.text());
  return absl::StrFormat("Visitor %04d", std::stoul(digest.substr(0, 7), nullptr, 16) % 10'000);
}

// The customer whose token the request brings, if it still counts for this site.
absl::StatusOr<std::optional<wire::CustomerId>> Resume(store::Reader& reader, const wire::CustomerSessionRequest& ask,
                                                       Context& context, int64_t& expires_at) {
  if (!ask.token) return std::optional<wire::CustomerId>();
  const auto token = AccessToken(reader, *ask.token, context);
  if (token.status().code() == absl::StatusCode::kUnauthenticated) return std::optional<wire::CustomerId>();
  if (!token.ok()) return token.status();
  if (token->kind != TokenKind::kCustomer || token->site != ask.site) return std::optional<wire::CustomerId>();
  expires_at = token->expires_at;
  return std::optional(wire::CustomerId(token->principal));
}

TokenRecord NewToken(const wire::SiteId& site, const wire::CustomerId& customer, int64_t now_ms) {
  TokenRecord record;
  record.kind = TokenKind::kCustomer;
  record.site = site.text();
  record.principal = customer.text();
  record.expires_at = now_ms + wire::kCustomerSessionMs;
  return record;
}

// What a page says of its customer, as far as it may.
struct Said {
  std::vector<AttributeSetting> attributes;
  std::optional<std::string> language;
};

bool IsLanguage(std::string_view text) {
  return text.size() >= 2 && text.size() <= wire::kLanguageBytesMax &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-'; });
}

absl::StatusOr<Said> SaidBy(store::Reader& reader, const wire::SiteId& site, const wire::CustomerSessionRequest& ask,
                            std::optional<std::vector<std::string>>& ignored) {
  Said said;
  std::vector<std::string> wrong;
  if (ask.attributes) {
    ASSIGN_OR_RETURN(const auto defined, AttributesOf(reader, site));
    Sifted sifted = SiftOfPage(defined, wire::AttributeOwner::kCustomer, *ask.attributes);
    said.attributes = std::move(sifted.set);
    wrong = std::move(sifted.ignored);
  }
  if (ask.locale && IsLanguage(*ask.locale)) {
    said.language = ask.locale;
  } else if (ask.locale) {
    wrong.emplace_back("locale is no tag of BCP 47, such as `de` or `pt-BR`");
  }
  ignored = wrong.empty() ? std::nullopt : std::optional(std::move(wrong));
  return said;
}

// Whether it is known already: then there is nothing to write.
bool IsKnown(const Said& said, const CustomerRecord& record) {
  Attributes attributes = record.attributes.value_or(Attributes());
  const bool changes = std::any_of(said.attributes.begin(), said.attributes.end(), [&](const AttributeSetting& one) {
    return SetAttribute(attributes, one.attribute);
  });
  return !changes && (!said.language || said.language == record.language);
}

absl::Status Keep(const wire::SiteId& site, const wire::CustomerId& customer, const Said& said, Context& context) {
  const std::string key = keys::Customer(site, customer);
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
  return context.store.Transact([&](store::Transaction& txn) -> absl::Status {
    ASSIGN_OR_RETURN(CustomerRecord record, Load<CustomerRecord>(txn, key));
    if (said.language && said.language != record.language) {
      record.language = said.language;
      Save(txn, key, record);
    }
    const wire::Actor by{wire::ActorKind::kCustomer, customer.text(), record.name};
    return SetOfCustomer(txn, site, customer, said.attributes, by, std::nullopt, now_ms);
  });
}

absl::Status CreateCustomer(const wire::SiteId& site, const wire::CustomerId& customer, const std::string& token,
                            const Said& said, Context& context) {
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
  return context.store.Transact([&](store::Transaction& txn) -> absl::Status {
    CustomerRecord record;
    record.name = VisitorName(customer);
    record.created_at = now_ms;
    record.language = said.language;
    Attributes attributes;
    for (const AttributeSetting& setting : said.attributes) SetAttribute(attributes, setting.attribute);
    if (!attributes.empty()) record.attributes = std::move(attributes);
    Save(txn, keys::Customer(site, customer), record);
    return SaveToken(txn, token, NewToken(site, customer, now_ms));
  });
}

absl::Status Renew(const wire::SiteId& site, const wire::CustomerId& customer, const std::string& token,
                   Context& context) {
  return context.store.Transact([&](store::Transaction& txn) -> absl::Status {
    // It may have been signed out since it was read.
    RETURN_IF_ERROR(AccessToken(txn, token, context).status());
    return SaveToken(txn, token, NewToken(site, customer, absl::ToUnixMillis(context.clock.Now())));
  });
}

// What the customer has, and the cursor that continues it, and the ephemera
// from `version` on.
absl::Status FillFrom(store::Reader& reader, const wire::SiteId& site, const wire::CustomerId& customer,
                      uint64_t version, Context& context, RawSession& session) {
  Cursor cursor{Side::kCustomer, context.store.epoch(), 0, 0, context.ephemera.Incarnation(), version};
  ASSIGN_OR_RETURN(cursor.own, FeedPosition(reader, site, keys::FeedOwner::Of(customer)));
  ASSIGN_OR_RETURN(const auto queue, LoadOrDefault<QueueRecord>(reader, keys::QueueState(site)));
  cursor.queue = queue.departures;
  session.cursor = EncodeCursor(cursor);

  ASSIGN_OR_RETURN(const auto record, Load<CustomerRecord>(reader, keys::Customer(site, customer)));
  session.customer = {customer.text(), record.name};
  ASSIGN_OR_RETURN(session.site, SummariseSite(reader, site));
  RETURN_IF_ERROR(AddReception(reader, site, context.clock.Now(), session.site));
  ASSIGN_OR_RETURN(const auto entries, reader.Scan(keys::CustomerConversations(site, customer),
                                                   {store::Direction::kBackward, wire::kSnapshotConversationsMax}));
  QueuePlaces places(reader, site);
  size_t bytes_left = wire::kSnapshotBytesMax;
  for (const store::Entry& entry : entries) {
    ASSIGN_OR_RETURN(const auto id, keys::DecodeConversation(entry.key));
    ASSIGN_OR_RETURN(const Conversation conversation, LoadConversation(reader, site, id));
    ASSIGN_OR_RETURN(auto shown, Show(reader, conversation, Side::kCustomer, places, bytes_left));
    session.conversations.push_back(std::move(shown));
  }
  session.poll.hold_ms = absl::ToInt64Milliseconds(context.config.poll_hold);
  return absl::OkStatus();
}

}  // namespace

Outcome MakeSession(const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const auto ask, ParseBody<wire::CustomerSessionRequest>(request));
  if (ask.page) RETURN_IF_ERROR(CheckText("page.url", ask.page->url, wire::kPageUrlBytesMax));
  RETURN_IF_ERROR(CheckFields("attributes", ask.attributes, wire::kAttributesMax));
  const std::optional<wire::SiteId> site = wire::SiteId::Parse(ask.site);
  if (!site) return absl::NotFoundError("no site");
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());

  RawSession session;
  Said said;
  bool is_known = true;
  int64_t expires_at = 0;
  const auto resume = [&](store::Reader& reader) -> absl::StatusOr<std::optional<wire::CustomerId>> {
    ASSIGN_OR_RETURN(const SiteRecord record, Load<SiteRecord>(reader, keys::Site(*site)));
    if (!AllowsOrigin(record.allowed_origins, request.foreign_origin)) return ProblemStatus(ProblemCode::kOriginDenied);
    ASSIGN_OR_RETURN(said, SaidBy(reader, *site, ask, session.ignored));
    ASSIGN_OR_RETURN(const auto known, Resume(reader, ask, context, expires_at));
    if (!known) return known;
    ASSIGN_OR_RETURN(const auto customer_record, Load<CustomerRecord>(reader, keys::Customer(*site, *known)));
    is_known = IsKnown(said, customer_record);
    return known;
  };
  ASSIGN_OR_RETURN(std::optional<wire::CustomerId> customer, context.store.Read(resume));
  if (!customer) {
    if (const absl::Duration wait = context.budgets.Take(Budget::kNewCustomersByAddress, request.client_address);
        wait > absl::ZeroDuration()) {
      return TooManyRequests(wait);
    }
    customer = MakeId<wire::CustomerId>(context);
    session.token = MakeToken(kCustomerTokenPrefix, context.random);
    RETURN_IF_ERROR(CreateCustomer(*site, *customer, session.token, said, context));
  } else {
    session.token = *ask.token;
    if (expires_at - now_ms < wire::kCustomerSessionMs / 2) {
      RETURN_IF_ERROR(Renew(*site, *customer, session.token, context));
    }
    if (!is_known) RETURN_IF_ERROR(Keep(*site, *customer, said, context));
  }
  // Before the store is read: what is published meanwhile is told again, not lost.
  const uint64_t version = context.ephemera.Version();
  return context.store.Read([&](store::Reader& reader) -> Outcome {
    RETURN_IF_ERROR(FillFrom(reader, *site, *customer, version, context, session));
    return Ok(ToJson(session));
  });
}

Outcome EndSession(const Request& request, Context& context) {
  return context.store.Transact([&](store::Transaction& txn) -> Outcome {
    ASSIGN_OR_RETURN(const CustomerAccess access, AccessCustomer(txn, request, context));
    RETURN_IF_ERROR(EraseToken(txn, request.token));
    // A parked poll of this session is run again, and refused.
    txn.Signal(keys::Topic(access.site, keys::FeedOwner::Of(access.customer)));
    return Done();
  });
}

}  // namespace alcove::functions::customer
