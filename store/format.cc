#include "store/format.h"

#include <array>
#include <optional>
#include <random>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::store {

std::string RandomEpoch() {
  std::random_device random;
  std::string epoch;
  for (int word = 0; word < 4; ++word) absl::StrAppend(&epoch, absl::Hex(random(), absl::kZeroPad8));
  return epoch;
}

absl::Status CheckFormat(const std::string& format) {
  if (format == kUnfinishedFormat) {
    return absl::FailedPreconditionError("a restore or a copy into it did not end: remove it and begin again");
  }
  int number = 0;
  if (!absl::SimpleAtoi(format, &number) || number < 1) {
    return absl::DataLossError("its format or epoch cannot be read");
  }
  if (number <= keys::kFormat) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat("it was written by a newer Alcove (format ", number,
                                                    "; this one reads up to ", keys::kFormat, "): start that version"));
}

absl::StatusOr<std::string> ReadOrCreateFormat(Disk& disk) {
  ASSIGN_OR_RETURN(const std::optional<std::string> format, disk.Get(keys::MetaFormat()));
  ASSIGN_OR_RETURN(const std::optional<std::string> epoch, disk.Get(keys::MetaEpoch()));
  if (!format) {
    const Range everything{"", std::string(wire::kKeyBytesMax + 1, '\xff')};
    ASSIGN_OR_RETURN(const std::vector<Entry> any, disk.Scan(everything, {.limit = 1}));
    if (!any.empty()) return absl::FailedPreconditionError("it holds a database that is not Alcove's");
    std::string made = RandomEpoch();
    RETURN_IF_ERROR(disk.Write({{keys::MetaFormat(), absl::StrCat(keys::kFormat)}, {keys::MetaEpoch(), made}}));
    return made;
  }
  RETURN_IF_ERROR(CheckFormat(*format));
  if (!epoch || epoch->empty()) return absl::DataLossError("its format or epoch cannot be read");
  return *epoch;
}

}  // namespace alcove::store
