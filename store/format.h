// What every store says of itself: the layout of its keys and its epoch.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/disk.h"

namespace alcove::store {

// What stands for the format while a store is filled.
inline constexpr char kUnfinishedFormat[] = "unfinished";

// Whether this code can use a store whose format reads so:
//   FAILED_PRECONDITION  a newer Alcove wrote it, or it was not filled to its end
//   DATA_LOSS            it is no format
absl::Status CheckFormat(const std::string& format);

// 128 random bits as 32 hex digits.
std::string RandomEpoch();

// The epoch of the store, which is made durably where the disk is empty.
//   FAILED_PRECONDITION  written by a newer Alcove, not by Alcove at all, or not filled to its end
//   DATA_LOSS            the two facts are damaged
// or an error of the disk.
absl::StatusOr<std::string> ReadOrCreateFormat(Disk& disk);

}  // namespace alcove::store
