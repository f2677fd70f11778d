#include "functions/feed.h"

#include <utility>

#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

absl::Status AppendToFeed(store::Transaction& transaction, const wire::SiteId& site, const keys::FeedOwner& owner,
                          const FeedPointer& pointer, Telling telling) {
  const std::string head_key = keys::FeedHead(site, owner);
  ASSIGN_OR_RETURN(FeedHeadRecord head, LoadOrDefault<FeedHeadRecord>(transaction, head_key));
  ++head.position;
  Save(transaction, keys::FeedEntry(site, owner, head.position), pointer);
  Save(transaction, head_key, head);
  const std::string topic = keys::Topic(site, owner);
  transaction.Signal(telling == Telling::kLater ? keys::LaterTopic(topic) : topic);
  return absl::OkStatus();
}

absl::StatusOr<int64_t> FeedPosition(store::Reader& reader, const wire::SiteId& site, const keys::FeedOwner& owner) {
  ASSIGN_OR_RETURN(const FeedHeadRecord head, LoadOrDefault<FeedHeadRecord>(reader, keys::FeedHead(site, owner)));
  return head.position;
}

absl::StatusOr<std::vector<FeedPointer>> ReadFeed(store::Reader& reader, const wire::SiteId& site,
                                                  const keys::FeedOwner& owner, int64_t after, size_t limit) {
  std::vector<FeedPointer> pointers;
  // Nearly every poll is told of one event or two, what was written to the caller and what they wrote, and LevelDB
  // looks a key up in a fifth of what a scan costs.
  if (limit <= 2) {
    std::vector<std::string> wanted;
    for (size_t i = 1; i <= limit; ++i) {
      reader.Expect(wanted.emplace_back(keys::FeedEntry(site, owner, after + static_cast<int64_t>(i))));
    }
    for (const std::string& key : wanted) {
      ASSIGN_OR_RETURN(auto pointer, Find<FeedPointer>(reader, key));
      if (!pointer) break;
      pointers.push_back(*std::move(pointer));
    }
    return pointers;
  }
  ASSIGN_OR_RETURN(const auto entries, reader.Scan(keys::FeedEntries(site, owner, after), {.limit = limit}));
  pointers.reserve(entries.size());
  for (const store::Entry& entry : entries) {
    ASSIGN_OR_RETURN(FeedPointer pointer, DecodeRecord<FeedPointer>(entry.value));
    pointers.push_back(std::move(pointer));
  }
  return pointers;
}

}  // namespace alcove::functions
