#include "functions/seed.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <utility>

#include "absl/strings/str_format.h"
#include "functions/admin_records.h"
#include "functions/agent_by_email.h"
#include "functions/password.h"
#include "functions/records.h"
#include "functions/secrets.h"
#include "functions/wire/ids.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

struct Person {
  std::string_view name;
  std::string_view mailbox;
};
constexpr std::array<Person, 12> kPeople = {{
    {"Mara Kovač", "mara"},
    {"Jonas Lindqvist", "jonas"},
    {"Amara Okafor", "amara"},
    {"Yuki Tanaka", "yuki"},
    {"Diego Herrera", "diego"},
    {"Leila Haddad", "leila"},
    {"Priya Raman", "priya"},
    {"Tomasz Nowak", "tomasz"},
    {"Sofia Conti", "sofia"},
    {"Noah Williams", "noah"},
    {"Ingrid Solberg", "ingrid"},
    {"Mateus Ribeiro", "mateus"},
}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kCanned = {{
    {"hello", "Hello, and welcome to Northwind! How can I help you today?"},
    {"moment", "One moment please, I am looking into it."},
    {"order", "Could you tell me the number of your order? It is in the confirmation e-mail and starts with NW."},
    {"shipping", "Orders that reach us before 2 pm leave the same day. Delivery takes two to three working days."},
    {"returns", "You can send anything back within 30 days. I will e-mail you a label, so that it costs you nothing."},
    {"bye", "Thank you for writing to us. Have a lovely day!"},
}};

// The hashes of one batch take under a second; a transaction is short.
constexpr size_t kAgentsInOneBatch = 25;

SignIn SignInOf(int number, const std::string& secret) {
  SignIn sign_in;
  const auto index = static_cast<size_t>(number - 1);
  if (index < kPeople.size()) {
    sign_in.name = kPeople[index].name;
    sign_in.email = std::string(kPeople[index].mailbox) + "@demo.alcove.example";
  } else {
    const std::string_view full = kPeople[index % kPeople.size()].name;
    sign_in.name = absl::StrFormat("%s %d", std::string(full.substr(0, full.find(' '))), number);
    sign_in.email = absl::StrFormat("agent%04d@demo.alcove.example", number);
  }
  // 80 bits.
  sign_in.password = Base32(HmacSha256(secret, sign_in.email).substr(0, 10));
  return sign_in;
}

absl::StatusOr<std::string> SeedSecret(Context& context) {
  const std::string drawn = Base64Url(RandomBytes(context.random, 32));
  return context.store.Transact([&](store::Transaction& txn) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const auto known, txn.Get(keys::MetaSeedSecret()));
    if (known) return *known;
    txn.Put(keys::MetaSeedSecret(), drawn);
    return drawn;
  });
}

absl::Status SeedSite(Context& context, const wire::SiteId& site) {
  return context.store.Transact([&](store::Transaction& txn) -> absl::Status {
    ASSIGN_OR_RETURN(const auto known, txn.Get(keys::Site(site)));
    if (known) return absl::OkStatus();
    SiteRecord record;
    record.name = "Northwind";
    record.greeting = "Hi! Questions about an order, a size or a delivery? We usually answer within a minute.";
    // The demo shop is served by ourselves; these are for pages that people try it in.
    record.allowed_origins = {"http://localhost:*", "http://127.0.0.1:*"};
    record.appearance = {"#2f5bea", "right"};
    Save(txn, keys::Site(site), record);
    for (const auto& [shortcut, text] : kCanned) {
      CannedRecord canned;
      canned.text = text;
      Save(txn, keys::CannedReply(site, shortcut), canned);
    }
    return absl::OkStatus();
  });
}

struct NewAgent {
  wire::AgentId id;
  AgentRecord record;
};

// The agents of the sign-ins that are not known yet, with their passwords hashed.
absl::StatusOr<std::vector<NewAgent>> Missing(Context& context, std::span<SignIn> sign_ins) {
  std::vector<NewAgent> missing;
  for (SignIn& sign_in : sign_ins) {
    ASSIGN_OR_RETURN(const auto known, context.store.Read([&](store::Reader& reader) {
      return reader.Get(keys::AgentByEmail(Sha256Hex(sign_in.email)));
    }));
    if (known) continue;
    NewAgent agent{MakeId<wire::AgentId>(context), {}};
    agent.record.name = sign_in.name;
    agent.record.email = sign_in.email;
    agent.record.password_hash = HashPassword(sign_in.password, context.random);
    if (agent.record.password_hash.empty()) return absl::ResourceExhaustedError("no memory to hash a password");
    missing.push_back(std::move(agent));
    sign_in.is_new = true;
  }
  return missing;
}

absl::Status SaveAgents(Context& context, const wire::SiteId& site, const std::vector<NewAgent>& agents) {
  return context.store.Transact([&](store::Transaction& txn) -> absl::Status {
    ASSIGN_OR_RETURN(SiteRecord site_record, Load<SiteRecord>(txn, keys::Site(site)));
    for (const NewAgent& agent : agents) {
      const std::string email_key = keys::AgentByEmail(Sha256Hex(agent.record.email));
      ASSIGN_OR_RETURN(const auto known, txn.Get(email_key));
      if (known) continue;
      AgentEmailRecord owner;
      owner.site = site.text();
      owner.agent = agent.id.text();
      Save(txn, email_key, owner);
      AgentRecord record = agent.record;
      // Somebody has to be able to make all others what they are.
      record.role = site_record.agents == 0 ? wire::Role::kOwner : wire::Role::kAgent;
      Save(txn, keys::Agent(site, agent.id), record);
      Save(txn, keys::AgentState(site, agent.id), AgentState{});
      ++site_record.agents;
    }
    Save(txn, keys::Site(site), site_record);
    return absl::OkStatus();
  });
}

}  // namespace

absl::StatusOr<std::vector<SignIn>> SeedDemo(Context& context, int agents) {
  const wire::SiteId site(kDemoSite);
  ASSIGN_OR_RETURN(const std::string secret, SeedSecret(context));
  RETURN_IF_ERROR(SeedSite(context, site));
  std::vector<SignIn> all;
  for (int number = 1; number <= agents; ++number) all.push_back(SignInOf(number, secret));
  for (size_t begin = 0; begin < all.size(); begin += kAgentsInOneBatch) {
    const std::span<SignIn> batch = std::span(all).subspan(begin, std::min(kAgentsInOneBatch, all.size() - begin));
    ASSIGN_OR_RETURN(const auto missing, Missing(context, batch));
    if (!missing.empty()) RETURN_IF_ERROR(SaveAgents(context, site, missing));
  }
  return all;
}

absl::StatusOr<bool> StillSignsIn(Context& context, const SignIn& sign_in) {
  if (sign_in.is_new) return true;
  ASSIGN_OR_RETURN(const auto known,
                   context.store.Read([&](store::Reader& reader) { return FindAgentByEmail(reader, sign_in.email); }));
  return VerifyPassword(sign_in.password, known ? known->record.password_hash : "");
}

}  // namespace alcove::functions
