#include "functions/agent/account.h"

#include <optional>
#include <string>
#include <utility>

#include "functions/access.h"
#include "functions/admin/access.h"
#include "functions/admin_records.h"
#include "functions/agent_sessions.h"
#include "functions/budgets.h"
#include "functions/configuration.h"
#include "functions/password.h"
#include "functions/problem.h"
#include "functions/request.h"
#include "functions/totp.h"
#include "functions/wire/admin.h"
#include "functions/wire/limits.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::agent {

namespace keys = store::keys;

namespace {

constexpr std::string_view kAgents = "agents";

struct Self {
  AgentAccess agent;
  AgentRecord record;
};
absl::StatusOr<Self> EnterSelf(store::Reader& reader, const Request& request, Context& context) {
  ASSIGN_OR_RETURN(AgentAccess agent, AccessAgent(reader, request, context));
  ASSIGN_OR_RETURN(AgentRecord record, Load<AgentRecord>(reader, keys::Agent(agent.site, agent.agent)));
  return Self{std::move(agent), std::move(record)};
}

// What an agent does to their own sign-in is in the audit log, too.
void Note(store::Transaction& txn, const Self& self, const admin::Change& change, std::string_view action) {
  const admin::AdminAccess access{
      self.agent.site, RoleOf(self.record), {wire::AuditActorKind::kAgent, self.agent.agent.text(), self.record.name}};
  admin::Audit(txn, access, change, {action, kAgents, self.agent.agent.text()});
}

absl::Status BadCode() { return ProblemStatus(ProblemCode::kUnprocessable, "code is wrong, or was used"); }

// What came of a code: kept even where it was wrong, so that tries are counted.
struct Tried {
  TotpVerdict verdict = TotpVerdict::kWrong;
  int64_t locked_until = 0;
};

Outcome Answer(const Tried& tried, int64_t now_ms) {
  switch (tried.verdict) {
    case TotpVerdict::kRight:
      return Done();
    case TotpVerdict::kLocked:
      return TooManyRequests(absl::Milliseconds(tried.locked_until - now_ms));
    case TotpVerdict::kWrong:
      break;
  }
  return BadCode();
}

}  // namespace

Outcome ChangePassword(const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const auto ask, ParseBody<wire::PasswordChange>(request));
  RETURN_IF_ERROR(CheckPassword("password", ask.password));
  RETURN_IF_ERROR(CheckText("current", ask.current.value_or(""), wire::kPasswordBytesMax));
  ASSIGN_OR_RETURN(const Self before,
                   context.store.Read([&](store::Reader& reader) { return EnterSelf(reader, request, context); }));
  // Who found an open session guesses no faster than who signs in.
  if (const absl::Duration wait = context.budgets.TakeSignIn(before.record.email, request.client_address);
      wait > absl::ZeroDuration()) {
    return TooManyRequests(wait);
  }
  if (!VerifyPassword(ask.current.value_or(""), before.record.password_hash)) {
    return ProblemStatus(ProblemCode::kUnprocessable, "current is not the password");
  }
  const std::string hash = HashPassword(ask.password, context.random);
  if (hash.empty()) return absl::UnavailableError("no memory to hash a password");
  const admin::Change change = admin::BeginChange(context);
  return context.store.Transact([&](store::Transaction& txn) -> Outcome {
    ASSIGN_OR_RETURN(Self self, EnterSelf(txn, request, context));
    if (self.record.password_hash != before.record.password_hash) {
      return ProblemStatus(ProblemCode::kUnprocessable, "current is not the password any more");
    }
    self.record.password_hash = hash;
    Save(txn, keys::Agent(self.agent.site, self.agent.agent), self.record);
    RETURN_IF_ERROR(EndOtherSessions(txn, self.agent, request.token, context).status());
    Note(txn, self, change, "password");
    return Done();
  });
}

Outcome OwnSessions(const Request& request, Context& context) {
  return context.store.Read([&](store::Reader& reader) -> Outcome {
    ASSIGN_OR_RETURN(const AgentAccess agent, AccessAgent(reader, request, context));
    ASSIGN_OR_RETURN(std::string shown, ShowSessions(reader, agent, request.token, context));
    return Ok(std::move(shown));
  });
}

