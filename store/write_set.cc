#include "store/write_set.h"

#include <algorithm>
#include <utility>

#include "functions/wire/limits.h"
#include "store/sizes.h"

namespace alcove::store {

void WriteSet::Fail(const absl::Status& status) {
  if (error_.ok()) error_ = status;
}

void WriteSet::Set(std::string_view key, std::optional<std::string_view> value) {
  if (!error_.ok()) return;
  if (error_ = CheckKey(key); !error_.ok()) return;
  if (value && value->size() > wire::kValueBytesMax) return Fail(absl::InvalidArgumentError("a value is too long"));
  const auto [change, fresh] = changes_.try_emplace(std::string(key));
  if (fresh) bytes_ += key.size();
  if (change->second) bytes_ -= change->second->size();
  if (value) bytes_ += value->size();
  if (bytes_ > wire::kTransactionBytesMax) return Fail(absl::InvalidArgumentError("a transaction writes too much"));
  change->second = value ? std::optional<std::string>(*value) : std::nullopt;
}

void WriteSet::Signal(std::string_view topic) {
  if (!error_.ok()) return;
  if (error_ = CheckKey(topic); !error_.ok()) return;
  if (!topics_.emplace(topic).second) return;
  bytes_ += topic.size();
  if (bytes_ > wire::kTransactionBytesMax) Fail(absl::InvalidArgumentError("a transaction writes too much"));
}

size_t WriteSet::ErasedIn(const Range& range) const {
  if (range.begin >= range.end) return 0;
  return static_cast<size_t>(std::count_if(changes_.lower_bound(range.begin), changes_.lower_bound(range.end),
                                           [](const auto& change) { return !change.second.has_value(); }));
}

std::vector<Entry> WriteSet::Overlay(const Range& range, std::vector<Entry> stored, Direction direction,
                                     size_t limit) const {
  const auto begin = changes_.lower_bound(range.begin);
  const auto end = changes_.lower_bound(range.end);
  if (range.begin < range.end && begin != end) {
    std::map<std::string, std::optional<std::string>> merged;
    for (Entry& entry : stored) merged.insert_or_assign(std::move(entry.key), std::move(entry.value));
    for (auto change = begin; change != end; ++change) merged.insert_or_assign(change->first, change->second);
    stored.clear();
    for (auto& [key, value] : merged) {
      if (value) stored.push_back({key, *std::move(value)});
    }
    if (direction == Direction::kBackward) std::reverse(stored.begin(), stored.end());
  }
  if (stored.size() > limit) stored.resize(limit);
  return stored;
}

}  // namespace alcove::store
