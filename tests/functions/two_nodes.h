// Two servers on one store, and what they do with each other's deferred calls.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "functions/defer.h"
#include "functions/deferrables.h"
#include "functions/due.h"
#include "tests/functions/world.h"

namespace alcove::functions {

// A store that several worlds have.
class SharedStore final : public store::Store {
 public:
  explicit SharedStore(std::shared_ptr<store::Store> store) : store_(std::move(store)) {}
  std::string epoch() const override { return store_->epoch(); }
  void Watch(store::Watcher*) override {}

 protected:
  absl::Status TransactStatus(const Body& body) override {
    return store_->Transact([&](store::Transaction& txn) { return body(txn); });
  }
  absl::Status ReadStatus(const std::function<absl::Status(store::Reader&)>& body) override {
    return store_->Read([&](store::Reader& reader) { return body(reader); });
  }

 private:
  const std::shared_ptr<store::Store> store_;
};

struct TurnArguments {
  int64_t number = 0;
};
template <class V>
void Describe(V& visit, TurnArguments& arguments) {
  visit("number", arguments.number);
}
inline constexpr DeferredFunction<TurnArguments> kTurn{"turn"};

// What the calls of one RunOnTwoNodes() have seen of each other.
struct Turns {
  explicit Turns(size_t calls) : running(calls), runs(calls) {}
  std::vector<std::atomic<int>> running;
  std::vector<std::atomic<int>> runs;
  std::atomic<int> together = 0;
};
inline Turns* turns = nullptr;

// Fails every other time, so that calls are claimed more than once.
inline absl::Status TakeTurn(const TurnArguments& arguments, Context&) {
  const auto number = static_cast<size_t>(arguments.number);
  if (turns->running[number].fetch_add(1) != 0) ++turns->together;
  std::this_thread::yield();
  const int run = turns->runs[number].fetch_add(1);
  turns->running[number].fetch_sub(1);
  return run % 2 == 0 ? absl::UnavailableError("once more") : absl::OkStatus();
}

// Has calls run by two nodes with two threads each until none is left: each
// runs exactly twice, as it fails once, and never beside itself.
inline void RunOnTwoNodes(World& a, World& b, size_t calls) {
  Turns seen(calls);
  turns = &seen;
  constexpr Deferrable kTable[] = {Outside<TakeTurn>(kTurn)};
  Context context = a.MakeContext();
  for (size_t i = 0; i < calls; ++i) {
    a.Write([&](store::Transaction& txn) {
      EXPECT_TRUE(Defer(txn, kTurn, {static_cast<int64_t>(i)}, a.clock.Now(), std::to_string(i), context).ok());
    });
  }
  std::atomic<size_t> done = 0;
  std::atomic<int> at_hand = 0;
  const auto work = [&](World& node) {
    Context own = node.MakeContext();
    while (done < calls) {
      const int64_t now_ms = absl::ToUnixMillis(node.clock.Now());
      const auto due = node.store->Read([&](store::Reader& reader) { return FindDue(reader, now_ms); });
      ASSERT_TRUE(due.ok()) << due.status();
      for (const DueCall& call : due->calls) {
        ++at_hand;
        const auto claimed = ClaimCall(call, own);
        EXPECT_TRUE(claimed.ok()) << claimed.status();
        if (claimed.ok() && claimed->claim) {
          const auto ran = RunClaim(*claimed->claim, FindDeferrable(kTable, claimed->claim->function), own);
          EXPECT_TRUE(ran.ok()) << ran.status();
          if (ran.ok() && ran->ran == Ran::kDone) ++done;
        }
        --at_hand;
      }
      // Time passes while nothing runs, so that no lease is over before its run is.
      if (!due->calls.empty() || at_hand > 0) continue;
      a.clock.Advance(absl::Milliseconds(100));
      b.clock.Advance(absl::Milliseconds(100));
    }
  };
  std::vector<std::thread> threads;
  for (World* node : {&a, &b, &a, &b}) threads.emplace_back([&, node] { work(*node); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(seen.together, 0);
  for (size_t i = 0; i < calls; ++i) EXPECT_EQ(seen.runs[i], 2) << i;
  turns = nullptr;
}

}  // namespace alcove::functions
