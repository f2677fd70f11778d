#include "store/optimistic_transaction.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "functions/wire/limits.h"
#include "store/sizes.h"
#include "store/status_macros.h"

namespace alcove::store {
namespace {

// A scan that found erased entries goes on in steps of at least this many, so
// that a long row of them is not one look at the disk each.
constexpr size_t kScanStepMin = 64;

// Keys of a range that are looked up at a time to be erased. Their values come
// with them, so that more would cost memory and not save much.
constexpr size_t kEraseStep = 256;

// The least key above `key`.
std::string After(std::string_view key) { return std::string(key) + '\0'; }

// Cuts a piece off the front of `rest` (in the direction): up to the last of
// `entries`, or all of it where `entries` has everything.
Range Piece(Range& rest, const std::vector<Entry>& entries, bool everything, Direction direction) {
  Range piece = rest;
  if (everything) {
    rest.begin = rest.end;
  } else if (direction == Direction::kForward) {
    piece.end = rest.begin = After(entries.back().key);
  } else {
    piece.begin = rest.end = entries.back().key;
  }
  return piece;
}

}  // namespace

absl::Status OptimisticTransaction::Outdated() {
  outdated_ = true;
  return absl::AbortedError("the transaction's view is outdated");
}

absl::Status OptimisticTransaction::CheckTime() const {
  if (std::chrono::steady_clock::now() <= deadline_) return absl::OkStatus();
  return absl::DeadlineExceededError("the body of a transaction took too long");
}

absl::StatusOr<std::optional<std::string>> OptimisticTransaction::Get(std::string_view key) {
  RETURN_IF_ERROR(CheckKey(key));
  RETURN_IF_ERROR(CheckTime());
  if (const auto own = changes_.find(key); own != changes_.end()) return own->second.value.Copy();

  CommitWindow::Sight sight = window_.Look(start_, key);
  if (sight.kind == CommitWindow::Sight::kNothing) {
    ASSIGN_OR_RETURN(std::optional<std::string> value, GetFromDisk(key));
    // It may have been committed meanwhile, and be on the disk already; but not in a snapshot, which is older than
    // the first look.
    if (snapshot_ == nullptr) sight = window_.Look(start_, key);
    if (sight.kind == CommitWindow::Sight::kNothing) {
      read_set_.keys.emplace_back(key);
      return value;
    }
  }
  if (sight.kind == CommitWindow::Sight::kOutdated) return Outdated();
  rests_on_ = std::max(rests_on_, sight.sequence);
  read_set_.keys.emplace_back(key);
  return sight.value.Copy();
}

absl::StatusOr<std::vector<Entry>> OptimisticTransaction::Scan(const Range& range, const ScanOptions& options) {
  RETURN_IF_ERROR(CheckScan(options));
  RETURN_IF_ERROR(CheckTime());
  std::vector<Entry> found;
  Range rest = range;
  size_t step = options.limit;
  while (rest.begin < rest.end && found.size() < options.limit) {
    ASSIGN_OR_RETURN(std::vector<Entry> from_disk, ScanDisk(rest, {options.direction, step}));
    const bool everything = from_disk.size() < step;
    const Range piece = Piece(rest, from_disk, everything, options.direction);
    ASSIGN_OR_RETURN(std::vector<Entry> entries, Overlay(piece, std::move(from_disk), options.direction));
    std::move(entries.begin(), entries.end(), std::back_inserter(found));
    step =
        std::min(std::max(options.limit - std::min(found.size(), options.limit), kScanStepMin), wire::kScanEntriesMax);
  }

  // Only what the answer says was seen: a key behind the limit may change.
  Range seen = range;
  if (found.size() >= options.limit) {
    found.resize(options.limit);
    if (options.direction == Direction::kForward) {
      seen.end = After(found.back().key);
    } else {
      seen.begin = found.back().key;
    }
  }
  if (seen.begin < seen.end) read_set_.ranges.push_back(std::move(seen));
  return found;
}

absl::StatusOr<std::vector<Entry>> OptimisticTransaction::Overlay(const Range& piece, std::vector<Entry> from_disk,
                                                                  Direction direction) {
  // After the disk was read: what was committed during that is seen here.
  const auto recent = window_.Look(start_, piece);
  if (!recent) return Outdated();
  const auto own_begin = changes_.lower_bound(piece.begin);
  const auto own_end = changes_.lower_bound(piece.end);
  if (recent->empty() && own_begin == own_end) return from_disk;

  std::map<std::string, SharedValue> merged;
  for (Entry& entry : from_disk) merged.insert_or_assign(std::move(entry.key), std::move(entry.value));
  for (const auto& [key, version] : *recent) {
    rests_on_ = std::max(rests_on_, version.sequence);
    merged.insert_or_assign(key, version.value);
  }
  for (auto own = own_begin; own != own_end; ++own) merged.insert_or_assign(own->first, own->second.value);

  std::vector<Entry> entries;
  for (const auto& [key, value] : merged) {
    if (value) entries.push_back({key, *value});
  }
  if (direction == Direction::kBackward) std::reverse(entries.begin(), entries.end());
  return entries;
}

void OptimisticTransaction::Put(std::string_view key, std::string_view value) { Set(key, value); }

void OptimisticTransaction::Erase(std::string_view key) { Set(key, std::nullopt); }

void OptimisticTransaction::EraseRange(const Range& range) {
  Range rest = range;
  while (error_.ok() && rest.begin < rest.end) {
    const auto entries = Scan(rest, {.limit = kEraseStep});
    if (!entries.ok()) {
      // An outdated view is run again, whatever is remembered here.
      error_ = entries.status();
      return;
    }
    for (const Entry& entry : *entries) Erase(entry.key);
    if (entries->size() < kEraseStep) return;
    rest.begin = After(entries->back().key);
  }
}

void OptimisticTransaction::Set(std::string_view key, std::optional<std::string_view> value) {
  if (!error_.ok()) return;
  if (error_ = CheckKey(key); !error_.ok()) return;
  if (value && value->size() > wire::kValueBytesMax) {
    error_ = absl::InvalidArgumentError("a value is too long");
    return;
  }
  const auto [change, fresh] = changes_.try_emplace(std::string(key));
  if (fresh) bytes_ += key.size();
  SharedValue& kept = change->second.value;
  if (kept) bytes_ -= kept->size();
  if (value) bytes_ += value->size();
  if (bytes_ > wire::kTransactionBytesMax) {
    error_ = absl::InvalidArgumentError("a transaction writes too much");
    return;
  }
  kept = value ? SharedValue(*value) : SharedValue();
}

void OptimisticTransaction::Signal(std::string_view topic) {
  if (!error_.ok()) return;
  if (error_ = CheckKey(topic); !error_.ok()) return;
  if (!topics_.emplace(topic).second) return;
  bytes_ += topic.size();
  if (bytes_ > wire::kTransactionBytesMax) error_ = absl::InvalidArgumentError("a transaction writes too much");
}

RecentCommits::Nodes OptimisticTransaction::TakeChanges() {
  RecentCommits::Nodes taken;
  taken.reserve(changes_.size());
  while (!changes_.empty()) taken.push_back(changes_.extract(changes_.begin()));
  return taken;
}

std::vector<std::string> OptimisticTransaction::TakeTopics() {
  std::vector<std::string> taken(topics_.begin(), topics_.end());
  topics_.clear();
  return taken;
}

}  // namespace alcove::store
