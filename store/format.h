// What every store says of itself: the layout of its keys and its epoch.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "store/disk.h"

namespace alcove::store {

// 128 random bits as 32 hex digits.
std::string RandomEpoch();

// The epoch of the store, which is made durably where the disk is empty.
//   FAILED_PRECONDITION  written by a newer Alcove, or not by Alcove at all
//   DATA_LOSS            the two facts are damaged
// or an error of the disk.
absl::StatusOr<std::string> ReadOrCreateFormat(Disk& disk);

}  // namespace alcove::store
