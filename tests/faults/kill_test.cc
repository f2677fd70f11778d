// SIGKILL at random moments while people talk, again and again on one folder.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <random>
#include <set>
#include <string>

#include "store/leveldb_store.h"
#include "tests/faults/talk.h"
#include "tests/store/killed.h"
#include "tests/store/seed.h"
#include "tests/store/temporary_folder.h"

namespace alcove::functions {
namespace {

TEST(Kill, EveryAcknowledgedMessageIsThereOnce) {
  SCOPED_TRACE(store::Replay());
  std::mt19937_64 rng(store::Seed());
  const std::string folder = store::MakeTemporaryFolder();
  std::set<std::string> acknowledged;
  for (int round = 1; round <= 5 && !testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE(round);
    acknowledged.merge(
        store::AcknowledgedBy({ALCOVE_TALKER, folder, round, 1 + rng() % 300, static_cast<useconds_t>(rng() % 5000)}));
    auto store = store::OpenLevelDbStore(folder);
    ASSERT_TRUE(store.ok()) << store.status();
    ExpectWhole(**store, acknowledged);
  }
  EXPECT_GT(acknowledged.size(), 5U);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace alcove::functions
