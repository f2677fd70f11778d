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
#include "functions/admin_records.h"
#include "functions/attributes.h"
#include "functions/conversation.h"
#include "functions/cursor.h"
#include "functions/feed.h"
#include "functions/identity.h"
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

// What the owner says, as far as the site has a place for it.
absl::StatusOr<std::vector<AttributeSetting>> VouchedBy(store::Reader& reader, const wire::SiteId& site,
                                                        const Identity& identity,
                                                        std::optional<std::vector<std::string>>& ignored) {
  std::vector<wire::Field> fields = identity.attributes;
  if (identity.email) fields.push_back({std::string(kEmailAttribute), *identity.email});
  if (fields.empty()) return std::vector<AttributeSetting>();
  ASSIGN_OR_RETURN(const auto defined, AttributesOf(reader, site));
  Sifted sifted = SiftOfOwner(defined, fields);
  for (std::string& why : sifted.ignored) {
    if (!ignored) ignored.emplace();
    ignored->push_back(std::move(why));
  }
  return std::move(sifted.set);
}

// Of what is vouched for the page has nothing to say.
bool IsAmong(const std::vector<AttributeSetting>& vouched, const AttributeSetting& said) {
  return std::any_of(vouched.begin(), vouched.end(),
                     [&](const AttributeSetting& one) { return one.attribute.name == said.attribute.name; });
}

// The secrets by which the owner's word is known.
absl::StatusOr<std::vector<std::string>> SecretsOf(store::Reader& reader, const wire::SiteId& site) {
  ASSIGN_OR_RETURN(const auto entries,
                   reader.Scan(keys::AllIdentitySecrets(site), {.limit = wire::kIdentitySecretsMax}));
  std::vector<std::string> secrets;
  for (const store::Entry& entry : entries) {
    ASSIGN_OR_RETURN(auto record, DecodeRecord<IdentitySecretRecord>(entry.value));
    secrets.push_back(std::move(record.secret));
  }
  return secrets;
}

// Whether it is known already: then there is nothing to write.
bool IsKnown(const Said& said, const CustomerRecord& record) {
  Attributes attributes = record.attributes.value_or(Attributes());
  const bool changes = std::any_of(said.attributes.begin(), said.attributes.end(), [&](const AttributeSetting& one) {
    return SetAttribute(attributes, one.attribute);
  });
  return !changes && (!said.language || said.language == record.language);
}

