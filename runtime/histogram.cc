#include "runtime/histogram.h"

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"

namespace alcove::runtime {

std::string NumberText(double number) {
  char text[32];
  return {text, static_cast<size_t>(std::snprintf(text, sizeof(text), "%.15g", number))};
}

void Histogram::Add(absl::Duration duration) {
  duration = std::max(duration, absl::ZeroDuration());
  const double seconds = absl::ToDoubleSeconds(duration);
  const auto bucket = std::lower_bound(bounds_.begin(), bounds_.end(), seconds) - bounds_.begin();
  counts_[static_cast<size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  nanoseconds_.fetch_add(static_cast<uint64_t>(absl::ToInt64Nanoseconds(duration)), std::memory_order_relaxed);
}

void Histogram::Append(std::string_view name, std::string_view labels, std::string& text) const {
  const std::string family(name);
  const std::string before = labels.empty() ? "{" : absl::StrCat("{", std::string(labels), ",");
  const std::string own = labels.empty() ? std::string() : absl::StrCat("{", std::string(labels), "}");
  uint64_t count = 0;
  for (size_t i = 0; i <= bounds_.size(); ++i) {
    count += counts_[i].load(std::memory_order_relaxed);
    const std::string bound = i < bounds_.size() ? absl::StrCat(bounds_[i]) : "+Inf";
    absl::StrAppend(&text, family, "_bucket", before, "le=\"", bound, "\"} ", count, "\n");
  }
  const double sum = static_cast<double>(nanoseconds_.load(std::memory_order_relaxed)) / 1e9;
  absl::StrAppend(&text, family, "_sum", own, " ", NumberText(sum), "\n", family, "_count", own, " ", count, "\n");
}

}  // namespace alcove::runtime
