// The sessions that are stored: each token under its digest; in the order in
// which they are over, so that those that are can be found and erased; and
// those of each agent, so that the last can be told from the others.
//
// Threads: free functions; a Transaction belongs to its body.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "functions/context.h"
#include "functions/deferrable.h"
#include "functions/records.h"
#include "functions/wire/ids.h"
#include "store/store.h"

namespace alcove::functions {

// Keeps a session; one that is there moves to its new end.
absl::Status SaveToken(store::Transaction& transaction, std::string_view token, const TokenRecord& record);

// Ends a session. OK where there is none.
absl::Status EraseToken(store::Transaction& transaction, std::string_view token);

// Both by the token's Sha256Hex().
absl::Status SaveDigest(store::Transaction& transaction, const std::string& digest, const TokenRecord& record);
absl::Status EraseDigest(store::Transaction& transaction, const std::string& digest);

// The standing call that erases the tokens that are over, the oldest
// kExpiredTokensErasedMax at a time. It defers itself to when the next is over:
// no sooner than after kExpiredTokensPauseMs, and no later than the shortest
// session, which may be made meanwhile.
inline constexpr DeferredFunction<NoArguments> kEraseExpiredTokens{"erase_expired_tokens"};
absl::StatusOr<Afterwards> EraseExpiredTokens(store::Transaction& transaction, const NoArguments&, Context& context);

// Whether an agent has a session that is not over.
absl::StatusOr<bool> HasSession(store::Reader& reader, const wire::SiteId& site, const wire::AgentId& agent,
                                int64_t now_ms);

}  // namespace alcove::functions
