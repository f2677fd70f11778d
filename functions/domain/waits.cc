#include "functions/domain/waits.h"

#include <algorithm>
#include <utility>

#include "functions/wire/limits.h"

namespace alcove::functions {
namespace {

// Of an even number the greater of the two in the middle: rather a little too long.
std::optional<int64_t> MedianOf(std::vector<int64_t> numbers) {
  if (numbers.size() < kWaitSamplesMin) return std::nullopt;
  const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
  std::nth_element(numbers.begin(), middle, numbers.end());
  return *middle;
}

}  // namespace

void AddSample(std::vector<WaitSample>& samples, const WaitSample& sample) {
  samples.push_back(sample);
  if (samples.size() > wire::kWaitSamplesMax) samples.erase(samples.begin());
}

std::optional<int64_t> EstimateWaitMs(const std::vector<WaitSample>& samples, int64_t place, int64_t now_ms) {
  std::vector<int64_t> a_place;
  for (const WaitSample& sample : samples) {
    if (now_ms - sample.at > wire::kWaitSampleAgeMsMax) continue;
    a_place.push_back(std::max<int64_t>(sample.waited_ms, 0) / std::max<int64_t>(sample.place, 1));
  }
  const auto median = MedianOf(std::move(a_place));
  if (!median) return std::nullopt;
  return *median * std::max<int64_t>(place, 1);
}

std::optional<int64_t> MedianWaitMs(const std::vector<WaitSample>& samples, int64_t age_ms_max, int64_t now_ms) {
  std::vector<int64_t> waits;
  for (const WaitSample& sample : samples) {
    if (now_ms - sample.at <= age_ms_max) waits.push_back(std::max<int64_t>(sample.waited_ms, 0));
  }
  return MedianOf(std::move(waits));
}

}  // namespace alcove::functions