absl::Status Keep(store::Transaction& txn, const wire::SiteId& site, const wire::CustomerId& customer, const Said& said,
                  int64_t now_ms) {
  const std::string key = keys::Customer(site, customer);
  ASSIGN_OR_RETURN(CustomerRecord record, Load<CustomerRecord>(txn, key));
  if (said.language && said.language != record.language) {
    record.language = said.language;
    Save(txn, key, record);
  }
  const wire::Actor by{wire::ActorKind::kCustomer, customer.text(), record.name};
  return SetOfCustomer(txn, site, customer, said.attributes, by, std::nullopt, now_ms);
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

// Whose a session is, and by which token.
struct SignedIn {
  wire::CustomerId customer;
  std::string token;
};

// What a request says, and what the owner says of who sends it.
struct Vouched {
  const wire::SiteId& site;
  const wire::CustomerSessionRequest& ask;
  const Identity& identity;
  const Said& said;                              // by the page
  const std::vector<AttributeSetting>& vouched;  // by the owner
};

// The customer of that subject: who is so already; or the visitor of the token, where nobody has said yet who they are,
// with all that they have; or a new one.
struct OfSubject {
  wire::CustomerId customer;
  bool is_new_to_it = false;
};
absl::StatusOr<OfSubject> FindOrMake(store::Transaction& txn, const Vouched& vouched,
                                     const std::optional<wire::CustomerId>& visitor, const wire::CustomerId& fresh,
                                     int64_t now_ms) {
  const wire::SiteId& site = vouched.site;
  const std::string key = keys::Subject(site, Sha256Hex(vouched.identity.subject));
  ASSIGN_OR_RETURN(const auto known, Find<SubjectRecord>(txn, key));
  if (known) return OfSubject{wire::CustomerId(known->customer), false};
  wire::CustomerId customer = fresh;
  CustomerRecord record;
  record.name = VisitorName(customer);
  record.created_at = now_ms;
  if (visitor) {
    ASSIGN_OR_RETURN(CustomerRecord theirs, Load<CustomerRecord>(txn, keys::Customer(site, *visitor)));
    if (!theirs.subject) {
      customer = *visitor;
      record = std::move(theirs);
    }
  }
  record.subject = vouched.identity.subject;
  Save(txn, keys::Customer(site, customer), record);
  SubjectRecord subject;
  subject.customer = customer.text();
  Save(txn, key, subject);
  return OfSubject{customer, true};
}

// The session of whom the owner names. `fresh` was drawn before: the body may run again.
//
// Whoever becomes somebody gets a token that nobody has seen before: who had put the one before into this browser would
// be them, too.
absl::StatusOr<SignedIn> SignIn(const Vouched& vouched, const SignedIn& fresh, Context& context) {
  const wire::SiteId& site = vouched.site;
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
  return context.store.Transact([&](store::Transaction& txn) -> absl::StatusOr<SignedIn> {
    // Authorisation reads the same snapshot as the write it guards: a secret may be gone since.
    ASSIGN_OR_RETURN(const auto secrets, SecretsOf(txn, site));
    RETURN_IF_ERROR(VerifyIdentity(*vouched.ask.identity, secrets, site, context.clock.Now()).status());
    int64_t expires_at = 0;
    ASSIGN_OR_RETURN(const auto visitor, Resume(txn, vouched.ask, context, expires_at));
    ASSIGN_OR_RETURN(const OfSubject of_subject, FindOrMake(txn, vouched, visitor, fresh.customer, now_ms));
    const wire::CustomerId& customer = of_subject.customer;
    const bool goes_on = visitor == customer && !of_subject.is_new_to_it;
    const std::string token = goes_on ? *vouched.ask.token : fresh.token;
    if (!goes_on || expires_at - now_ms < wire::kCustomerSessionMs / 2) {
      RETURN_IF_ERROR(SaveToken(txn, token, NewToken(site, customer, now_ms)));
    }
    if (visitor && !goes_on) {
      RETURN_IF_ERROR(EraseToken(txn, *vouched.ask.token));
      txn.Signal(keys::Topic(site, keys::FeedOwner::Of(*visitor)));
    }
    RETURN_IF_ERROR(Keep(txn, site, customer, vouched.said, now_ms));
    RETURN_IF_ERROR(VouchFor(txn, site, customer, vouched.identity.name, now_ms));
    ASSIGN_OR_RETURN(const auto record, Load<CustomerRecord>(txn, keys::Customer(site, customer)));
    const wire::Actor by{wire::ActorKind::kCustomer, customer.text(), record.name};
    RETURN_IF_ERROR(SetOfCustomer(txn, site, customer, vouched.vouched, by, std::nullopt, now_ms));
    return SignedIn{customer, token};
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
  session.customer = {customer.text(), record.name, record.subject ? std::optional(true) : std::nullopt};
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
  std::optional<Identity> identity;
  std::vector<AttributeSetting> vouched;
  bool is_known = true;
  int64_t expires_at = 0;
  const auto resume = [&](store::Reader& reader) -> absl::StatusOr<std::optional<wire::CustomerId>> {
    ASSIGN_OR_RETURN(const SiteRecord record, Load<SiteRecord>(reader, keys::Site(*site)));
    if (!AllowsOrigin(record.allowed_origins, request.foreign_origin)) return ProblemStatus(ProblemCode::kOriginDenied);
    ASSIGN_OR_RETURN(said, SaidBy(reader, *site, ask, session.ignored));
    if (ask.identity) {
      ASSIGN_OR_RETURN(const auto secrets, SecretsOf(reader, *site));
      ASSIGN_OR_RETURN(identity, VerifyIdentity(*ask.identity, secrets, *site, context.clock.Now()));
      ASSIGN_OR_RETURN(vouched, VouchedBy(reader, *site, *identity, session.ignored));
      std::erase_if(said.attributes, [&](const AttributeSetting& one) { return IsAmong(vouched, one); });
    }
    ASSIGN_OR_RETURN(const auto known, Resume(reader, ask, context, expires_at));
    if (!known || identity) return known;
    ASSIGN_OR_RETURN(const auto customer_record, Load<CustomerRecord>(reader, keys::Customer(*site, *known)));
    is_known = IsKnown(said, customer_record);
    return known;
  };
  ASSIGN_OR_RETURN(std::optional<wire::CustomerId> customer, context.store.Read(resume));
  if (identity) {
    const SignedIn fresh{MakeId<wire::CustomerId>(context), MakeToken(kCustomerTokenPrefix, context.random)};
    ASSIGN_OR_RETURN(SignedIn signed_in, SignIn({*site, ask, *identity, said, vouched}, fresh, context));
    customer = std::move(signed_in.customer);
    session.token = std::move(signed_in.token);
  } else if (!customer) {
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
    if (!is_known) {
      RETURN_IF_ERROR(
          context.store.Transact([&](store::Transaction& txn) { return Keep(txn, *site, *customer, said, now_ms); }));
    }
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
