#include "runtime/follow_up.h"

#include <algorithm>
#include <utility>

#include "runtime/canonical.h"

namespace alcove::runtime {

FollowUp::FollowUp(std::string request, size_t cursor_begin, size_t cursor_size, functions::Next next, uint64_t since)
    : request_(std::move(request)),
      cursor_begin_(cursor_begin),
      cursor_size_(cursor_size),
      next_(std::move(next)),
      since_(since) {}

std::unique_ptr<FollowUp> FollowUp::Of(std::string request, functions::Next next, uint64_t since) {
  constexpr std::string_view kName = "cursor=";
  if (request.size() > kKeptBytes) return nullptr;
  const std::string_view line = LineOfCanonical(request);
  const size_t query = line.find('?');
  // find_first_of() would make a call for each byte.
  if (query == line.npos || line.find('%') != line.npos || line.find('+') != line.npos) return nullptr;
  const size_t name = line.find(kName, query);
  // Of several the first counts; one whose name only ends so is another.
  if (name == line.npos || (line[name - 1] != '?' && line[name - 1] != '&')) return nullptr;
  const size_t begin = name + kName.size();
  const size_t end = std::min(line.find('&', begin), line.find(' ', begin));
  if (end == line.npos) return nullptr;
  return std::unique_ptr<FollowUp>(new FollowUp(std::move(request), begin, end - begin, std::move(next), since));
}

bool FollowUp::Is(std::string_view request) const {
  const std::string_view before = request_;
  const std::string& cursor = next_.cursor;
  if (request.size() != before.size() - cursor_size_ + cursor.size()) return false;
  return request.substr(0, cursor_begin_) == before.substr(0, cursor_begin_) &&
         request.substr(cursor_begin_, cursor.size()) == cursor &&
         request.substr(cursor_begin_ + cursor.size()) == before.substr(cursor_begin_ + cursor_size_);
}

size_t FollowUp::bytes() const {
  size_t bytes = sizeof(*this) + request_.size() + next_.cursor.size();
  for (const std::string& topic : next_.topics) bytes += sizeof(topic) + topic.size();
  return bytes;
}

}  // namespace alcove::runtime
