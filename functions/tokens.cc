#include "functions/tokens.h"

#include <optional>
#include <string>

#include "functions/secrets.h"
#include "functions/wire/limits.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

absl::Status EraseDigest(store::Transaction& transaction, const std::string& digest) {
  ASSIGN_OR_RETURN(const auto known, Find<TokenRecord>(transaction, keys::Token(digest)));
  if (!known) return absl::OkStatus();
  transaction.Erase(keys::Token(digest));
  transaction.Erase(keys::TokenExpiry(known->expires_at, digest));
  return absl::OkStatus();
}

}  // namespace

absl::Status SaveToken(store::Transaction& transaction, std::string_view token, const TokenRecord& record) {
  const std::string digest = Sha256Hex(token);
  RETURN_IF_ERROR(EraseDigest(transaction, digest));
  Save(transaction, keys::Token(digest), record);
  transaction.Put(keys::TokenExpiry(record.expires_at, digest), "1");
  return absl::OkStatus();
}

absl::Status EraseToken(store::Transaction& transaction, std::string_view token) {
  return EraseDigest(transaction, Sha256Hex(token));
}

absl::Status EraseExpiredTokens(store::Transaction& transaction, int64_t now_ms) {
  ASSIGN_OR_RETURN(const auto expired,
                   transaction.Scan(keys::TokensExpiredAt(now_ms), {.limit = wire::kExpiredTokensErasedMax}));
  for (const store::Entry& entry : expired) {
    ASSIGN_OR_RETURN(const std::string digest, keys::DecodeTokenDigest(entry.key));
    RETURN_IF_ERROR(EraseDigest(transaction, digest));
  }
  return absl::OkStatus();
}

}  // namespace alcove::functions
