// Idempotency: what was answered to a put, remembered with its effect.
//
// Threads: free functions; a Transaction belongs to its body.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "functions/records.h"
#include "store/store.h"

namespace alcove::functions {

// Of who sent what: of the fields that matter, so that another spelling of the
// same JSON is the same body.
std::string DigestOf(std::initializer_list<std::string_view> fields);

// ALREADY_EXISTS (409 id_reused) where the id was used for something else. What was erased is answered to any body:
// nothing is kept that would tell what it was.
absl::Status CheckDigest(const SentRecord& sent, std::string_view digest);

// What was answered before to the put that `key` names, nullopt the first time. Errors as CheckDigest().
absl::StatusOr<std::optional<SentRecord>> CheckSent(store::Reader& reader, std::string_view key,
                                                    std::string_view digest);

// What was put is another now: the answer is made anew. Does nothing where nothing was put.
absl::Status ForgetAnswer(store::Transaction& transaction, std::string_view key);
// What was put is erased: nothing stays that would tell what it was.
absl::Status ForgetPut(store::Transaction& transaction, std::string_view key);

}  // namespace alcove::functions
