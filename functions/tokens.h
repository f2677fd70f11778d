// The sessions that are stored: each token under its digest, and in the order
// in which they are over, so that those that are can be found and erased.
//
// Threads: free functions; a Transaction belongs to its body.
#pragma once

#include <cstdint>
#include <string_view>

#include "absl/status/status.h"
#include "functions/records.h"
#include "store/store.h"

namespace alcove::functions {

// Keeps a session; one that is there moves to its new end.
absl::Status SaveToken(store::Transaction& transaction, std::string_view token, const TokenRecord& record);

// Ends a session. OK where there is none.
absl::Status EraseToken(store::Transaction& transaction, std::string_view token);

// Erases the tokens that have been over for the longest, at most
// kExpiredTokensErasedMax. What it reads is changed by nobody but its like.
absl::Status EraseExpiredTokens(store::Transaction& transaction, int64_t now_ms);

}  // namespace alcove::functions
