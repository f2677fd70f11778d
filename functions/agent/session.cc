#include "functions/agent/session.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "functions/access.h"
#include "functions/admin_records.h"
#include "functions/agent_by_email.h"
#include "functions/agent_sessions.h"
#include "functions/budgets.h"
#include "functions/password.h"
#include "functions/people.h"
#include "functions/problem.h"
#include "functions/request.h"
#include "functions/secrets.h"
#include "functions/tokens.h"
#include "functions/totp.h"
#include "functions/viewers.h"
#include "functions/wire/limits.h"
#include "functions/wire/requests.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::agent {

namespace keys = store::keys;

namespace {

constexpr std::string_view kNotTogether = "The e-mail address and the password do not belong together.";

// What came of a sign-in with the right password. It is kept where it is none, too: wrong codes are counted.
struct SignedIn {
  TotpVerdict totp = TotpVerdict::kRight;
  int64_t locked_until = 0;
  wire::AgentSummary agent;
};

// Uses the code where the agent has a second factor. 401 totp_required where there is none to use.
absl::Status CheckSecondFactor(store::Transaction& txn, const KnownAgent& known, const std::optional<std::string>& code,
                               int64_t now_ms, SignedIn& signed_in) {
  const std::string key = keys::AgentTotp(known.site, known.agent);
  ASSIGN_OR_RETURN(auto totp, Find<TotpRecord>(txn, key));
  if (!totp || !totp->confirmed) return absl::OkStatus();
  if (!code) return ProblemStatus(ProblemCode::kTotpRequired);
  signed_in.totp = UseTotp(*totp, *code, now_ms);
  signed_in.locked_until = totp->locked_until;
  Save(txn, key, *totp);
  return absl::OkStatus();
}

// The password was checked against a record that another may have taken the place of.
absl::StatusOr<SignedIn> SignIn(store::Transaction& txn, const KnownAgent& known, const wire::AgentSessionRequest& ask,
                                const std::string& token, const TokenRecord& record) {
  SignedIn signed_in;
  ASSIGN_OR_RETURN(const auto now, Find<AgentRecord>(txn, keys::Agent(known.site, known.agent)));
  if (!now || IsDisabled(*now) || now->password_hash != known.record.password_hash) {
    return ProblemStatus(ProblemCode::kTokenInvalid, kNotTogether);
  }
  RETURN_IF_ERROR(CheckSecondFactor(txn, known, ask.totp, *record.created_at, signed_in));
  if (signed_in.totp != TotpVerdict::kRight) return signed_in;
  RETURN_IF_ERROR(SaveToken(txn, token, record));
  ASSIGN_OR_RETURN(signed_in.agent, SummariseAgent(txn, known.site, known.agent));
  return signed_in;
}

}  // namespace

Outcome MakeSession(const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const auto ask, ParseBody<wire::AgentSessionRequest>(request));
  RETURN_IF_ERROR(CheckText("email", ask.email, wire::kEmailBytesMax));
  RETURN_IF_ERROR(CheckText("password", ask.password, wire::kPasswordBytesMax));
  const std::string email = absl::AsciiStrToLower(ask.email);
  if (const absl::Duration wait = context.budgets.TakeSignIn(email, request.client_address);
      wait > absl::ZeroDuration()) {
    return TooManyRequests(wait);
  }
  ASSIGN_OR_RETURN(const auto known,
                   context.store.Read([&](store::Reader& reader) { return FindAgentByEmail(reader, email); }));
  if (!VerifyPassword(ask.password, known ? known->record.password_hash : "")) {
    return ProblemResponse(ProblemCode::kTokenInvalid, kNotTogether);
  }

  context.budgets.NoteSignIn(email, request.client_address);
  const std::string token = MakeToken(kAgentTokenPrefix, context.random);
  TokenRecord record;
  record.kind = TokenKind::kAgent;
  record.site = known->site.text();
  record.principal = known->agent.text();
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
  record.expires_at = now_ms + wire::kAgentSessionMs;
  record.created_at = now_ms;
  if (!request.client_address.empty()) record.address = request.client_address;
  ASSIGN_OR_RETURN(const SignedIn signed_in, context.store.Transact([&](store::Transaction& txn) {
    return SignIn(txn, *known, ask, token, record);
  }));
  switch (signed_in.totp) {
    case TotpVerdict::kWrong:
      return ProblemStatus(ProblemCode::kTotpRequired);
    case TotpVerdict::kLocked:
      return TooManyRequests(absl::Milliseconds(signed_in.locked_until - now_ms));
    case TotpVerdict::kRight:
      break;
  }
  return Ok(ToJson(wire::AgentSession{token, signed_in.agent}));
}

Outcome EndSession(const Request& request, Context& context) {
  const std::string own = Sha256Hex(request.token);
  std::optional<AgentAccess> access;
  bool is_gone = false;  // with their last session
  Outcome outcome = context.store.Transact([&](store::Transaction& txn) -> Outcome {
    ASSIGN_OR_RETURN(access, AccessAgent(txn, request, context));
    const auto is_own = [&](const functions::AgentSession& session) { return session.digest == own; };
    ASSIGN_OR_RETURN(is_gone, EndSessions(txn, *access, is_own, context));
    return Done();
  });
  if (outcome.response()->status != 200) return outcome;
  // A console may not have the time to say that it looks at nothing any more.
  RETURN_IF_ERROR(context.store.Settle());
  RETURN_IF_ERROR(context.store.Read(
      [&](store::Reader& reader) { return ForgetViewing(reader, access->site, access->agent, own, context); }));
  if (is_gone) RETURN_IF_ERROR(TellPresence(*access, context));
  return outcome;
}

}  // namespace alcove::functions::agent
