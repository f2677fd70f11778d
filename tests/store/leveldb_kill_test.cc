// SIGKILL under load, again and again on one folder.
#include <gtest/gtest.h>

#include <filesystem>
#include <random>
#include <set>
#include <string>

#include "store/leveldb_store.h"
#include "tests/store/killed.h"
#include "tests/store/seed.h"
#include "tests/store/store_contract.h"
#include "tests/store/temporary_folder.h"

namespace alcove::store {
namespace {

TEST(LevelDbKill, EveryAcknowledgedWriteIsThereAndWhole) {
  SCOPED_TRACE(Replay());
  std::mt19937_64 rng(Seed());
  const std::string folder = MakeTemporaryFolder();
  std::set<std::string> acknowledged;
  for (int round = 0; round < 8 && !testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE(round);
    acknowledged.merge(AcknowledgedBy({ALCOVE_STORE_WRITER, folder, round, 1 + rng() % 400}));
    auto store = OpenLevelDbStore(folder);
    ASSERT_TRUE(store.ok()) << store.status();
    const Map all = ReadAll(**store);
    for (const std::string& key : acknowledged) EXPECT_TRUE(all.contains(key)) << key;
    // The count and the keys were written together, or neither was.
    ASSERT_TRUE(all.contains("t/count"));
    EXPECT_EQ(std::to_string(all.size() - 1), all.at("t/count"));
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace alcove::store
