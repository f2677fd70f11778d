// The latest commits, by key: what the disk may not have yet, and what a
// running transaction must not have missed.
//
// A plain structure: CommitWindow guards it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/disk.h"
#include "store/store.h"

namespace alcove::store {

// What a transaction has seen of the store: if none of it was written since
// its start, it might as well have run at its commit.
struct ReadSet {
  std::vector<std::string> keys;
  std::vector<Range> ranges;
};

class RecentCommits {
 public:
  struct Version {
    uint64_t sequence = 0;
    std::optional<std::string> value;  // nullopt: erased
  };
  using Versions = std::map<std::string, Version, std::less<>>;

  // REQUIRES: sequences grow.
  void Add(uint64_t sequence, const std::vector<Change>& changes);

  // The newest version of the key, or nullptr where no recent commit wrote it.
  const Version* Find(std::string_view key) const;

  // Of the range, in order.
  struct Span {
    Versions::const_iterator begin, end;
  };
  Span In(const Range& range) const;

  // Whether anything of the read set was written after `sequence`.
  bool WrittenSince(uint64_t sequence, const ReadSet& read_set) const;

  // Forgets the commits up to `sequence`.
  void Forget(uint64_t sequence);
  void Clear();

  // Of keys and values held, with a guess at what each entry costs beside.
  size_t bytes() const { return bytes_; }

 private:
  struct Commit {
    uint64_t sequence;
    std::vector<Versions::iterator> written;
  };
  Versions versions_;
  std::deque<Commit> commits_;  // oldest first
  size_t bytes_ = 0;
};

}  // namespace alcove::store
