#include "functions/domain/hours.h"

#include <random>
#include <string>

#include "gtest/gtest.h"
#include "tests/store/seed.h"

namespace alcove::functions {
namespace {

const OpenDay kNineToFive = {{9 * 60, 17 * 60}};

Schedule Weekdays(const std::string& zone) {
  Schedule schedule;
  schedule.zone = *ParseZone(zone);
  for (size_t day = 0; day < 5; ++day) schedule.week[day] = kNineToFive;
  return schedule;
}

absl::Time At(const Schedule& schedule, const std::string& civil) {
  absl::Time at;
  std::string error;
  EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M:%S", civil, schedule.zone, &at, &error)) << civil << ": " << error;
  return at;
}
std::string Civil(const Schedule& schedule, std::optional<absl::Time> at) {
  return at ? absl::FormatTime("%Y-%m-%d %H:%M:%S", *at, schedule.zone) : "never";
}

// 2026-03-02 is a Monday.
TEST(Hours, SayWhenItIsOpenAndWhenNext) {
  Schedule schedule = Weekdays("Europe/Berlin");
  schedule.week[2] = {{9 * 60, 12 * 60}, {13 * 60, 17 * 60}};
  schedule.week[4] = {{22 * 60, kMinutesOfADay}};
  schedule.week[5] = {{0, 2 * 60}};
  schedule.holidays = {{std::nullopt, 5, 1}, {2026, 4, 6}};
  schedule.exceptions = {{absl::CivilDay(2026, 3, 8), {{10 * 60, 11 * 60}}},
                         {absl::CivilDay(2026, 3, 10), {}},
                         {absl::CivilDay(2026, 4, 6), {{12 * 60, 13 * 60}}}};
  const struct {
    const char* name;
    const char* at;
    bool open;
    const char* next;
    const char* closes;
  } kCases[] = {
      {"before", "2026-03-02 08:59:59", false, "2026-03-02 09:00:00", "never"},
      {"the first second", "2026-03-02 09:00:00", true, "2026-03-02 09:00:00", "2026-03-02 17:00:00"},
      {"the last second", "2026-03-02 16:59:59", true, "2026-03-02 16:59:59", "2026-03-02 17:00:00"},
      {"the end is outside", "2026-03-02 17:00:00", false, "2026-03-03 09:00:00", "never"},
      {"lunch", "2026-03-04 12:30:00", false, "2026-03-04 13:00:00", "never"},
      {"before midnight, on into the next day", "2026-03-06 23:00:00", true, "2026-03-06 23:00:00",
       "2026-03-07 02:00:00"},
      {"after midnight", "2026-03-07 01:00:00", true, "2026-03-07 01:00:00", "2026-03-07 02:00:00"},
      {"a Sunday that is an exception", "2026-03-08 09:00:00", false, "2026-03-08 10:00:00", "never"},
      {"a Tuesday that is closed", "2026-03-10 10:00:00", false, "2026-03-11 09:00:00", "never"},
      {"a holiday of every year", "2026-05-01 10:00:00", false, "2026-05-02 00:00:00", "never"},
      {"and of the next one", "2027-05-01 00:30:00", false, "2027-05-03 09:00:00", "never"},
      {"a holiday of one year, which an exception opens", "2026-04-06 12:30:00", true, "2026-04-06 12:30:00",
       "2026-04-06 13:00:00"},
      {"the same day of another year", "2027-04-06 09:30:00", true, "2027-04-06 09:30:00", "2027-04-06 17:00:00"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    const absl::Time at = At(schedule, c.at);
    EXPECT_EQ(IsOpen(schedule, at), c.open);
    EXPECT_EQ(Civil(schedule, NextOpening(schedule, at)), c.next);
    EXPECT_EQ(Civil(schedule, NextClosing(schedule, at)), c.closes);
  }
}

TEST(Hours, StayThoseOfTheWallWhenClocksAreMoved) {
  Schedule schedule = Weekdays("Europe/Berlin");
  schedule.week[6] = {{2 * 60 + 30, 4 * 60}};
  // 2026-03-29: from 2:00 to 3:00 in Berlin. 2026-10-25: from 3:00 back to 2:00.
  const absl::Time spring = *NextOpening(schedule, At(schedule, "2026-03-29 00:00:00"));
  EXPECT_EQ(absl::FormatTime("%H:%M", spring, absl::UTCTimeZone()), "01:00") << "2:30 is skipped";
  EXPECT_EQ(*NextClosing(schedule, spring) - spring, absl::Hours(1));
  const absl::Time autumn = *NextOpening(schedule, At(schedule, "2026-10-25 00:00:00"));
  EXPECT_EQ(absl::FormatTime("%H:%M", autumn, absl::UTCTimeZone()), "00:30") << "the first 2:30";
  EXPECT_EQ(*NextClosing(schedule, autumn) - autumn, absl::Hours(2) + absl::Minutes(30));
  // Nine o'clock is nine o'clock on both sides.
  for (const char* monday : {"2026-03-27 08:00:00", "2026-03-30 08:00:00"}) {
    const absl::Time at = At(schedule, monday);
    EXPECT_EQ(*NextOpening(schedule, at) - at, absl::Hours(1));
  }
}

TEST(Hours, OfNoOpeningAtAllAreClosedForEver) {
  Schedule schedule;
  schedule.zone = absl::UTCTimeZone();
  const absl::Time at = absl::FromUnixSeconds(1'790'000'000);
  EXPECT_FALSE(IsOpen(schedule, at));
  EXPECT_EQ(NextOpening(schedule, at), std::nullopt);
  EXPECT_EQ(OpenBetween(schedule, at, at + absl::Hours(100)), absl::ZeroDuration());
}

TEST(Hours, OfASiteWithoutAScheduleAreAlways) {
  const Schedule schedule = AlwaysOpen();
  const absl::Time at = absl::FromUnixSeconds(1'790'000'000);
  EXPECT_TRUE(IsOpen(schedule, at));
  EXPECT_EQ(NextOpening(schedule, at), at);
  EXPECT_EQ(NextClosing(schedule, at), std::nullopt);
  EXPECT_EQ(OpenBetween(schedule, at, at + absl::Hours(100)), absl::Hours(100));
}

TEST(Hours, ZonesAreThoseThatHaveAName) {
  EXPECT_TRUE(ParseZone("America/Argentina/Buenos_Aires").ok());
  EXPECT_TRUE(ParseZone("Etc/GMT+5").ok());
  for (const char* name :
       {"", "localtime", "Nowhere/At_All", "/etc/localtime", "../etc/passwd", "file:/etc/hostname"}) {
    EXPECT_FALSE(ParseZone(name).ok()) << name;
  }
}

TEST(Hours, OfADayAreInOrderAndApart) {
  EXPECT_TRUE(CheckDay({}).ok());
  EXPECT_TRUE(CheckDay({{0, 60}, {60, kMinutesOfADay}}).ok());
  for (const OpenDay& day : {OpenDay{{-1, 60}}, OpenDay{{0, kMinutesOfADay + 1}}, OpenDay{{60, 60}}, OpenDay{{90, 60}},
                             OpenDay{{0, 61}, {60, 90}}, OpenDay{{60, 90}, {0, 30}}}) {
    EXPECT_FALSE(CheckDay(day).ok());
  }
}

// Against a look at every minute.
TEST(Hours, NextOpeningIsTheFirstMomentThatIsOpen) {
  SCOPED_TRACE(store::Replay());
  std::mt19937_64 draw(store::Seed());
  const auto below = [&](int bound) { return static_cast<int>(draw() % static_cast<uint64_t>(bound)); };
  const char* kZones[] = {"Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"};
  for (int round = 0; round < 40; ++round) {
    Schedule schedule;
    schedule.zone = *ParseZone(kZones[below(5)]);
    for (OpenDay& day : schedule.week) {
      int minute = below(600);
      while (below(2) == 0 && minute < kMinutesOfADay - 20) {
        const int end = std::min(minute + 10 + below(600), kMinutesOfADay);
        day.push_back({minute, end});
        minute = end + below(200);
      }
      ASSERT_TRUE(CheckDay(day).ok());
    }
    // Around both days on which Berlin's clocks are moved.
    const absl::Time begin =
        absl::FromUnixSeconds(below(2) == 0 ? 1'774'699'980 : 1'792'849'980) + absl::Minutes(below(90));
    const absl::Time end = begin + absl::Hours(72);
    std::optional<absl::Time> opens;
    absl::Duration open;
    for (absl::Time at = end - absl::Minutes(1); at >= begin; at -= absl::Minutes(1)) {
      const absl::TimeZone::CivilInfo civil = schedule.zone.At(at);
      const int minute = civil.cs.hour() * 60 + civil.cs.minute();
      bool is_open = false;
      for (const OpenSpan& span : schedule.week[static_cast<size_t>(absl::GetWeekday(civil.cs))]) {
        is_open = is_open || (minute >= span.opens_minute && minute < span.closes_minute);
      }
      // The hour that comes twice is told in the test above.
      if (schedule.zone.At(civil.cs).kind == absl::TimeZone::TimeInfo::REPEATED) is_open = IsOpen(schedule, at);
      ASSERT_EQ(IsOpen(schedule, at), is_open) << absl::FormatTime(at, schedule.zone);
      if (is_open) opens = at, open += absl::Minutes(1);
      const auto next = NextOpening(schedule, at);
      ASSERT_EQ(next && *next < end, opens.has_value()) << absl::FormatTime(at, schedule.zone);
      if (opens) {
        ASSERT_EQ(next, opens) << absl::FormatTime(at, schedule.zone);
      }
    }
    EXPECT_EQ(OpenBetween(schedule, begin, end), open);
  }
}

}  // namespace
}  // namespace alcove::functions