Outcome EndOwnSession(const Request& request, Context& context) {
  std::optional<AgentAccess> gone;
  Outcome outcome = context.store.Transact([&](store::Transaction& txn) -> Outcome {
    gone.reset();
    ASSIGN_OR_RETURN(const AgentAccess agent, AccessAgent(txn, request, context));
    ASSIGN_OR_RETURN(const bool is_gone, EndSessionById(txn, agent, request.Parameter("session"), context));
    if (is_gone) gone = agent;
    return Done();
  });
  if (outcome.response()->status == 200 && gone) RETURN_IF_ERROR(TellPresence(*gone, context));
  return outcome;
}

// --- The second factor ----------------------------------------------------------

Outcome EnrolTotp(const Request& request, Context& context) {
  RETURN_IF_ERROR(CheckContentType(request));
  const TotpRecord drawn = MakeTotp(context.random);
  return context.store.Transact([&](store::Transaction& txn) -> Outcome {
    ASSIGN_OR_RETURN(const Self self, EnterSelf(txn, request, context));
    const std::string key = keys::AgentTotp(self.agent.site, self.agent.agent);
    ASSIGN_OR_RETURN(const auto before, Find<TotpRecord>(txn, key));
    if (before && before->confirmed) {
      return ProblemStatus(ProblemCode::kUnprocessable, "there is a second factor already: remove it first");
    }
    const TotpRecord& totp = before ? *before : drawn;
    if (!before) Save(txn, key, totp);
    std::string answer = ToJson(wire::TotpEnrolment{totp.secret, TotpUri(totp, self.record.email), totp.recovery});
    return before ? Ok(std::move(answer)) : Created(std::move(answer));
  });
}

Outcome ConfirmOwnTotp(const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const auto ask, ParseBody<wire::TotpCode>(request));
  const admin::Change change = admin::BeginChange(context);
  return context.store.Transact([&](store::Transaction& txn) -> Outcome {
    ASSIGN_OR_RETURN(const Self self, EnterSelf(txn, request, context));
    const std::string key = keys::AgentTotp(self.agent.site, self.agent.agent);
    ASSIGN_OR_RETURN(TotpRecord totp, Load<TotpRecord>(txn, key));
    if (totp.confirmed) return Done();
    // Nothing is behind it yet, so that wrong ones need not be counted.
    if (UseTotp(totp, ask.code, change.at) != TotpVerdict::kRight) return BadCode();
    ConfirmTotp(totp);
    Save(txn, key, totp);
    Note(txn, self, change, "totp");
    return Done();
  });
}

Outcome RemoveOwnTotp(const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const auto ask, ParseBody<wire::TotpCode>(request));
  const admin::Change change = admin::BeginChange(context);
  ASSIGN_OR_RETURN(const Tried tried, context.store.Transact([&](store::Transaction& txn) -> absl::StatusOr<Tried> {
    ASSIGN_OR_RETURN(const Self self, EnterSelf(txn, request, context));
    const std::string key = keys::AgentTotp(self.agent.site, self.agent.agent);
    ASSIGN_OR_RETURN(TotpRecord totp, Load<TotpRecord>(txn, key));
    // One that counts for nothing yet is taken away by whoever began it.
    const TotpVerdict verdict = totp.confirmed ? UseTotp(totp, ask.code, change.at) : TotpVerdict::kRight;
    if (verdict == TotpVerdict::kRight) {
      txn.Erase(key);
      Note(txn, self, change, "totp_remove");
    } else {
      Save(txn, key, totp);
    }
    return Tried{verdict, totp.locked_until};
  }));
  return Answer(tried, change.at);
}

Outcome Configuration(const Request& request, Context& context) {
  return context.store.Read([&](store::Reader& reader) -> Outcome {
    ASSIGN_OR_RETURN(const AgentAccess agent, AccessAgent(reader, request, context));
    ASSIGN_OR_RETURN(const wire::AgentConfiguration configuration, ConfigurationFor(reader, agent));
    return Ok(ToJson(configuration));
  });
}

}  // namespace alcove::functions::agent
