// What is new for a caller since a cursor: one reading of the store.
//
// A customer reads their own feed. An agent reads their own and the queue's;
// what is in both is told once, and each conversation's events come in order.
//
// Threads: free functions; a Reader belongs to its body.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "functions/access.h"
#include "functions/context.h"
#include "functions/cursor.h"
#include "functions/function.h"
#include "functions/wire/describe.h"
#include "store/store.h"

namespace alcove::functions {

struct News {
  std::vector<wire::RawJson> events;
  std::vector<wire::RawJson> signals;
  size_t summaries = 0;              // of them: those of the conversations of the events
  Cursor cursor;                     // behind all of it
  bool more = false;                 // the answer is full, there is more to tell
  std::vector<std::string> topics;   // that tell of anything newer
  bool told_by_topics = true;        // and no run would find more than they tell of
  std::optional<AgentAccess> agent;  // who asked, of the two sides
  std::optional<CustomerAccess> customer;

  bool empty() const { return events.empty() && signals.empty(); }
};

// Whether a poll that finds nothing may wait. Customers far back in the queue
// are told their place, and agents of large teams of each other, only when it
// may not or when there is something else to tell.
enum class Holding { kMayWait, kMustAnswer };

// UNAUTHENTICATED as AccessCustomer() and AccessAgent(); 410 resync where the
// cursor is ahead of a feed: the store has been set back.
absl::StatusOr<News> ReadNews(store::Reader& reader, const Request& request, const Cursor& cursor, Holding holding,
                              Context& context);

}  // namespace alcove::functions
