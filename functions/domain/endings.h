// How conversations ended, added up: what came of each, who ended it, and why.
//
// Each that is closed counts once. One that is reopened is taken back, so that
// the counts of a day are those of the conversations that are closed and ended
// on it, exactly.
//
// Pure. Threads: free functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "functions/domain/state.h"
#include "functions/wire/admin.h"
#include "functions/wire/event.h"

namespace alcove::functions {

// What is counted of one end.
struct CountedEnd {
  Ending ending = Ending::kUnknown;
  wire::ActorKind by = wire::ActorKind::kUnknown;
  std::optional<std::string> reason;  // among those that are counted apart
  bool has_other_reason = false;      // it has one that is not
};

// Whether a reason is counted apart: it is already, or there is room (kEndingReasonsMax).
bool IsCountedApart(const wire::EndingCounts& counts, std::string_view reason);

void Add(wire::EndingCounts& counts, const CountedEnd& end);
// REQUIRES: it was added.
void TakeBack(wire::EndingCounts& counts, const CountedEnd& end);
// Adds up days.
void Add(wire::EndingCounts& total, const wire::EndingCounts& counts);

// Days of UTC since 1970, by their number and as `2026-12-25`.
int64_t DayOf(int64_t at_ms);
std::string DayText(int64_t day);
// nullopt where the text is no day since 1970.
std::optional<int64_t> ParseDay(std::string_view text);

}  // namespace alcove::functions
