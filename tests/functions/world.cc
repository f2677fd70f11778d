#include "tests/functions/world.h"

#include "functions/tokens.h"

namespace alcove::functions {

void World::AddToken(const std::string& token, TokenKind kind, const std::string& site, const std::string& principal) {
  TokenRecord record;
  record.kind = kind;
  record.site = site;
  record.principal = principal;
  record.expires_at = absl::ToUnixMillis(clock.Now()) + wire::kAgentSessionMs;
  Write([&](store::Transaction& txn) { EXPECT_TRUE(SaveToken(txn, token, record).ok()); });
}

}  // namespace alcove::functions
