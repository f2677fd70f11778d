#include "functions/agent/session.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "functions/access.h"
#include "functions/agent/away.h"
#include "functions/budgets.h"
#include "functions/password.h"
#include "functions/people.h"
#include "functions/problem.h"
#include "functions/request.h"
#include "functions/secrets.h"
#include "functions/tokens.h"
#include "functions/wire/limits.h"
#include "functions/wire/requests.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::agent {

namespace keys = store::keys;

namespace {

struct Known {
  wire::SiteId site;
  wire::AgentId agent;
  std::string password_hash;
};

absl::StatusOr<std::optional<Known>> FindByEmail(store::Reader& reader, const std::string& email) {
  ASSIGN_OR_RETURN(const auto owner, Find<AgentEmailRecord>(reader, keys::AgentByEmail(Sha256Hex(email))));
  if (!owner) return std::optional<Known>();
  Known known{wire::SiteId(owner->site), wire::AgentId(owner->agent), ""};
  ASSIGN_OR_RETURN(const auto record, Load<AgentRecord>(reader, keys::Agent(known.site, known.agent)));
  known.password_hash = record.password_hash;
  return std::optional(known);
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
                   context.store.Read([&](store::Reader& reader) { return FindByEmail(reader, email); }));
  if (!VerifyPassword(ask.password, known ? known->password_hash : "")) {
    return ProblemResponse(ProblemCode::kTokenInvalid, "The e-mail address and the password do not belong together.");
  }

  context.budgets.NoteSignIn(email, request.client_address);
  const std::string token = MakeToken(kAgentTokenPrefix, context.random);
  TokenRecord record;
  record.kind = TokenKind::kAgent;
  record.site = known->site.text();
  record.principal = known->agent.text();
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
  record.expires_at = now_ms + wire::kAgentSessionMs;
  return context.store.Transact([&](store::Transaction& txn) -> Outcome {
    RETURN_IF_ERROR(SaveToken(txn, token, record));
    ASSIGN_OR_RETURN(const wire::AgentSummary agent, SummariseAgent(txn, known->site, known->agent));
    return Ok(ToJson(wire::AgentSession{token, agent}));
  });
}

Outcome EndSession(const Request& request, Context& context) {
  std::optional<AgentAccess> gone;  // with their last session
  wire::AgentSummary agent;
  Outcome outcome = context.store.Transact([&](store::Transaction& txn) -> Outcome {
    gone.reset();
    ASSIGN_OR_RETURN(const AgentAccess access, AccessAgent(txn, request, context));
    RETURN_IF_ERROR(EraseToken(txn, request.token));
    // A parked poll of this session is run again, and refused.
    txn.Signal(keys::Topic(access.site, keys::FeedOwner::Of(access.agent)));
    ASSIGN_OR_RETURN(const bool elsewhere,
                     HasSession(txn, access.site, access.agent, absl::ToUnixMillis(context.clock.Now())));
    if (elsewhere) return Done();
    RETURN_IF_ERROR(Leave(txn, access, wire::Presence::kOffline, context));
    ASSIGN_OR_RETURN(agent, SummariseAgent(txn, access.site, access.agent));
    gone = access;
    return Done();
  });
  if (outcome.response()->status != 200 || !gone) return outcome;
  // Others are told of nothing that could still be lost.
  RETURN_IF_ERROR(context.store.Settle());
  PublishPresence(gone->site, agent, context);
  return outcome;
}

}  // namespace alcove::functions::agent
