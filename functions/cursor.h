// Cursors: how far a client has read, opaque to it.
//
// A cursor is no authority: it names positions, and access is checked anew
// with each poll.
//
// Threads: plain values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "functions/context.h"

namespace alcove::functions {

enum class Side { kCustomer, kAgent };

struct Cursor {
  Side side = Side::kCustomer;
  std::string epoch;  // of the store that gave it
  int64_t own = 0;    // position in the caller's own feed
  // Of an agent: the position in the queue's feed. Of a customer: how many had
  // left the queue when they were last told their place.
  int64_t queue = 0;
  std::string incarnation;  // of the ephemera
  uint64_t version = 0;     // the newest ephemera already told, in that incarnation
  int64_t revision = 0;     // of an agent: of what administration made (SiteRecord)
};

// Letters, digits, `-` and `_`.
std::string EncodeCursor(const Cursor& cursor);

// 400 bad_cursor where it is none of this side's; 410 resync where it is of
// another store, or of another version of cursors: a server that was replaced. Positions may still be ahead of the
// feed: the poll looks.
absl::StatusOr<Cursor> ParseCursor(std::string_view text, Side side, Context& context);

// The version of the ephemera from which on the cursor wants to be told; 0 for
// all where they are of another process.
uint64_t EphemeraAfter(const Cursor& cursor, Context& context);

}  // namespace alcove::functions
