#include "store/recent_commits.h"

#include <algorithm>
#include <utility>

namespace alcove::store {
namespace {

constexpr size_t kEntryBytes = 128;  // a node, a version, an iterator

size_t ValueBytes(const SharedValue& value) { return value ? value->size() : 0; }

}  // namespace

void RecentCommits::Add(uint64_t sequence, Nodes& nodes) {
  Commit commit{sequence, {}};
  commit.written.reserve(nodes.size());
  for (Versions::node_type& node : nodes) {
    node.mapped().sequence = sequence;
    const size_t value_bytes = ValueBytes(node.mapped().value);
    auto put = versions_.insert(std::move(node));
    if (put.inserted) {
      bytes_ += kEntryBytes + put.position->first.size();
    } else {
      bytes_ -= ValueBytes(put.position->second.value);
      std::swap(put.position->second, put.node.mapped());
      node = std::move(put.node);
    }
    bytes_ += value_bytes;
    commit.written.push_back(put.position);
  }
  commits_.push_back(std::move(commit));
}

const RecentCommits::Version* RecentCommits::Find(std::string_view key) const {
  const auto entry = versions_.find(key);
  return entry == versions_.end() ? nullptr : &entry->second;
}

RecentCommits::Span RecentCommits::In(const Range& range) const {
  if (range.begin >= range.end) return {versions_.end(), versions_.end()};
  return {versions_.lower_bound(range.begin), versions_.lower_bound(range.end)};
}

bool RecentCommits::WrittenSince(uint64_t sequence, const ReadSet& read_set) const {
  for (const std::string& key : read_set.keys) {
    const Version* version = Find(key);
    if (version != nullptr && version->sequence > sequence) return true;
  }
  for (const Range& range : read_set.ranges) {
    const Span span = In(range);
    if (std::any_of(span.begin, span.end, [&](const auto& entry) { return entry.second.sequence > sequence; })) {
      return true;
    }
  }
  return false;
}

void RecentCommits::Forget(uint64_t sequence, size_t most, Nodes& waste) {
  for (; most > 0 && !commits_.empty() && commits_.front().sequence <= sequence; --most) {
    for (const Versions::iterator entry : commits_.front().written) {
      // A later commit of the same key keeps the entry, and will name it again.
      if (entry->second.sequence != commits_.front().sequence) continue;
      bytes_ -= kEntryBytes + entry->first.size() + ValueBytes(entry->second.value);
      waste.push_back(versions_.extract(entry));
    }
    commits_.pop_front();
  }
}

void RecentCommits::Clear() {
  versions_.clear();
  commits_.clear();
  bytes_ = 0;
}

}  // namespace alcove::store
