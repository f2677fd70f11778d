#include "functions/domain/waits.h"

#include <vector>

#include "functions/wire/limits.h"
#include "gtest/gtest.h"

namespace alcove::functions {
namespace {

constexpr int64_t kNow = 100'000'000;

TEST(Waits, AreEstimatedByTheMedianOfThoseOfOthersAPlace) {
  const struct {
    const char* name;
    std::vector<WaitSample> samples;
    int64_t place;
    std::optional<int64_t> estimate;
  } kCases[] = {
      {"nothing is known", {}, 1, std::nullopt},
      {"two are too few", {{kNow, 1000, 1}, {kNow, 1000, 1}}, 1, std::nullopt},
      {"the middle one", {{kNow, 1000, 1}, {kNow, 9000, 1}, {kNow, 2000, 1}}, 1, 2000},
      {"for each place", {{kNow, 1000, 1}, {kNow, 9000, 1}, {kNow, 2000, 1}}, 3, 6000},
      {"of who began further back a part", {{kNow, 4000, 4}, {kNow, 2000, 2}, {kNow, 1000, 1}}, 2, 2000},
      {"one who waited all night spoils nothing",
       {{kNow, 1000, 1}, {kNow, 1000, 1}, {kNow, 30'000'000, 1}, {kNow, 1000, 1}},
       1,
       1000},
      {"a clock that went back", {{kNow, -5, 1}, {kNow, -5, 0}, {kNow, -5, 1}}, 1, 0},
      {"old ones do not count",
       {{kNow - wire::kWaitSampleAgeMsMax - 1, 1, 1}, {kNow, 1000, 1}, {kNow, 1000, 1}},
       1,
       std::nullopt},
      {"at the very edge they do",
       {{kNow - wire::kWaitSampleAgeMsMax, 1000, 1}, {kNow, 1000, 1}, {kNow, 1000, 1}},
       1,
       1000},
  };
  for (const auto& c : kCases) EXPECT_EQ(EstimateWaitMs(c.samples, c.place, kNow), c.estimate) << c.name;
}

TEST(Waits, OnlyTheLastAreKept) {
  std::vector<WaitSample> samples;
  for (size_t i = 0; i < wire::kWaitSamplesMax + 3; ++i) AddSample(samples, {static_cast<int64_t>(i), 1, 1});
  EXPECT_EQ(samples.size(), wire::kWaitSamplesMax);
  EXPECT_EQ(samples.front().at, 3);
}

TEST(Waits, HaveAMedianOverTheTimeThatIsAsked) {
  const std::vector<WaitSample> samples = {{kNow - 50, 10, 1}, {kNow - 40, 30, 2}, {kNow - 30, 20, 1}};
  EXPECT_EQ(MedianWaitMs(samples, 50, kNow), 20);
  EXPECT_EQ(MedianWaitMs(samples, 49, kNow), std::nullopt);
}

}  // namespace
}  // namespace alcove::functions
