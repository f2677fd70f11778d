#include "functions/tokens.h"

#include <algorithm>
#include <optional>
#include <string>

#include "functions/defer.h"
#include "functions/secrets.h"
#include "functions/wire/limits.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

// In the index of an agent's sessions; nullopt for a customer's.
std::optional<std::string> OfAgent(const TokenRecord& token, const std::string& digest) {
  if (token.kind != TokenKind::kAgent) return std::nullopt;
  return keys::AgentSession(wire::SiteId(token.site), wire::AgentId(token.principal), token.expires_at, digest);
}

}  // namespace

absl::Status SaveToken(store::Transaction& transaction, std::string_view token, const TokenRecord& record) {
  return SaveDigest(transaction, Sha256Hex(token), record);
}

absl::Status SaveDigest(store::Transaction& transaction, const std::string& digest, const TokenRecord& record) {
  RETURN_IF_ERROR(EraseDigest(transaction, digest));
  Save(transaction, keys::Token(digest), record);
  transaction.Put(keys::TokenExpiry(record.expires_at, digest), "1");
  if (const auto key = OfAgent(record, digest)) transaction.Put(*key, "1");
  return absl::OkStatus();
}

absl::Status EraseToken(store::Transaction& transaction, std::string_view token) {
  return EraseDigest(transaction, Sha256Hex(token));
}

absl::Status EraseDigest(store::Transaction& transaction, const std::string& digest) {
  ASSIGN_OR_RETURN(const auto known, Find<TokenRecord>(transaction, keys::Token(digest)));
  if (!known) return absl::OkStatus();
  transaction.Erase(keys::Token(digest));
  transaction.Erase(keys::TokenExpiry(known->expires_at, digest));
  if (const auto key = OfAgent(*known, digest)) transaction.Erase(*key);
  return absl::OkStatus();
}

absl::StatusOr<Afterwards> EraseExpiredTokens(store::Transaction& transaction, const NoArguments&, Context& context) {
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
  const store::Range range = keys::TokensExpiredAt(now_ms);
  ASSIGN_OR_RETURN(const auto expired, transaction.Scan(range, {.limit = wire::kExpiredTokensErasedMax}));
  for (const store::Entry& entry : expired) {
    ASSIGN_OR_RETURN(const std::string digest, keys::DecodeTokenDigest(entry.key));
    RETURN_IF_ERROR(EraseDigest(transaction, digest));
  }
  int64_t next_ms = now_ms;
  if (expired.size() < wire::kExpiredTokensErasedMax) {
    next_ms += wire::kAgentSessionMs;
    const store::Range later = {range.end, keys::TokensExpiredAt(keys::kNumberMax).end};
    ASSIGN_OR_RETURN(const auto first, transaction.Scan(later, {.limit = 1}));
    if (!first.empty()) {
      ASSIGN_OR_RETURN(const int64_t expires_at, keys::DecodeTime(first.front().key));
      next_ms = std::clamp(expires_at, now_ms + wire::kExpiredTokensPauseMs, next_ms);
    }
  }
  RETURN_IF_ERROR(Defer(transaction, kEraseExpiredTokens, {}, absl::FromUnixMillis(next_ms), kStandingKey, context));
  return Afterwards();
}

absl::StatusOr<bool> HasSession(store::Reader& reader, const wire::SiteId& site, const wire::AgentId& agent,
                                int64_t now_ms) {
  ASSIGN_OR_RETURN(const auto first, reader.Scan(keys::AgentSessionsAt(site, agent, now_ms), {.limit = 1}));
  return !first.empty();
}

}  // namespace alcove::functions
