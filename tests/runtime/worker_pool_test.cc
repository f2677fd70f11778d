#include "runtime/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"

namespace alcove::runtime {
namespace {

using functions::Wake;
using functions::Work;

class WorkerPoolTest : public testing::Test {
 protected:
  std::unique_ptr<Exchange> Make(std::string name, Work work, Wake wake = Wake::kArrived) {
    auto exchange = std::make_unique<Exchange>(ExchangeKey{}, mailbox_, hub_, superseder_);
    exchange->request = std::move(name);
    exchange->work = work;
    exchange->wake = wake;
    return exchange;
  }
  // Begins with one that runs until let_go, so that what is pushed then is all queued before any of it runs.
  std::unique_ptr<WorkerPool> StartBusy(size_t queued_max = wire::kQueuedRequestsMax) {
    auto pool = std::make_unique<WorkerPool>(1, queued_max, 1, [this](std::unique_ptr<Exchange> exchange, WorkerPool&) {
      running = true;
      while (!let_go) std::this_thread::yield();
      ran_ += exchange->request;
    });
    pool->Push(Make("", Work::kPresence, Wake::kSignalled));
    while (!running) std::this_thread::yield();
    return pool;
  }

  std::atomic<bool> running{false};
  std::atomic<bool> let_go{false};
  std::string ran_;  // of the worker, until the pool is gone
  Mailbox mailbox_;
  Hub hub_;
  Superseder superseder_;
};

TEST_F(WorkerPoolTest, RunsWhatIsSentBeforeWhatIsAsked) {
  auto pool = StartBusy();
  for (int i = 0; i < 3; ++i) {
    pool->Push(Make("replay ", Work::kSend, Wake::kSignalled));
    pool->Push(Make("poll ", Work::kPoll));
    pool->Push(Make("history ", Work::kHistory));
  }
  pool->Push(Make("SIGN-IN ", Work::kSession));
  pool->Push(Make("START ", Work::kConversation));
  pool->Push(Make("SEND ", Work::kSend));
  let_go = true;
  pool.reset();
  EXPECT_EQ(ran_, "SIGN-IN START SEND replay poll history replay poll history replay poll history ");
}

TEST_F(WorkerPoolTest, GivesATurnToOthersWhileSomebodySends) {
  auto pool = StartBusy();  // which took the first turn
  pool->Push(Make("o", Work::kPoll, Wake::kSignalled));
  pool->Push(Make("o", Work::kPoll, Wake::kSignalled));
  for (size_t i = 0; i < 3 * wire::kTurnsForSends; ++i) pool->Push(Make("s", Work::kSend));
  let_go = true;
  pool.reset();
  const std::string sends(wire::kTurnsForSends - 1, 's');
  EXPECT_EQ(ran_.substr(0, 2 * wire::kTurnsForSends - 1), sends.substr(1) + "o" + sends + "o");
}

TEST_F(WorkerPoolTest, RefusesWhatMattersLeastFirst) {
  constexpr Work kWorks[] = {Work::kPresence, Work::kTyping,  Work::kHistory,      Work::kPage,
                             Work::kPoll,     Work::kSession, Work::kConversation, Work::kSend};
  auto pool = StartBusy(16);  // two a kind
  for (int i = 0; i < 100; ++i) pool->Push(Make("", Work::kPoll, Wake::kSignalled));
  for (size_t queued = 0; queued <= 16; ++queued) {
    for (size_t i = 0; i < std::size(kWorks); ++i) {
      EXPECT_EQ(pool->TakesMore(kWorks[i]), queued < 2 * (i + 1)) << i << " with " << queued << ", replays uncounted";
    }
    pool->Push(Make("", kWorks[queued % std::size(kWorks)]));
  }
  let_go = true;
  while (!pool->TakesMore(Work::kPresence)) std::this_thread::yield();
}

}  // namespace
}  // namespace alcove::runtime
