// What only the optimistic engine promises: it knows of each conflict, and of
// no other, and a body whose view is outdated hears of it with its next read.
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "functions/wire/limits.h"
#include "store/status_macros.h"
#include "tests/store/store_contract.h"

namespace alcove::store {
namespace {

using OptimisticContract = StoreContract;
INSTANTIATE_TEST_SUITE_P(Each, OptimisticContract, testing::ValuesIn(OptimisticBackends()),
                         [](const auto& param) { return param.param.name; });

// A limited scan has seen what it returned and the gaps between, no more.
TEST_P(OptimisticContract, LimitedScanConflictsOnlyWithWhatItSaw) {
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
TEST_P(OptimisticContract, BodyNeverSeesAMixtureOfTwoStates) {
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

// While a body runs, more is committed than the window holds: it is forgotten
// for the sake of memory, and the body starts again instead of missing it.
TEST_P(OptimisticContract, SlowBodyOutlivesTheWindow) {
  // How long a slow disk takes for forty megabytes decides nothing here.
  Open({.body_time_max = absl::Hours(1)});
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
