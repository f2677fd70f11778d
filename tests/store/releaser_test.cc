// Everyone is told once, whoever tells them.
#include "store/releaser.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace alcove::store {
namespace {

struct Told {
  // So many fates, each of which notes who has decided it.
  std::vector<FatePtr> Make(int count) {
    std::vector<FatePtr> fates;
    for (int i = 0; i < count; ++i) {
      fates.push_back(std::make_shared<Fate>());
      fates.back()->WhenDecided([this](const absl::Status& status) {
        EXPECT_TRUE(status.ok());
        if (std::this_thread::get_id() == main) ++here;
        ++all;
      });
    }
    return fates;
  }
  const std::thread::id main = std::this_thread::get_id();
  std::atomic<int> all = 0, here = 0;
};

TEST(ReleaserTest, TellsAFewAtOnceAndManyFromAThreadOfItsOwn) {
  Told told;
  std::optional<Releaser> releaser(std::in_place);
  releaser->Release(told.Make(1));
  EXPECT_EQ(told.here, 1);
  releaser->Release(told.Make(64));
  releaser->Release(told.Make(64));
  releaser.reset();
  EXPECT_EQ(told.all, 129) << "it ends when all were told";
  EXPECT_EQ(told.here, 1) << "who commits was held up";
}

}  // namespace
}  // namespace alcove::store
