// What the commands without a listener have in common: the web files and a
// store that must be there, put together.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "runtime/command_line.h"
#include "runtime/framer.h"
#include "runtime/one_by_one.h"

namespace alcove::runtime {

// A store is not made: a name that was mistyped would hold no site. The errors
// are sentences for whoever deployed it.
absl::StatusOr<std::unique_ptr<OneByOne>> OpenHosted(const HostedCommand& command);

// As a server's: bodies by route.
FramerLimits HostedLimits();

}  // namespace alcove::runtime
