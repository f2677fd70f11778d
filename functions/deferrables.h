// Every function that may be called later, on one screen.
//
// Threads: the table is constant.
#pragma once

#include <span>
#include <string_view>

#include "absl/status/status.h"
#include "functions/context.h"
#include "functions/deferrable.h"

namespace alcove::functions {

std::span<const Deferrable> Deferrables();

// nullptr: none of that name.
const Deferrable* FindDeferrable(std::span<const Deferrable> deferrables, std::string_view name);

// Defers each standing function of which there is no call. Writes nothing
// where all are there. Errors as Store::Transact().
absl::Status DeferStanding(std::span<const Deferrable> deferrables, Context& context);

}  // namespace alcove::functions
