// One run of a transaction's body: reads through its own writes, the recent
// commits and the disk, and remembers what it saw.
//
// Every read is of the state at the start, or says ABORTED: a body never acts
// on a mixture of two states, not even in a run that will not count.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/commit_window.h"
#include "store/disk.h"
#include "store/store.h"

namespace alcove::store {

class OptimisticTransaction final : public Transaction {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  // Both must live longer. What the disk has it reads there, or of a `snapshot`. REQUIRES: that was taken after the
  // start.
  OptimisticTransaction(CommitWindow& window, Disk& disk, const CommitWindow::Start& start, Deadline deadline,
                        std::unique_ptr<Reader> snapshot = nullptr)
      : window_(window), disk_(disk), start_(start), deadline_(deadline), snapshot_(std::move(snapshot)) {
    read_set_.keys.reserve(kUsualReads);
  }

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) override;
  absl::StatusOr<std::vector<Entry>> Scan(const Range& range, const ScanOptions& options) override;
  void Put(std::string_view key, std::string_view value) override;
  void Erase(std::string_view key) override;
  void EraseRange(const Range& range) override;
  void Signal(std::string_view topic) override;

  // A read was refused: the run does not count, whatever the body returned.
  bool outdated() const { return outdated_; }
  // What keeps it from being committed: the first bad size of a write, an erased
  // range that could not be read, or that it took too long. Else OK.
  absl::Status error() const { return error_.ok() ? CheckTime() : error_; }
  // The newest recent commit that was seen: the result rests on it.
  uint64_t rests_on() const { return rests_on_; }
  const ReadSet& read_set() const { return read_set_; }
  bool writes() const { return !changes_.empty() || !topics_.empty(); }

  // Leave the transaction empty.
  RecentCommits::Nodes TakeChanges();
  std::vector<std::string> TakeTopics();

 private:
  // Of a message, for which there would be room made four times.
  static constexpr size_t kUsualReads = 8;

  // As the recent commits hold them, which take them over. Their sequence is not yet known.
  using Changes = RecentCommits::Versions;

  absl::Status Outdated();
  absl::Status CheckTime() const;
  void Set(std::string_view key, std::optional<std::string_view> value);
  absl::StatusOr<std::optional<std::string>> GetFromDisk(std::string_view key) {
    return snapshot_ != nullptr ? snapshot_->Get(key) : disk_.Get(key);
  }
  absl::StatusOr<std::vector<Entry>> ScanDisk(const Range& range, const ScanOptions& options) {
    return snapshot_ != nullptr ? snapshot_->Scan(range, options) : disk_.Scan(range, options);
  }
  // The entries of a piece of a range, with what was written since over what the disk said.
  absl::StatusOr<std::vector<Entry>> Overlay(const Range& piece, std::vector<Entry> from_disk, Direction direction);

  CommitWindow& window_;
  Disk& disk_;
  const CommitWindow::Start start_;
  const Deadline deadline_;
  const std::unique_ptr<Reader> snapshot_;
  Changes changes_;
  std::set<std::string, std::less<>> topics_;
  size_t bytes_ = 0;  // of changes_ and topics_
  absl::Status error_;
  ReadSet read_set_;
  uint64_t rests_on_ = 0;
  bool outdated_ = false;
};

}  // namespace alcove::store
