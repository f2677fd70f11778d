// When each of many who wait is answered while a server goes down: at random
// over a while, so that they do not all come to the next server at once.
//
// Threads: one at a time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <random>

#include "runtime/timer_wheel.h"

namespace alcove::runtime {

class DrainSpread {
 public:
  DrainSpread(SteadyTime begin, SteadyDuration length, uint32_t seed)
      : begin_(begin), random_(seed), share_(0, length.count()) {}

  SteadyTime end() const { return begin_ + SteadyDuration(share_.max()); }

  // Of the next one; its own deadline where that is sooner.
  SteadyTime Next(SteadyTime deadline) { return std::min(deadline, begin_ + SteadyDuration(share_(random_))); }

 private:
  SteadyTime begin_;
  std::minstd_rand random_;
  std::uniform_int_distribution<SteadyDuration::rep> share_;
};

}  // namespace alcove::runtime
