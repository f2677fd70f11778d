#include "functions/feed.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "store/memory_store.h"

namespace alcove::functions {
namespace {

namespace keys = store::keys;

// However many are asked for, they are the next ones behind the position, in order.
TEST(Feed, IsReadInPartsOfAnyLength) {
  constexpr int64_t kEntries = 5;
  const wire::SiteId site("sit_demo");
  const keys::FeedOwner owner = keys::FeedOwner::QueueOf(site);
  const std::unique_ptr<store::Store> store = store::MakeMemoryStore();
  for (int64_t seq = 1; seq <= kEntries; ++seq) {
    const absl::Status appended = store->Transact(
        [&](store::Transaction& txn) { return AppendToFeed(txn, site, owner, {"cnv_1", seq}, Telling::kAtOnce); });
    ASSERT_TRUE(appended.ok()) << appended;
  }
  for (int64_t after = 0; after < kEntries; ++after) {
    for (int64_t limit = 1; after + limit <= kEntries; ++limit) {
      SCOPED_TRACE(testing::Message() << limit << " behind " << after);
      const auto read = store->Read(
          [&](store::Reader& reader) { return ReadFeed(reader, site, owner, after, static_cast<size_t>(limit)); });
      ASSERT_TRUE(read.ok()) << read.status();
      ASSERT_EQ(read->size(), static_cast<size_t>(limit));
      for (int64_t i = 0; i < limit; ++i) EXPECT_EQ((*read)[static_cast<size_t>(i)].seq, after + i + 1);
    }
  }
}

}  // namespace
}  // namespace alcove::functions
