// What a transaction means to write, checked as it grows.
//
// Threads: one.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "store/store.h"

namespace alcove::store {

class WriteSet {
 public:
  // nullopt: erased.
  using Changes = std::map<std::string, std::optional<std::string>, std::less<>>;

  // Nothing more is taken after the first error.
  void Set(std::string_view key, std::optional<std::string_view> value);
  void Signal(std::string_view topic);
  void Fail(const absl::Status& status);

  // The first bad size, or what Fail() was given.
  const absl::Status& error() const { return error_; }
  const Changes& changes() const { return changes_; }
  std::vector<std::string> topics() const { return {topics_.begin(), topics_.end()}; }

  // At most `limit` entries of the range in the direction, as they are with the
  // changes. REQUIRES: `stored` are the first of the range in the direction, so
  // many that `limit` stay when the erased ones are gone, or all.
  std::vector<Entry> Overlay(const Range& range, std::vector<Entry> stored, Direction direction, size_t limit) const;
  // Keys of the range that are erased here.
  size_t ErasedIn(const Range& range) const;

 private:
  Changes changes_;
  std::set<std::string, std::less<>> topics_;
  size_t bytes_ = 0;  // of both
  absl::Status error_;
};

}  // namespace alcove::store
