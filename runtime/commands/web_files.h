// The web files that a command serves.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "runtime/static_files.h"

namespace alcove::runtime {

// Those in `folder`; where that is empty, those beside the executable, and none,
// with a line in the log, where there are none. Errors as for StaticFiles::Load().
absl::StatusOr<std::unique_ptr<StaticFiles>> LoadWebFiles(const std::string& folder);

}  // namespace alcove::runtime
