// How long somebody who waits will probably have to, from how long others did.
//
// A sample is one conversation that was given to an agent out of the queue: how
// many places it began at and how long it took. What is said is the median of
// the recent samples' time a place, times the places: the mean would be spoilt
// by one who waited all night. With few or old samples nothing is said, which is
// more honest than a number.
//
// Pure: the time is given. Threads: plain values and free functions.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace alcove::functions {

struct WaitSample {
  int64_t at = 0;  // when it ended
  int64_t waited_ms = 0;
  int64_t place = 1;  // at which it began
  friend bool operator==(const WaitSample&, const WaitSample&) = default;
};

template <class V>
void Describe(V& visit, WaitSample& sample) {
  visit("at", sample.at);
  visit("waited_ms", sample.waited_ms);
  visit("place", sample.place);
}

// Fewer say nothing.
inline constexpr size_t kWaitSamplesMin = 3;

// Adds one, and forgets the oldest beyond wire::kWaitSamplesMax.
void AddSample(std::vector<WaitSample>& samples, const WaitSample& sample);

// For who is at `place`, from 1. Never less than zero; nullopt where nothing is known, or nothing of the last
// wire::kWaitSampleAgeMsMax.
std::optional<int64_t> EstimateWaitMs(const std::vector<WaitSample>& samples, int64_t place, int64_t now_ms);

// The median of those not older than `age_ms_max`, where there are at least kWaitSamplesMin: what "we usually answer
// within" is made of.
std::optional<int64_t> MedianWaitMs(const std::vector<WaitSample>& samples, int64_t age_ms_max, int64_t now_ms);

}  // namespace alcove::functions
