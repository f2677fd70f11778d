// Whether somebody is to be there: a weekly schedule in a time zone, holidays,
// and days that are as no other of their kind.
//
// A day is one of the zone's calendar. Of the three the most particular says
// what holds on it: an exception, else a holiday (closed all day), else its
// weekday. Times of a day are minutes since its midnight as a clock on the
// wall shows them, so "9 to 17" stays 9 to 17 when summer time begins; a time
// that a day skips is the moment at which the clocks are moved, one that it
// has twice the first of the two. What goes over midnight is written as two.
//
// Pure: the time is given. Threads: plain values and free functions.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace alcove::functions {

// From `opens` on, up to but without `closes`. REQUIRES: 0 <= opens < closes <= 1440.
struct OpenSpan {
  int opens_minute = 0;
  int closes_minute = 0;
  friend bool operator==(const OpenSpan&, const OpenSpan&) = default;
};
// In order and apart from each other; none: closed all day.
using OpenDay = std::vector<OpenSpan>;
inline constexpr int kMinutesOfADay = 24 * 60;

struct ExceptionalDay {
  absl::CivilDay day;
  OpenDay hours;
};
// The same day of each year, or of one year alone.
struct Holiday {
  std::optional<int64_t> year;
  int month = 1;
  int day = 1;
};

struct Schedule {
  absl::TimeZone zone;
  std::array<OpenDay, 7> week;  // from Monday
  std::vector<Holiday> holidays;
  std::vector<ExceptionalDay> exceptions;
};
// Without a schedule somebody is always expected to be there.
Schedule AlwaysOpen();

bool IsOpen(const Schedule& schedule, absl::Time at);

// From when on it is open: `at` itself where it is open then. nullopt where
// that is not within the next kHoursLookDays, as in a schedule that is never open.
std::optional<absl::Time> NextOpening(const Schedule& schedule, absl::Time at);
// Until when it stays open, beyond midnight too where the next day begins then.
// nullopt where it is closed at `at`, or does not end within those days.
std::optional<absl::Time> NextClosing(const Schedule& schedule, absl::Time at);
inline constexpr int kHoursLookDays = 400;

// How long it is open between the two: what a promise of "within four working
// hours" is counted in. Zero where `to` is not behind `from`.
absl::Duration OpenBetween(const Schedule& schedule, absl::Time from, absl::Time to);

// INVALID_ARGUMENT where the zone is none that this machine knows.
absl::StatusOr<absl::TimeZone> ParseZone(std::string_view name);
// INVALID_ARGUMENT with a sentence where the spans are not as OpenDay requires.
absl::Status CheckDay(const OpenDay& day);

}  // namespace alcove::functions
