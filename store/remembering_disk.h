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
// Each value is remembered with the write since which it stands, and only tells
// a reader of that state or a later one. While a write is under way nobody knows
// which side of it a snapshot is on, so of what it changes nobody is told. After
// a failed write nothing is remembered, until the disk was opened anew.
#pragma once

#include <atomic>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "store/disk.h"
#include "store/mutex.h"

namespace alcove::store {

class RememberingDisk final : public Disk {
 public:
  // Whether a key will be read as soon as it is written. Called by the thread that writes.
  using IsNews = bool (*)(std::string_view key);

  // Remembers up to `bytes_max`, of which each entry's own cost is a part: what was read, and news.
  RememberingDisk(std::unique_ptr<Disk> disk, size_t bytes_max, IsNews is_news);
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
  struct Value {
    SharedValue text;  // erased: there is none
    uint64_t since;    // the write after which it is so
  };
  // Debian's absl::string_view is not the standard's.
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view key) const { return std::hash<std::string_view>()(key); }
  };
  using Values = absl::flat_hash_map<std::string, Value, Hash, std::equal_to<>>;
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

  // The value of the key, whose hash this is, now among the recent ones, or nullptr.
  Value* Recent(std::string_view key, size_t hash) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Where there are too many recent ones they become the older, and those that
  // were are returned, to be freed without the lock.
  Values Age() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Forget() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::unique_ptr<Disk> disk_;
  const size_t bytes_max_;
  const IsNews is_news_;
  // Writes that have ended. Grows under mutex_.
  std::atomic<uint64_t> written_{0};

  Mutex mutex_;
  // Two ages: what is asked for moves to the recent ones, and the older go all at once. In the order in which each
  // was asked for, every look would touch its neighbours, too.
  Values recent_ ABSL_GUARDED_BY(mutex_);
  Values older_ ABSL_GUARDED_BY(mutex_);
  size_t recent_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  Marks under_way_ ABSL_GUARDED_BY(mutex_);  // the keys of the write that is
  bool trusted_ ABSL_GUARDED_BY(mutex_) = true;
};

}  // namespace alcove::store
