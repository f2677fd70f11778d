// The sizes that every backend accepts, checked in one place.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "store/store.h"

namespace alcove::store {

absl::Status CheckKey(std::string_view key);
absl::Status CheckScan(const ScanOptions& options);

}  // namespace alcove::store
