// Several threads: each anomaly that validation prevents is provoked step by
// step, with validation (it must not happen) and without (it must, or the test
// would prove nothing).
#include <atomic>
#include <functional>
#include <optional>
#include <thread>
#include <utility>

#include "functions/wire/limits.h"
#include "store/status_macros.h"
#include "tests/store/store_contract.h"

namespace alcove::store {
namespace {

INSTANTIATE_TEST_SUITE_P(Each, StoreContract, testing::ValuesIn(Backends()),
                         [](const auto& param) { return param.param.name; });

constexpr CommitWindow::Validation kBoth[] = {CommitWindow::Validation::kOn, CommitWindow::Validation::kOff};

bool IsOn(CommitWindow::Validation validation) { return validation == CommitWindow::Validation::kOn; }

TEST_P(StoreContract, UpdateIsNotLost) {
  for (const auto validation : kBoth) {
    SCOPED_TRACE(IsOn(validation));
    Open({.validation = validation});
    int runs = 0;
    const absl::Status status = store_->Transact([&](Transaction& txn) -> absl::Status {
      ASSIGN_OR_RETURN(const int number, ReadNumber(txn, "t/n"));
      if (++runs == 1) Meanwhile([&] { EXPECT_TRUE(Increment(*store_, "t/n").ok()); });
      txn.Put("t/n", std::to_string(number + 1));
      return absl::OkStatus();
    });
    ASSERT_TRUE(status.ok()) << status;
    EXPECT_EQ(NumberNow(*store_, "t/n"), IsOn(validation) ? 2 : 1);
    EXPECT_EQ(runs, IsOn(validation) ? 2 : 1);
  }
}

// Two agents are online; each may leave only while the other stays.
TEST_P(StoreContract, WriteSkewIsPrevented) {
  for (const auto validation : kBoth) {
    SCOPED_TRACE(IsOn(validation));
    Open({.validation = validation});
    Put("t/a", "1");
    Put("t/b", "1");
    const auto leave = [&](const std::string& who, const std::function<void()>& meanwhile) {
      return store_->Transact([&](Transaction& txn) -> absl::Status {
        ASSIGN_OR_RETURN(const int a, ReadNumber(txn, "t/a"));
        ASSIGN_OR_RETURN(const int b, ReadNumber(txn, "t/b"));
        if (meanwhile) meanwhile();
        if (a + b < 2) return absl::FailedPreconditionError("the last one");
        txn.Put(who, "0");
        return absl::OkStatus();
      });
    };
    bool left = false;
    const absl::Status status = leave("t/a", [&] {
      if (std::exchange(left, true)) return;
      Meanwhile([&] { EXPECT_TRUE(leave("t/b", nullptr).ok()); });
    });
    EXPECT_EQ(status.ok(), !IsOn(validation)) << status;
    EXPECT_EQ(NumberNow(*store_, "t/a") + NumberNow(*store_, "t/b"), IsOn(validation) ? 1 : 0);
  }
}

// Whoever finds the list empty may be its only member.
TEST_P(StoreContract, PhantomIsSeen) {
  for (const auto validation : kBoth) {
    SCOPED_TRACE(IsOn(validation));
    Open({.validation = validation});
    const auto join = [&](const std::string& who, const std::function<void()>& meanwhile) {
      return store_->Transact([&](Transaction& txn) -> absl::Status {
        ASSIGN_OR_RETURN(const auto entries, txn.Scan(PrefixRange("t/list/")));
        if (meanwhile) meanwhile();
        if (!entries.empty()) return absl::FailedPreconditionError("taken");
        txn.Put("t/list/" + who, "");
        return absl::OkStatus();
      });
    };
    bool joined = false;
    const absl::Status status = join("1", [&] {
      if (std::exchange(joined, true)) return;
      Meanwhile([&] { EXPECT_TRUE(join("2", nullptr).ok()); });
    });
    EXPECT_EQ(status.ok(), !IsOn(validation)) << status;
    EXPECT_EQ(ReadAll(*store_).size(), IsOn(validation) ? 1u : 2u);
  }
}

// A key that comes into a range while it is erased, by who may add to it only
// while it is not closed: it must not survive the closing.
TEST_P(StoreContract, NothingSurvivesInAnErasedRange) {
  for (const auto validation : kBoth) {
    SCOPED_TRACE(IsOn(validation));
    Open({.validation = validation});
    Put("t/list/1", "");
    bool added = false;
    const absl::Status status = store_->Transact([&](Transaction& txn) -> absl::Status {
      txn.EraseRange(PrefixRange("t/list/"));
      if (!std::exchange(added, true)) {
        Meanwhile([&] {
          EXPECT_TRUE(store_
                          ->Transact([](Transaction& other) -> absl::Status {
                            ASSIGN_OR_RETURN(const auto closed, other.Get("t/closed"));
                            if (!closed) other.Put("t/list/2", "");
                            return absl::OkStatus();
                          })
                          .ok());
        });
      }
      txn.Put("t/closed", "");
      return absl::OkStatus();
    });
    ASSERT_TRUE(status.ok()) << status;
    EXPECT_EQ(ReadAll(*store_).size(), IsOn(validation) ? 1u : 2u);
  }
}

// A range is counted while another erases it, if it was not counted yet.
TEST_P(StoreContract, ErasedRangeConflictsWithItsReaders) {
  for (const auto validation : kBoth) {
    SCOPED_TRACE(IsOn(validation));
    Open({.validation = validation});
    Put("t/list/1", "");
    bool erased = false;
    const absl::Status status = store_->Transact([&](Transaction& txn) -> absl::Status {
      ASSIGN_OR_RETURN(const auto entries, txn.Scan(PrefixRange("t/list/")));
      if (!std::exchange(erased, true)) {
        Meanwhile([&] {
          EXPECT_TRUE(store_
                          ->Transact([&](Transaction& other) -> absl::Status {
                            ASSIGN_OR_RETURN(const auto count, other.Get("t/count"));
                            if (!count) other.EraseRange(PrefixRange("t/list/"));
                            return absl::OkStatus();
                          })
                          .ok());
        });
      }
      txn.Put("t/count", std::to_string(entries.size()));
      return absl::OkStatus();
    });
    ASSERT_TRUE(status.ok()) << status;
    EXPECT_EQ(NumberNow(*store_, "t/count"), IsOn(validation) ? 0 : 1);
  }
}

// Two keys always change together: no run may see them differ, not even one
// whose result is thrown away.
TEST_P(StoreContract, BodyNeverSeesAMixtureOfTwoStates) {
  const auto both = [&](const std::string& value) {
    return store_->Transact([&](Transaction& txn) {
      txn.Put("t/a", value);
      txn.Put("t/b", value);
      return absl::OkStatus();
    });
  };
  ASSERT_TRUE(both("1").ok());
  for (const bool scans : {false, true}) {
    int runs = 0;
    const absl::Status status = store_->Transact([&](Transaction& txn) -> absl::Status {
      ASSIGN_OR_RETURN(const auto a, txn.Get("t/a"));
      if (++runs == 1) Meanwhile([&] { EXPECT_TRUE(both("changed").ok()); });
      std::optional<std::string> b;
      if (scans) {
        const auto entries = txn.Scan({"t/b", "t/c"});
        // A body that swallows it is run again all the same.
        if (!entries.ok()) return absl::OkStatus();
        b = entries->front().value;
      } else {
        ASSIGN_OR_RETURN(b, txn.Get("t/b"));
      }
      EXPECT_EQ(a, b);
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    EXPECT_LE(runs, 2);
    ASSERT_TRUE(both("1").ok());
  }
}

// A refusal rests on what was read, too: it must be of one state.
TEST_P(StoreContract, WritesWithoutReadsNeverConflict) {
  int runs = 0;
  const absl::Status status = store_->Transact([&](Transaction& txn) {
    txn.Put("t/a", "mine");
    EXPECT_EQ(*txn.Get("t/a"), "mine");
    if (++runs == 1) Meanwhile([&] { Put("t/a", "other"); });
    return absl::OkStatus();
  });
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(ReadAll(*store_).at("t/a"), "mine");
}

TEST_P(StoreContract, ConflictStormLosesNothing) {
  constexpr int kThreads = 8;
  constexpr int kEach = 100;
  std::vector<std::thread> threads;
  std::atomic<int> failed{0};
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < kEach; ++n) failed += Increment(*store_, "t/n").ok() ? 0 : 1;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(NumberNow(*store_, "t/n"), kThreads * kEach);
}

// However often others win, the body gets its turn: after
// kTransactionAttemptsMax runs it runs alone.
TEST_P(StoreContract, BodyThatAlwaysLosesRunsAloneInTheEnd) {
  int runs = 0;
  std::thread late;
  const absl::Status status = store_->Transact([&](Transaction& txn) -> absl::Status {
    ASSIGN_OR_RETURN(const int number, ReadNumber(txn, "t/n"));
    const auto disturb = [&] { EXPECT_TRUE(Increment(*store_, "t/n").ok()); };
    if (++runs <= wire::kTransactionAttemptsMax) {
      Meanwhile(disturb);
    } else {
      late = std::thread(disturb);  // cannot commit before this body ends
    }
    txn.Put("t/n", std::to_string(number + 1));
    return absl::OkStatus();
  });
  late.join();
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(runs, wire::kTransactionAttemptsMax + 1);
  EXPECT_EQ(NumberNow(*store_, "t/n"), wire::kTransactionAttemptsMax + 2);
}

// What must not wait is not run again, and does not wait until another has run alone: nothing comes of it then.
TEST_P(StoreContract, AtOnceIsAtOnceOrNotAtAll) {
  const auto add_ten = [&](const std::function<void()>& meanwhile) {
    FatePtr fate;
    const auto add = [&](Transaction& txn) -> absl::Status {
      ASSIGN_OR_RETURN(const int number, ReadNumber(txn, "t/n"));
      meanwhile();
      txn.Put("t/n", std::to_string(number + 10));
      return absl::OkStatus();
    };
    const std::optional<absl::Status> status = store_->SequenceAtOnce(add, fate);
    EXPECT_EQ(status.has_value(), fate != nullptr);
    if (!status) return false;
    EXPECT_TRUE(status->ok());
    store_->CarryOut();
    EXPECT_TRUE(fate->Await().ok());
    return true;
  };
  const auto disturb = [&] { EXPECT_TRUE(Increment(*store_, "t/n").ok()); };
  disturb();
  ASSERT_EQ(add_ten([] {}), store_->sequences());
  const int number = NumberNow(*store_, "t/n");
  EXPECT_EQ(number, store_->sequences() ? 11 : 1);
  EXPECT_FALSE(add_ten([&] { Meanwhile(disturb); })) << "another was faster";
  EXPECT_EQ(NumberNow(*store_, "t/n"), store_->sequences() ? number + 1 : number);

  int runs = 0;
  const absl::Status status = store_->Transact([&](Transaction& txn) -> absl::Status {
    ASSIGN_OR_RETURN(const int now, ReadNumber(txn, "t/n"));
    const bool alone = ++runs > wire::kTransactionAttemptsMax;
    if (alone) {
      Meanwhile([&] { EXPECT_FALSE(add_ten([] {})) << "another runs alone"; });
    } else {
      Meanwhile(disturb);
    }
    txn.Put("t/n", std::to_string(now + 1));
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(runs, wire::kTransactionAttemptsMax + 1);
}

}  // namespace
}  // namespace alcove::store
