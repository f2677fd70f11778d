#include "store/sizes.h"

#include "functions/wire/limits.h"

namespace alcove::store {

absl::Status CheckKey(std::string_view key) {
  if (key.empty()) return absl::InvalidArgumentError("a key is empty");
  if (key.size() > wire::kKeyBytesMax) return absl::InvalidArgumentError("a key is too long");
  return absl::OkStatus();
}

absl::Status CheckScan(const ScanOptions& options) {
  if (options.limit >= 1 && options.limit <= wire::kScanEntriesMax) return absl::OkStatus();
  return absl::InvalidArgumentError("a scan's limit is out of bounds");
}

}  // namespace alcove::store
