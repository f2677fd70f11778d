// How a command that failed says so.
#pragma once

#include "absl/status/status.h"

namespace alcove::runtime {

// Writes the sentence to standard error, and returns the exit code.
int Fail(const absl::Status& status, int code = 1);

}  // namespace alcove::runtime
