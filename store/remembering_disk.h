// A Disk that remembers values which were read a short while ago, what was
// written in their place since, and news. That there was none is remembered, too.
//
// Nearly all that is read is: the session, the head of the feed and the event
// that was just written, by each poll that it wakes. LevelDB looks into its log
// and one table after another for it, which was an eighth of what a message
// cost; here it is one look into a hash table. What is only written, as half of
// a message is, costs nothing here. Above all LevelDB takes each look for a key
// that it does not find in the first table as a sign that its tables lie badly,
// and rewrites tables after about a hundred of them (docs/OPERATING.md).
//
// News are many, and read once or twice, at once: they have room of their own, or they would crowd out all else.
//
// Each value is remembered with the write since which it stands, and only tells
// a reader of that state or a later one. While a write is under way nobody knows
// which side of it a snapshot is on, so of what it changes nobody is told. After
// a failed write nothing is remembered, until the disk was opened anew.
#pragma once

#include <atomic>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "store/disk.h"
#include "store/mutex.h"
#include "store/remembered_values.h"

namespace alcove::store {

class RememberingDisk final : public Disk {
 public:
  // Whether a key will be read as soon as it is written. Called by any thread.
  using IsNews = bool (*)(std::string_view key);

  // In bytes, of which each value's own cost is a part.
  struct Room {
    size_t news;
    size_t others;
  };

  RememberingDisk(std::unique_ptr<Disk> disk, Room room, IsNews is_news);
  ~RememberingDisk() override;

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) override;
  absl::StatusOr<std::vector<Entry>> Scan(const Range& range, const ScanOptions& options) override {
    return disk_->Scan(range, options);
  }
  absl::StatusOr<std::unique_ptr<Reader>> Snapshot() override;
  std::unique_ptr<Reader> SnapshotAtOnce() override;
  absl::Status Write(const std::vector<Change>& changes) override;
  absl::Status Reopen() override;

 private:
  class View;
  using Value = RememberedValues::Value;  // since the write after which it is so
  // A set of keys that also says yes of some that are not in it.
  using Marks = std::bitset<16384>;

  static size_t Mark(size_t hash) { return hash % Marks().size(); }

  // What is remembered of the state after the write `moment`, or what `source`, the disk or a snapshot of it, has.
  template <class Source>
  absl::StatusOr<std::optional<std::string>> GetFrom(Source& source, std::string_view key, uint64_t moment);
  // Of the state after the write `moment`; nullopt: ask the disk.
  std::optional<SharedValue> Find(std::string_view key, uint64_t moment);
  // The disk has it so after that write. Does nothing where that is over.
  void Keep(std::string_view key, const std::optional<std::string>& text, uint64_t moment);

  RememberedValues& Of(bool is_news) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return is_news ? news_ : others_; }
  void Forget() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::unique_ptr<Disk> disk_;
  const IsNews is_news_;
  // Writes that have ended. Grows under mutex_.
  std::atomic<uint64_t> written_{0};

  Mutex mutex_;
  RememberedValues news_ ABSL_GUARDED_BY(mutex_);
  RememberedValues others_ ABSL_GUARDED_BY(mutex_);
  Marks under_way_ ABSL_GUARDED_BY(mutex_);  // the keys of the write that is
  bool trusted_ ABSL_GUARDED_BY(mutex_) = true;
};

}  // namespace alcove::store
