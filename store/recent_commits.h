// The latest commits, by key: what the disk may not have yet, and what a
// running transaction must not have missed.
//
// A plain structure: CommitWindow guards it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
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
    SharedValue value;
  };
  using Versions = std::map<std::string, Version, std::less<>>;

  // What Add() takes and Forget() leaves: made, and thrown away, where nobody
  // waits for it.
  using Nodes = std::vector<Versions::node_type>;

  // REQUIRES: sequences grow. `nodes` are of different keys; what is left in them is not needed.
  void Add(uint64_t sequence, Nodes& nodes);

  // The newest version of the key, or nullptr where no recent commit wrote it.
  const Version* Find(std::string_view key) const;

  // Of the range, in order.
  struct Span {
    Versions::const_iterator begin, end;
  };
  Span In(const Range& range) const;

  // Whether anything of the read set was written after `sequence`.
  bool WrittenSince(uint64_t sequence, const ReadSet& read_set) const;

  // Forgets the commits up to `sequence`, the oldest first and at most `most` of
  // them, and adds what is left of them to `waste`.
  void Forget(uint64_t sequence, size_t most, Nodes& waste);
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
