// What is refused first where there is too much to do.
//
// Threads: a free function without state.
#pragma once

#include <cstddef>

#include "functions/routes.h"

namespace alcove::runtime {

// Whether a new request of this work may still be taken where `load` waits of at most `max`: each kind of work goes an
// equal step before the next one, and `last` when all is full. What is behind `last` is not asked about here.
constexpr bool TakesMore(size_t load, size_t max, functions::Work work, functions::Work last = functions::Work::kSend) {
  const size_t steps = static_cast<size_t>(last) + 1;
  const size_t share = static_cast<size_t>(work) + 1;
  return work > last || load * steps < max * share;
}

}  // namespace alcove::runtime
