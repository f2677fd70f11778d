#include "functions/sent.h"

#include "functions/secrets.h"
#include "store/status_macros.h"

namespace alcove::functions {

std::string DigestOf(std::initializer_list<std::string_view> fields) {
  std::string all;
  for (const std::string_view field : fields) {
    // The length before each keeps ("ab", "c") and ("a", "bc") apart.
    all += std::to_string(field.size());
    all += ':';
    all += field;
  }
  return Sha256Hex(all);
}

absl::Status CheckDigest(const SentRecord& sent, std::string_view digest) {
  if (sent.digest.empty() || sent.digest == digest) return absl::OkStatus();
  return absl::AlreadyExistsError("the id was used with another body");
}

absl::StatusOr<std::optional<SentRecord>> CheckSent(store::Reader& reader, std::string_view key,
                                                    std::string_view digest) {
  ASSIGN_OR_RETURN(auto sent, Find<SentRecord>(reader, key));
  if (sent) RETURN_IF_ERROR(CheckDigest(*sent, digest));
  return sent;
}

absl::Status ForgetAnswer(store::Transaction& txn, std::string_view key) {
  ASSIGN_OR_RETURN(auto sent, Find<SentRecord>(txn, key));
  if (!sent || !sent->answer) return absl::OkStatus();
  sent->answer.reset();
  Save(txn, key, *sent);
  return absl::OkStatus();
}

absl::Status ForgetPut(store::Transaction& txn, std::string_view key) {
  ASSIGN_OR_RETURN(auto sent, Find<SentRecord>(txn, key));
  if (!sent || (sent->digest.empty() && !sent->answer)) return absl::OkStatus();
  sent->digest.clear();
  sent->answer.reset();
  Save(txn, key, *sent);
  return absl::OkStatus();
}

}  // namespace alcove::functions
