// A poll that is the next of one that was just answered, on the same connection:
// what it would wait for is known (functions::Next), so it is parked without
// being run. Most polls are, as a client asks again at once.
//
// Only one that says what the one before it has said, but for the cursor, which is
// the one that it was answered with; it is admitted as any other. Where one of its
// topics was signalled meanwhile the hub does not park it, and it is run.
//
// Threads: the reactor's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "functions/function.h"

namespace alcove::runtime {

class FollowUp {
 public:
  // Requests up to this long are kept. A usual poll has 300 to 600 bytes; double would be kept for nothing more often.
  static constexpr size_t kKeptBytes = 1024;

  // Of a request (canonical.h) that was answered with `next`, by what was read behind the hub's number `since`. Null
  // where it is longer than kKeptBytes, names no cursor, or has anything in its line that is not written as it is
  // meant.
  static std::unique_ptr<FollowUp> Of(std::string request, functions::Next next, uint64_t since);

  // Whether a request is the one that was expected.
  bool Is(std::string_view request) const;

  functions::Next& next() { return next_; }
  uint64_t since() const { return since_; }
  // What it holds, about.
  size_t bytes() const;

 private:
  FollowUp(std::string request, size_t cursor_begin, size_t cursor_size, functions::Next next, uint64_t since);

  const std::string request_;  // the one before
  const size_t cursor_begin_;
  const size_t cursor_size_;
  functions::Next next_;
  const uint64_t since_;
};

}  // namespace alcove::runtime
