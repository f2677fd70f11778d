#include "functions/domain/hours.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace alcove::functions {
namespace {

absl::CivilDay DayAt(const Schedule& schedule, absl::Time at) { return absl::ToCivilDay(at, schedule.zone); }

bool IsHoliday(const Schedule& schedule, absl::CivilDay day) {
  return std::any_of(schedule.holidays.begin(), schedule.holidays.end(), [&](const Holiday& holiday) {
    return holiday.month == day.month() && holiday.day == day.day() && (!holiday.year || *holiday.year == day.year());
  });
}

const OpenDay& HoursOf(const Schedule& schedule, absl::CivilDay day) {
  static const OpenDay& kClosed = *new OpenDay();
  // The last word counts, where a day was named twice.
  for (auto exception = schedule.exceptions.rbegin(); exception != schedule.exceptions.rend(); ++exception) {
    if (exception->day == day) return exception->hours;
  }
  if (IsHoliday(schedule, day)) return kClosed;
  return schedule.week[static_cast<size_t>(absl::GetWeekday(day))];
}

absl::Time MomentOf(const Schedule& schedule, absl::CivilDay day, int minute) {
  if (minute == kMinutesOfADay) return MomentOf(schedule, day + 1, 0);
  const absl::CivilMinute civil(day.year(), day.month(), day.day(), minute / 60, minute % 60);
  const auto found = schedule.zone.At(civil);
  // What is skipped would be before or after, by an hour: it is when the clocks are moved.
  return found.kind == absl::TimeZone::TimeInfo::SKIPPED ? found.trans : found.pre;
}

bool IsPartOfAZone(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '/' || c == '_' || c == '-' || c == '+';
}

struct Opening {
  absl::Time from;
  absl::Time to;
};

// The first opening that ends behind `at`, in that many days.
std::optional<Opening> OpeningBehind(const Schedule& schedule, absl::Time at) {
  // A day that is moved over the date line may be open still when the calendar says that it is over.
  absl::CivilDay day = DayAt(schedule, at) - 1;
  for (int i = -1; i <= kHoursLookDays; ++i, ++day) {
    for (const OpenSpan& span : HoursOf(schedule, day)) {
      const Opening opening{MomentOf(schedule, day, span.opens_minute), MomentOf(schedule, day, span.closes_minute)};
      if (opening.to > at && opening.from < opening.to) return opening;
    }
  }
  return std::nullopt;
}

}  // namespace

Schedule AlwaysOpen() {
  Schedule schedule;
  schedule.zone = absl::UTCTimeZone();
  schedule.week.fill({{0, kMinutesOfADay}});
  return schedule;
}

bool IsOpen(const Schedule& schedule, absl::Time at) {
  const auto opening = OpeningBehind(schedule, at);
  return opening && opening->from <= at;
}

std::optional<absl::Time> NextOpening(const Schedule& schedule, absl::Time at) {
  const auto opening = OpeningBehind(schedule, at);
  if (!opening) return std::nullopt;
  return std::max(opening->from, at);
}

std::optional<absl::Time> NextClosing(const Schedule& schedule, absl::Time at) {
  auto opening = OpeningBehind(schedule, at);
  if (!opening || opening->from > at) return std::nullopt;
  const absl::Time last = at + kHoursLookDays * absl::Hours(24);
  for (absl::Time end = opening->to; end < last; end = opening->to) {
    opening = OpeningBehind(schedule, end);
    if (!opening || opening->from > end) return end;
  }
  return std::nullopt;
}

absl::Duration OpenBetween(const Schedule& schedule, absl::Time from, absl::Time to) {
  absl::Duration open;
  while (from < to) {
    const auto opening = OpeningBehind(schedule, from);
    if (!opening || opening->from >= to) break;
    open += std::min(opening->to, to) - std::max(opening->from, from);
    from = opening->to;
  }
  return open;
}

absl::StatusOr<absl::TimeZone> ParseZone(std::string_view name) {
  // Names become paths: nothing may lead out of the zones' folder. "localtime" is whatever the machine is set to, which
  // another node may not be.
  const bool names_one = !name.empty() && name.front() != '/' && name != "localtime" &&
                         std::all_of(name.begin(), name.end(), IsPartOfAZone);
  absl::TimeZone zone;
  if (names_one && absl::LoadTimeZone(std::string(name), &zone)) return zone;
  return absl::InvalidArgumentError(absl::StrCat("there is no time zone \"", std::string(name.substr(0, 64)), "\""));
}

absl::Status CheckDay(const OpenDay& day) {
  int free_from = 0;
  for (const OpenSpan& span : day) {
    if (span.opens_minute < 0 || span.closes_minute > kMinutesOfADay) {
      return absl::InvalidArgumentError("a time is not within a day");
    }
    if (span.opens_minute >= span.closes_minute) {
      return absl::InvalidArgumentError("hours end before they begin; over midnight they are written as two");
    }
    if (span.opens_minute < free_from) return absl::InvalidArgumentError("hours of a day overlap, or are not in order");
    free_from = span.closes_minute;
  }
  return absl::OkStatus();
}

}  // namespace alcove::functions
