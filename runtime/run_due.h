// Runs the deferred calls that are due (functions/due.h) one after another,
// for hosts on which no server runs beside (one_by_one.h): what a timer starts
// every minute or so. Beside servers and others of its kind it does no harm, as
// each call is claimed by one.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <span>

#include "absl/status/statusor.h"
#include "functions/context.h"
#include "functions/deferrable.h"
#include "runtime/fetcher.h"

namespace alcove::runtime {

struct DueCounts {
  int64_t done = 0;
  int64_t failed = 0;  // to be run again later
  int64_t dead = 0;    // given up
};

// Until nothing is due any more. Errors are the store's, as of functions/due.h; what ran before stays done.
absl::StatusOr<DueCounts> RunDue(std::span<const functions::Deferrable> deferrables, functions::Context& context,
                                 Fetcher& fetcher);

}  // namespace alcove::runtime
