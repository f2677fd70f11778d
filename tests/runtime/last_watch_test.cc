// The end of a process that does not come by itself.
#include "runtime/last_watch.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <thread>

namespace alcove::runtime {
namespace {

sigset_t BlockedSigterm() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

[[noreturn]] void HangWith(std::chrono::milliseconds patience, bool told) {
  const LastWatch watch(BlockedSigterm(), patience);
  if (told) kill(getpid(), SIGTERM);
  while (true) std::this_thread::sleep_for(std::chrono::hours(1));
}

TEST(LastWatchDeathTest, EndsWhatHangs) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(HangWith(std::chrono::milliseconds(1), false), testing::ExitedWithCode(1), "did not end in time");
  EXPECT_EXIT(HangWith(LastWatch::kPatience, true), testing::ExitedWithCode(1), "told twice");
}

TEST(LastWatchDeathTest, LeavesAloneWhatEnds) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        {
          const LastWatch watch(BlockedSigterm());
        }
        std::_Exit(7);
      },
      testing::ExitedWithCode(7), "^$");
}

}  // namespace
}  // namespace alcove::runtime
