// Several threads: each anomaly that validation prevents is provoked step by
// step, with validation (it must not happen) and without (it must, or the test
// would prove nothing).
#include <atomic>
#include <optional>
#include <thread>

#include "absl/strings/numbers.h"
#include "functions/wire/limits.h"
#include "store/status_macros.h"
#include "tests/store/store_contract.h"

namespace alcove::store {
namespace {

INSTANTIATE_TEST_SUITE_P(Each, StoreContract, testing::ValuesIn(Backends()),
                         [](const auto& param) { return param.param.name; });

constexpr CommitWindow::Validation kBoth[] = {CommitWindow::Validation::kOn, CommitWindow::Validation::kOff};

bool IsOn(CommitWindow::Validation validation) { return validation == CommitWindow::Validation::kOn; }

absl::StatusOr<int> ReadNumber(Reader& reader, std::string_view key) {
  ASSIGN_OR_RETURN(const std::optional<std::string> value, reader.Get(key));
  int number = 0;
  if (value && !absl::SimpleAtoi(*value, &number)) return absl::DataLossError("no number");
  return number;
}

int NumberNow(Store& store, std::string_view key) {
  return *store.Read([&](Reader& reader) { return ReadNumber(reader, key); });
}

absl::Status Increment(Store& store, const std::string& key) {
  return store.Transact([&](Transaction& txn) -> absl::Status {
    ASSIGN_OR_RETURN(const int number, ReadNumber(txn, key));
    txn.Put(key, std::to_string(number + 1));
    return absl::OkStatus();
  });
}

absl::Status EraseAll(Store& store) {
  return store.Transact([](Transaction& txn) -> absl::Status {
    ASSIGN_OR_RETURN(const auto entries, txn.Scan(kTestRange));
    for (const Entry& entry : entries) txn.Erase(entry.key);
    return absl::OkStatus();
  });
}

// Runs `act` to its end on another thread: a body may not call the store itself.
void Meanwhile(const std::function<void()>& act) { std::thread(act).join(); }

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

TEST_P(StoreContract, PhantomIsSeen) {
  for (const auto validation : kBoth) {
    SCOPED_TRACE(IsOn(validation));
    Open({.validation = validation});
    Put("t/list/1", "");
    bool added = false;
    const absl::Status status = store_->Transact([&](Transaction& txn) -> absl::Status {
      ASSIGN_OR_RETURN(const auto entries, txn.Scan(PrefixRange("t/list/")));
      if (!std::exchange(added, true)) Meanwhile([&] { Put("t/list/2", ""); });
      txn.Put("t/count", std::to_string(entries.size()));
      return absl::OkStatus();
    });
    ASSERT_TRUE(status.ok()) << status;
    EXPECT_EQ(NumberNow(*store_, "t/count"), IsOn(validation) ? 2 : 1);
  }
}

// A key that comes into a range while it is erased: it must not survive beside
// the transaction's word that the range is empty.
TEST_P(StoreContract, NothingSurvivesInAnErasedRange) {
  for (const auto validation : kBoth) {
    SCOPED_TRACE(IsOn(validation));
    Open({.validation = validation});
    Put("t/list/1", "");
    bool added = false;
    const absl::Status status = store_->Transact([&](Transaction& txn) -> absl::Status {
      txn.EraseRange(PrefixRange("t/list/"));
      if (!std::exchange(added, true)) Meanwhile([&] { Put("t/list/2", ""); });
      txn.Put("t/count", "0");
      return absl::OkStatus();
    });
    ASSERT_TRUE(status.ok()) << status;
    EXPECT_EQ(ReadAll(*store_).size(), IsOn(validation) ? 1u : 2u);
  }
}

// And who has seen the range before it was erased is run again.
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
                          ->Transact([&](Transaction& other) {
                            other.EraseRange(PrefixRange("t/list/"));
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

// A limited scan has seen what it returned and the gaps between, no more.
TEST_P(StoreContract, LimitedScanConflictsOnlyWithWhatItSaw) {
  const struct {
    const char* name;
    Direction direction;
    size_t limit;
    const char* written;  // by the other, while the body runs
    bool conflicts;
  } kCases[] = {
      {"before the first", Direction::kForward, 2, "t/s/1", true},
      {"the first", Direction::kForward, 2, "t/s/2", true},
      {"between", Direction::kForward, 2, "t/s/3", true},
      {"the last", Direction::kForward, 2, "t/s/4", true},
      {"right behind the last", Direction::kForward, 2, "t/s/4+", false},
      {"the next", Direction::kForward, 2, "t/s/6", false},
      {"outside", Direction::kForward, 2, "t/r", false},
      {"all, behind the last", Direction::kForward, 10, "t/s/9", true},
      {"all, outside", Direction::kForward, 10, "t/s0", false},
      {"backward, behind the last", Direction::kBackward, 2, "t/s/9", true},
      {"backward, the last", Direction::kBackward, 2, "t/s/6", true},
      {"backward, between", Direction::kBackward, 2, "t/s/5", true},
      {"backward, the first returned", Direction::kBackward, 2, "t/s/4", true},
      {"backward, right before it", Direction::kBackward, 2, "t/s/3", false},
      {"backward, all, before the first", Direction::kBackward, 10, "t/s/1", true},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    for (const char* key : {"t/s/2", "t/s/4", "t/s/6"}) Put(key, "kept");
    int runs = 0;
    const absl::Status status = store_->Transact([&](Transaction& txn) -> absl::Status {
      ASSIGN_OR_RETURN(const auto entries, txn.Scan(PrefixRange("t/s/"), {c.direction, c.limit}));
      if (++runs == 1) Meanwhile([&] { Put(c.written, "other"); });
      txn.Put("t/result", std::to_string(entries.size()));
      return absl::OkStatus();
    });
    ASSERT_TRUE(status.ok()) << status;
    EXPECT_EQ(runs, c.conflicts ? 2 : 1);
    ASSERT_TRUE(EraseAll(*store_).ok());
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
        EXPECT_EQ(entries.status().code(), runs == 1 ? absl::StatusCode::kAborted : absl::StatusCode::kOk);
        if (!entries.ok()) return absl::OkStatus();  // a body that swallows it is run again all the same
        b = entries->front().value;
      } else {
        ASSIGN_OR_RETURN(b, txn.Get("t/b"));
      }
      EXPECT_EQ(a, b);
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    EXPECT_EQ(runs, 2);
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

// While a body runs, more is committed than the window holds: it is forgotten
// for the sake of memory, and the body starts again instead of missing it.
TEST_P(StoreContract, SlowBodyOutlivesTheWindow) {
  const std::string megabyte(wire::kValueBytesMax, 'v');
  Put("t/a", "1");
  int runs = 0;
  const absl::Status status = store_->Transact([&](Transaction& txn) -> absl::Status {
    if (++runs == 1) {
      Meanwhile([&] {
        Put("t/a", "2");
        for (int i = 0; i < 40; ++i) Put("t/large/" + std::to_string(i), megabyte);
      });
    }
    const auto value = txn.Get("t/a");
    if (runs == 1) {
      EXPECT_EQ(value.status().code(), absl::StatusCode::kAborted);
    }
    RETURN_IF_ERROR(value.status());
    txn.Put("t/seen", **value);
    return absl::OkStatus();
  });
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(*store_->Read([](Reader& reader) { return reader.Get("t/seen"); }), "2");
}

}  // namespace
}  // namespace alcove::store
