#include "store/remembering_disk.h"

#include <limits>
#include <utility>

#include "store/status_macros.h"

namespace alcove::store {
namespace {

constexpr size_t kRememberedValueBytes = 128;  // a node, its place in the table, two strings

// Longer ones are files and drafts of which few are read twice.
constexpr size_t kLongValueBytes = 4096;

// Of a value of which nobody knows: it is being written.
constexpr uint64_t kUnderWay = std::numeric_limits<uint64_t>::max();

size_t Bytes(std::string_view key, std::string_view value) { return kRememberedValueBytes + key.size() + value.size(); }

}  // namespace

class RememberingDisk::View final : public Reader {
 public:
  View(RememberingDisk& disk, uint64_t moment, std::unique_ptr<Reader> snapshot)
      : disk_(disk), moment_(moment), snapshot_(std::move(snapshot)) {}

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) override {
    if (auto value = disk_.Find(key, moment_); value.has_value()) return value;
    ASSIGN_OR_RETURN(auto value, snapshot_->Get(key));
    if (value.has_value()) disk_.Keep(key, *value, moment_);
    return value;
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

RememberingDisk::RememberingDisk(std::unique_ptr<Disk> disk, size_t bytes_max)
    : disk_(std::move(disk)), bytes_max_(bytes_max) {}

RememberingDisk::~RememberingDisk() = default;

absl::StatusOr<std::optional<std::string>> RememberingDisk::Get(std::string_view key) {
  const uint64_t moment = written_.load();
  if (auto value = Find(key, moment); value.has_value()) return value;
  ASSIGN_OR_RETURN(auto value, disk_->Get(key));
  if (value.has_value()) Keep(key, *value, moment);
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
  {
    const MutexLock lock(mutex_);
    writing_ = true;
    for (const Change& change : changes) Set(change.key, {}, kUnderWay);
  }
  absl::Status status = disk_->Write(changes);
  Values gone;
  const MutexLock lock(mutex_);
  writing_ = false;
  if (!status.ok()) {
    trusted_ = false;
    Forget();
    return status;
  }
  const uint64_t written = written_.fetch_add(1) + 1;
  for (const Change& change : changes) {
    if (change.value && change.value->size() <= kLongValueBytes) {
      Set(change.key, *change.value, written);
    } else if (const auto found = recent_.find(change.key); found != recent_.end()) {
      recent_bytes_ -= Bytes(found->first, found->second.text);
      recent_.erase(found);
    }
  }
  gone = Age();
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

std::optional<std::string> RememberingDisk::Find(std::string_view key, uint64_t moment) {
  const MutexLock lock(mutex_);
  const Value* const value = Recent(key);
  if (value == nullptr || value->since > moment) return std::nullopt;
  return value->text;
}

void RememberingDisk::Keep(std::string_view key, const std::string& text, uint64_t moment) {
  if (text.size() > kLongValueBytes) return;
  Values gone;
  const MutexLock lock(mutex_);
  if (!trusted_ || moment != written_.load() || Recent(key) != nullptr) return;
  Set(key, text, moment);
  if (!writing_) gone = Age();
}

RememberingDisk::Value* RememberingDisk::Recent(std::string_view key) {
  if (const auto found = recent_.find(key); found != recent_.end()) return &found->second;
  const auto found = older_.find(key);
  if (found == older_.end()) return nullptr;
  recent_bytes_ += Bytes(found->first, found->second.text);
  return &recent_.insert(older_.extract(found)).position->second;
}

void RememberingDisk::Set(std::string_view key, std::string_view text, uint64_t since) {
  Value* value = Recent(key);
  if (value == nullptr) {
    value = &recent_[std::string(key)];
    recent_bytes_ += Bytes(key, {});
  }
  recent_bytes_ = recent_bytes_ - value->text.size() + text.size();
  value->text = text;
  value->since = since;
}

RememberingDisk::Values RememberingDisk::Age() {
  if (recent_bytes_ <= bytes_max_ / 2) return {};
  recent_bytes_ = 0;
  return std::exchange(older_, std::exchange(recent_, {}));
}

void RememberingDisk::Forget() {
  recent_.clear();
  older_.clear();
  recent_bytes_ = 0;
}

}  // namespace alcove::store
