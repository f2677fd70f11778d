// What of an event each side may see.
//
// Threads: free functions without state.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "functions/cursor.h"

namespace alcove::functions {

// A stored event as `side` may see it. Agents see all. To customers notes and what became of them, tags, attributes
// that are not visible, pages and snoozes are `hidden`, with their seq, so that the seqs they see stay dense; what
// agents tell each other when they hand over is left out, and so are the numbers by which somebody was chosen, and why
// a bot left. DATA_LOSS where a part has to be left out of what is no event.
absl::StatusOr<std::string> ShownTo(Side side, std::string event);

}  // namespace alcove::functions
