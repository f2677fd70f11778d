#include "store/memory_disk.h"

#include <iterator>
#include <limits>
#include <utility>

namespace alcove::store {
namespace {

constexpr uint64_t kNow = std::numeric_limits<uint64_t>::max();

}  // namespace

class MemoryDisk::View final : public Reader {
 public:
  View(MemoryDisk& disk, uint64_t moment) : disk_(disk), moment_(moment) {}
  ~View() override { disk_.Release(moment_); }

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) override { return disk_.GetAt(moment_, key); }
  absl::StatusOr<std::vector<Entry>> Scan(const Range& range, const ScanOptions& options) override {
    return disk_.ScanAt(moment_, range, options);
  }

 private:
  MemoryDisk& disk_;
  const uint64_t moment_;
};

absl::StatusOr<std::optional<std::string>> MemoryDisk::Get(std::string_view key) { return GetAt(kNow, key); }

absl::StatusOr<std::vector<Entry>> MemoryDisk::Scan(const Range& range, const ScanOptions& options) {
  return ScanAt(kNow, range, options);
}

std::unique_ptr<Reader> MemoryDisk::SnapshotAtOnce() {
  const MutexLock lock(mutex_);
  snapshots_.insert(written_);
  return std::make_unique<View>(*this, written_);
}

absl::Status MemoryDisk::Write(const std::vector<Change>& changes) {
  const MutexLock lock(mutex_);
  ++written_;
  for (const Change& change : changes) {
    keys_[change.key].push_back({written_, change.value});
    Trim(change.key);
  }
  return absl::OkStatus();
}

const std::string* MemoryDisk::Visible(const Versions& versions, uint64_t moment) {
  for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
    if (version->written <= moment) return version->value ? &*version->value : nullptr;
  }
  return nullptr;
}

std::optional<std::string> MemoryDisk::GetAt(uint64_t moment, std::string_view key) {
  const MutexLock lock(mutex_);
  const auto entry = keys_.find(key);
  const std::string* value = entry == keys_.end() ? nullptr : Visible(entry->second, moment);
  return value == nullptr ? std::nullopt : std::optional<std::string>(*value);
}

std::vector<Entry> MemoryDisk::ScanAt(uint64_t moment, const Range& range, const ScanOptions& options) {
  std::vector<Entry> found;
  if (range.begin >= range.end) return found;
  const MutexLock lock(mutex_);
  const auto begin = keys_.lower_bound(range.begin);
  const auto end = keys_.lower_bound(range.end);
  const auto collect = [&](auto from, auto to) {
    for (; from != to && found.size() < options.limit; ++from) {
      if (const std::string* value = Visible(from->second, moment)) found.push_back({from->first, *value});
    }
  };
  if (options.direction == Direction::kForward) {
    collect(begin, end);
  } else {
    collect(std::make_reverse_iterator(end), std::make_reverse_iterator(begin));
  }
  return found;
}

void MemoryDisk::Release(uint64_t moment) {
  const MutexLock lock(mutex_);
  snapshots_.erase(snapshots_.find(moment));
  if (!snapshots_.empty()) return;
  const std::set<std::string> untrimmed = std::exchange(untrimmed_, {});
  for (const std::string& key : untrimmed) Trim(key);
}

void MemoryDisk::Trim(const std::string& key) {
  const auto entry = keys_.find(key);
  if (entry == keys_.end()) return;
  Versions& versions = entry->second;
  if (snapshots_.empty()) {
    versions.erase(versions.begin(), versions.end() - 1);
    if (!versions.back().value) keys_.erase(entry);
  } else {
    untrimmed_.insert(key);
  }
}

}  // namespace alcove::store
