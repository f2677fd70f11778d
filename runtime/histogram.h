// A histogram of durations, as Prometheus has them.
//
// Threads: Add() from any, without a lock: it is on the way of every request.
// Append() may see one of them by half.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace alcove::runtime {

// A number as the page has it: absl::StrCat() keeps six digits, and a sum would stand still after a week.
std::string NumberText(double number);

class Histogram {
 public:
  // `bounds` are the upper ones, in seconds, ascending. They must outlive it.
  explicit Histogram(std::span<const double> bounds)
      : bounds_(bounds), counts_(std::make_unique<std::atomic<uint64_t>[]>(bounds.size() + 1)) {}

  // What is below nothing counts as nothing: clocks differ.
  void Add(absl::Duration duration);

  // The samples of family `name`, without its HELP and TYPE. `labels` is
  // `class="poll"` or empty.
  void Append(std::string_view name, std::string_view labels, std::string& text) const;

 private:
  const std::span<const double> bounds_;
  const std::unique_ptr<std::atomic<uint64_t>[]> counts_;
  std::atomic<uint64_t> nanoseconds_{0};
};

}  // namespace alcove::runtime
