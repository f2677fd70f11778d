// Everyone is told once, whoever tells them; threads that wait do not hold up who commits.
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

TEST(ReleaserTest, TellsWhoListensAtOnce) {
  Told told;
  Releaser releaser;
  releaser.Release(told.Make(1));
  releaser.Release(told.Make(64));
  EXPECT_EQ(told.here, 65);
}

TEST(ReleaserTest, WakesManyThreadsFromOneOfItsOwn) {
  constexpr int kThreads = 6;
  std::vector<FatePtr> fates;
  std::vector<std::thread> threads;
  std::atomic<int> woken = 0;
  for (int i = 0; i < kThreads; ++i) {
    fates.push_back(std::make_shared<Fate>());
    threads.emplace_back([&woken, fate = fates.back()] {
      EXPECT_TRUE(fate->Await().ok());
      ++woken;
    });
  }
  for (const FatePtr& fate : fates) {
    while (!fate->IsAwaited()) std::this_thread::yield();
  }
  Told told;
  for (FatePtr& listening : told.Make(3)) fates.push_back(std::move(listening));
  std::optional<Releaser> releaser(std::in_place);
  releaser->Release(std::move(fates));
  EXPECT_EQ(told.here, 3) << "who listens waits for nobody";
  releaser.reset();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(woken, kThreads) << "it ends when all were told";
}

}  // namespace
}  // namespace alcove::store
