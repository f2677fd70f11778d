#include "store/remembering_disk.h"

#include <utility>

#include "store/status_macros.h"

namespace alcove::store {
namespace {

// Longer ones are files and drafts of which few are read twice.
constexpr size_t kLongValueBytes = 4096;

// Of a SharedValue or a std::optional<std::string>.
template <class Value>
bool IsLong(const Value& value) {
  return value && value->size() > kLongValueBytes;
}

}  // namespace

class RememberingDisk::View final : public Reader {
 public:
  View(RememberingDisk& disk, uint64_t moment, std::unique_ptr<Reader> snapshot)
      : disk_(disk), moment_(moment), snapshot_(std::move(snapshot)) {}

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) override {
    return disk_.GetFrom(*snapshot_, key, moment_);
  }
  absl::StatusOr<std::vector<Entry>> Scan(const Range& range, const ScanOptions& options) override {
    return snapshot_->Scan(range, options);
  }

 private:
  RememberingDisk& disk_;
  // Read before the snapshot was taken, which may see more.
  const uint64_t moment_;
  const std::unique_ptr<Reader> snapshot_;
};

RememberingDisk::RememberingDisk(std::unique_ptr<Disk> disk, Room room, IsNews is_news)
    : disk_(std::move(disk)), is_news_(is_news), news_(room.news), others_(room.others) {}

RememberingDisk::~RememberingDisk() = default;

absl::StatusOr<std::optional<std::string>> RememberingDisk::Get(std::string_view key) {
  return GetFrom(*disk_, key, written_.load());
}

template <class Source>
absl::StatusOr<std::optional<std::string>> RememberingDisk::GetFrom(Source& source, std::string_view key,
                                                                    uint64_t moment) {
  if (const auto known = Find(key, moment)) return known->Copy();
  ASSIGN_OR_RETURN(auto value, source.Get(key));
  Keep(key, value, moment);
  return value;
}

absl::StatusOr<std::unique_ptr<Reader>> RememberingDisk::Snapshot() {
  const uint64_t moment = written_.load();
  ASSIGN_OR_RETURN(auto snapshot, disk_->Snapshot());
  return std::make_unique<View>(*this, moment, std::move(snapshot));
}

std::unique_ptr<Reader> RememberingDisk::SnapshotAtOnce() {
  const uint64_t moment = written_.load();
  auto snapshot = disk_->SnapshotAtOnce();
  if (snapshot == nullptr) return nullptr;
  return std::make_unique<View>(*this, moment, std::move(snapshot));
}

absl::Status RememberingDisk::Write(const std::vector<Change>& changes) {
  struct Kind {
    size_t hash;
    bool is_news;
  };
  Marks keys;
  std::vector<Kind> kinds;
  kinds.reserve(changes.size());
  for (const Change& change : changes) {
    kinds.push_back({RememberedValues::Hash()(change.key), is_news_(change.key)});
    keys.set(Mark(kinds.back().hash));
  }
  {
    const MutexLock lock(mutex_);
    under_way_ = keys;
  }
  absl::Status status = disk_->Write(changes);
  // Outlive the lock.
  RememberedValues::Values gone_news, gone_others;
  const MutexLock lock(mutex_);
  under_way_.reset();
  if (!status.ok()) {
    trusted_ = false;
    Forget();
    return status;
  }
  const uint64_t written = written_.fetch_add(1) + 1;
  for (size_t i = 0; i < changes.size(); ++i) {
    const Change& change = changes[i];
    RememberedValues& values = Of(kinds[i].is_news);
    Value* const known = values.Find(change.key, kinds[i].hash);
    // What else nobody has read may never be.
    const bool is_wanted = known != nullptr || (trusted_ && kinds[i].is_news && change.value);
    if (is_wanted && !IsLong(change.value)) {
      values.Put(change.key, known, {change.value, written});
    } else if (known != nullptr) {
      values.Erase(change.key, *known);
    }
  }
  gone_news = news_.Age();
  gone_others = others_.Age();
  return status;
}

absl::Status RememberingDisk::Reopen() {
  {
    const MutexLock lock(mutex_);
    trusted_ = false;
    Forget();
  }
  absl::Status status = disk_->Reopen();
  const MutexLock lock(mutex_);
  // Who has read before keeps nothing of it.
  written_.fetch_add(1);
  trusted_ = status.ok();
  return status;
}

std::optional<SharedValue> RememberingDisk::Find(std::string_view key, uint64_t moment) {
  const size_t hash = RememberedValues::Hash()(key);
  const bool is_news = is_news_(key);
  const MutexLock lock(mutex_);
  if (under_way_.test(Mark(hash))) return std::nullopt;
  const Value* const value = Of(is_news).Find(key, hash);
  if (value == nullptr || value->since > moment) return std::nullopt;
  return value->text;
}

void RememberingDisk::Keep(std::string_view key, const std::optional<std::string>& text, uint64_t moment) {
  if (IsLong(text)) return;
  SharedValue shared = text ? SharedValue(*text) : SharedValue();
  const size_t hash = RememberedValues::Hash()(key);
  const bool is_news = is_news_(key);
  RememberedValues::Values gone;  // outlives the lock
  const MutexLock lock(mutex_);
  RememberedValues& values = Of(is_news);
  if (!trusted_ || moment != written_.load() || values.Find(key, hash) != nullptr) return;
  // Of what is under way nobody is told, and its write replaces it.
  values.Put(key, nullptr, {std::move(shared), moment});
  gone = values.Age();
}

void RememberingDisk::Forget() {
  news_.Clear();
  others_.Clear();
}

}  // namespace alcove::store
