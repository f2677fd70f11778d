#include "functions/domain/endings.h"

#include <algorithm>

#include "absl/time/civil_time.h"
#include "functions/domain/attributes.h"
#include "functions/wire/limits.h"

namespace alcove::functions {
namespace {

constexpr int64_t kDayMs = int64_t{24} * 3600 * 1000;
constexpr absl::CivilDay kFirstDay(1970, 1, 1);

int64_t& CountOf(wire::EndingCounts& counts, Ending ending) {
  switch (ending) {
    case Ending::kAbandoned:
      return counts.abandoned;
    case Ending::kMissed:
      return counts.missed;
    case Ending::kServed:
    case Ending::kUnknown:
      break;
  }
  return counts.served;
}

int64_t& CountOf(wire::EndingCounts& counts, wire::ActorKind by) {
  switch (by) {
    case wire::ActorKind::kCustomer:
      return counts.by_customer;
    case wire::ActorKind::kAgent:
      return counts.by_agent;
    case wire::ActorKind::kBot:
      return counts.by_bot;
    case wire::ActorKind::kSystem:
    case wire::ActorKind::kUnknown:
      break;
  }
  return counts.by_system;
}

template <class Counts>
auto FindReason(Counts& counts, std::string_view reason) {
  return std::find_if(counts.reasons.begin(), counts.reasons.end(),
                      [&](const wire::ReasonCount& one) { return one.reason == reason; });
}

void Change(wire::EndingCounts& counts, const CountedEnd& end, int64_t more) {
  counts.ended += more;
  CountOf(counts, end.ending) += more;
  CountOf(counts, end.by) += more;
  if (end.has_other_reason) counts.other_reasons += more;
  if (!end.reason) return;
  auto known = FindReason(counts, *end.reason);
  if (known == counts.reasons.end()) known = counts.reasons.insert(known, {*end.reason, 0});
  known->count += more;
  if (known->count == 0) counts.reasons.erase(known);
}

}  // namespace

bool IsCountedApart(const wire::EndingCounts& counts, std::string_view reason) {
  return counts.reasons.size() < wire::kEndingReasonsMax || FindReason(counts, reason) != counts.reasons.end();
}

void Add(wire::EndingCounts& counts, const CountedEnd& end) { Change(counts, end, 1); }
void TakeBack(wire::EndingCounts& counts, const CountedEnd& end) { Change(counts, end, -1); }

void Add(wire::EndingCounts& total, const wire::EndingCounts& counts) {
  total.ended += counts.ended;
  total.served += counts.served;
  total.abandoned += counts.abandoned;
  total.missed += counts.missed;
  total.by_customer += counts.by_customer;
  total.by_agent += counts.by_agent;
  total.by_bot += counts.by_bot;
  total.by_system += counts.by_system;
  total.other_reasons += counts.other_reasons;
  for (const wire::ReasonCount& reason : counts.reasons) {
    const auto known = FindReason(total, reason.reason);
    if (known == total.reasons.end()) {
      total.reasons.push_back(reason);
    } else {
      known->count += reason.count;
    }
  }
}

int64_t DayOf(int64_t at_ms) { return at_ms / kDayMs; }

std::string DayText(int64_t day) { return absl::FormatCivilTime(kFirstDay + day); }

std::optional<int64_t> ParseDay(std::string_view text) {
  absl::CivilDay day;
  if (!IsDay(text) || !absl::ParseCivilTime(absl::string_view(text.data(), text.size()), &day) || day < kFirstDay) {
    return std::nullopt;
  }
  return day - kFirstDay;
}

}  // namespace alcove::functions
