// Feeds: for each who may see things, a log of pointers to the events that
// they may see, with dense positions from 1.
//
// Threads: free functions; a Reader or Transaction belongs to its body.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "functions/records.h"
#include "functions/wire/ids.h"
#include "store/keys.h"
#include "store/store.h"

namespace alcove::functions {

// When whoever waits for a feed is woken: by keys::LaterTopic(), where they know already.
enum class Telling { kAtOnce, kLater };

// Adds one entry at the next position and signals the feed's topic.
absl::Status AppendToFeed(store::Transaction& transaction, const wire::SiteId& site,
                          const store::keys::FeedOwner& owner, const FeedPointer& pointer, Telling telling);

// The last position, 0 while the feed is empty.
absl::StatusOr<int64_t> FeedPosition(store::Reader& reader, const wire::SiteId& site,
                                     const store::keys::FeedOwner& owner);

// The first `limit` entries behind `after`, in order. REQUIRES: the feed has as many.
absl::StatusOr<std::vector<FeedPointer>> ReadFeed(store::Reader& reader, const wire::SiteId& site,
                                                  const store::keys::FeedOwner& owner, int64_t after, size_t limit);

}  // namespace alcove::functions
