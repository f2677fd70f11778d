// One thread: the store against std::map, and each promise of store.h.
#include "tests/store/store_contract.h"

#include <algorithm>
#include <random>
#include <thread>

#include "functions/wire/limits.h"
#include "tests/store/listener.h"
#include "tests/store/seed.h"

namespace alcove::store {
namespace {

INSTANTIATE_TEST_SUITE_P(Each, StoreContract, testing::ValuesIn(Backends()),
                         [](const auto& param) { return param.param.name; });

constexpr int kSteps = 300;

// One transaction, drawn before it is run, since its body may run again.
struct History {
  struct Step {
    enum { kPut, kErase, kEraseRange, kGet, kScan } kind;
    std::string key, value;
    Range range;
    ScanOptions options;
  };
  std::vector<Step> steps;
  bool aborts = false;
};

std::string DrawKey(std::mt19937_64& rng) {
  // Few keys, some a prefix of another, some with bytes at the edges.
  static const std::vector<std::string> kTails = {"a", "aa", "ab", "b", std::string("\0", 1), "\xff", "b/c", "c"};
  return "t/" + kTails[rng() % kTails.size()] + kTails[rng() % kTails.size()];
}

History DrawTransaction(std::mt19937_64& rng) {
  History drawn;
  drawn.aborts = rng() % 8 == 0;
  for (size_t count = 1 + rng() % 8; count > 0; --count) {
    History::Step step;
    step.key = DrawKey(rng);
    step.range = {DrawKey(rng), DrawKey(rng)};
    if (rng() % 4 == 0) step.range = kTestRange;
    step.options.direction = rng() % 2 == 0 ? Direction::kForward : Direction::kBackward;
    step.options.limit = rng() % 3 == 0 ? wire::kScanEntriesMax : 1 + rng() % 5;
    static constexpr decltype(step.kind) kKinds[] = {
        History::Step::kPut,   History::Step::kPut,       History::Step::kPut, History::Step::kPut,
        History::Step::kErase, History::Step::kErase,     History::Step::kGet, History::Step::kScan,
        History::Step::kScan,  History::Step::kEraseRange};
    step.kind = kKinds[rng() % std::size(kKinds)];
    if (step.kind == History::Step::kPut) step.value = std::string(rng() % 20, static_cast<char>('a' + rng() % 26));
    drawn.steps.push_back(std::move(step));
  }
  return drawn;
}

std::vector<Entry> ScanMap(const Map& map, const Range& range, const ScanOptions& options) {
  std::vector<Entry> found;
  for (const auto& [key, value] : map) {
    if (range.begin <= key && key < range.end) found.push_back({key, value});
  }
  if (options.direction == Direction::kBackward) std::reverse(found.begin(), found.end());
  if (found.size() > options.limit) found.resize(options.limit);
  return found;
}

// Runs on both and compares every read with the map. What differs is told in
// `difference`: a run that does not count may have seen an older state.
absl::Status Apply(const History& drawn, Transaction& txn, Map& map, std::string& difference) {
  for (const History::Step& step : drawn.steps) {
    if (step.kind == History::Step::kPut) {
      txn.Put(step.key, step.value);
      map[step.key] = step.value;
    } else if (step.kind == History::Step::kErase) {
      txn.Erase(step.key);
      map.erase(step.key);
    } else if (step.kind == History::Step::kEraseRange) {
      txn.EraseRange(step.range);
      if (step.range.begin < step.range.end) {
        map.erase(map.lower_bound(step.range.begin), map.lower_bound(step.range.end));
      }
    } else if (step.kind == History::Step::kGet) {
      const auto value = txn.Get(step.key);
      if (!value.ok()) return value.status();
      const auto expected = map.find(step.key);
      if (*value != (expected == map.end() ? std::nullopt : std::optional<std::string>(expected->second))) {
        difference += "get " + step.key + "; ";
      }
    } else {
      const auto entries = txn.Scan(step.range, step.options);
      if (!entries.ok()) return entries.status();
      if (*entries != ScanMap(map, step.range, step.options)) difference += "scan from " + step.range.begin + "; ";
    }
  }
  return drawn.aborts ? absl::FailedPreconditionError("drawn") : absl::OkStatus();
}

// Every backend must be indistinguishable from std::map. The test replays one
// random history of transactions against the backend and the map and compares
// every read inside, and a full scan after each, so a failure names its seed
// and its first bad step.
TEST_P(StoreContract, RandomHistoryMatchesMap) {
  SCOPED_TRACE(Replay());
  std::mt19937_64 rng(Seed());
  Map model;
  for (int step = 0; step < kSteps; ++step) {
    SCOPED_TRACE(testing::Message() << "step " << step);
    const History drawn = DrawTransaction(rng);
    Map after;
    std::string difference;
    const absl::Status status = store_->Transact([&](Transaction& txn) {
      after = model;
      difference.clear();
      return Apply(drawn, txn, after, difference);
    });
    EXPECT_EQ(difference, "");
    ASSERT_EQ(status.ok(), !drawn.aborts) << status;
    if (!drawn.aborts) model = after;
    ASSERT_EQ(ReadAll(*store_), model);

    const History reads = DrawTransaction(rng);
    const absl::Status read = store_->Read([&](Reader& reader) {
      for (const History::Step& s : reads.steps) {
        EXPECT_EQ(*reader.Scan(s.range, s.options), ScanMap(model, s.range, s.options));
        EXPECT_EQ(reader.Get(s.key)->has_value(), model.contains(s.key));
      }
      return absl::OkStatus();
    });
    ASSERT_TRUE(read.ok()) << read;
    if (HasFailure()) return;
  }
}

TEST_P(StoreContract, TransactionReadsItsOwnWrites) {
  Put("t/kept", "1");
  Put("t/erased", "1");
  const absl::Status status = store_->Transact([&](Transaction& txn) {
    txn.Put("t/new", "2");
    txn.Put("t/kept", "2");
    txn.Erase("t/erased");
    EXPECT_EQ(*txn.Get("t/new"), "2");
    EXPECT_EQ(*txn.Get("t/kept"), "2");
    EXPECT_EQ(*txn.Get("t/erased"), std::nullopt);
    const std::vector<Entry> expected = {{"t/kept", "2"}, {"t/new", "2"}};
    EXPECT_EQ(*txn.Scan(kTestRange), expected);
    return absl::OkStatus();
  });
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(ReadAll(*store_), (Map{{"t/kept", "2"}, {"t/new", "2"}}));
}

TEST_P(StoreContract, ErasedRangeIsGoneButForWhatIsPutLater) {
  // More than are looked up at a time, and one at each end that is not of the range.
  ASSERT_TRUE(store_
                  ->Transact([&](Transaction& txn) {
                    for (int i = 1000; i < 1600; ++i) txn.Put("t/r/" + std::to_string(i), "1");
                    txn.Put("t/r", "kept");
                    txn.Put("t/s", "kept");
                    return absl::OkStatus();
                  })
                  .ok());
  const absl::Status status = store_->Transact([&](Transaction& txn) {
    txn.Put("t/r/0", "own");
    txn.EraseRange({"t/r/", "t/s"});
    EXPECT_TRUE(txn.Scan({"t/r/", "t/s"})->empty());
    EXPECT_EQ(*txn.Get("t/r/1000"), std::nullopt);
    txn.Put("t/r/1599", "later");
    txn.EraseRange({"t/s", "t/r/"});  // holds nothing
    return absl::OkStatus();
  });
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(ReadAll(*store_), (Map{{"t/r", "kept"}, {"t/r/1599", "later"}, {"t/s", "kept"}}));
}

TEST_P(StoreContract, BodyThatFailsWritesNothingAndItsResultIsTheAnswer) {
  Put("t/a", "1");
  const absl::StatusOr<int> result = store_->Transact([&](Transaction& txn) -> absl::StatusOr<int> {
    txn.Put("t/a", "2");
    txn.Put("t/b", "2");
    return absl::NotFoundError("mine");
  });
  EXPECT_EQ(result.status(), absl::NotFoundError("mine"));
  EXPECT_EQ(ReadAll(*store_), (Map{{"t/a", "1"}}));
}

TEST_P(StoreContract, BodysOwnAbortedIsNoConflict) {
  int runs = 0;
  const absl::Status status = store_->Transact([&](Transaction& txn) {
    ++runs;
    txn.Put("t/a", "1");
    return absl::AbortedError("mine");
  });
  EXPECT_EQ(status, absl::AbortedError("mine"));
  EXPECT_EQ(runs, 1);
}

TEST_P(StoreContract, ResultOfTheBodyComesBack) {
  const absl::StatusOr<std::string> result = store_->Transact([&](Transaction& txn) -> absl::StatusOr<std::string> {
    txn.Put("t/a", "1");
    return std::string("done");
  });
  EXPECT_EQ(*result, "done");
}

// Where there is one without a wait: PostgreSQL would have to be asked.
TEST_P(StoreContract, SnapshotAtOnceSeesOneMoment) {
  Put("t/a", "1");
  const std::unique_ptr<Reader> snapshot = store_->SnapshotAtOnce();
  ASSERT_EQ(snapshot != nullptr, store_->sequences());
  if (snapshot == nullptr) return;
  Put("t/a", "2");
  Put("t/b", "2");
  EXPECT_EQ(*snapshot->Get("t/a"), "1");
  EXPECT_EQ(*snapshot->Get("t/b"), std::nullopt);
  EXPECT_EQ(*snapshot->Scan(kTestRange), (std::vector<Entry>{{"t/a", "1"}}));
  EXPECT_EQ(snapshot->Get("").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(*store_->SnapshotAtOnce()->Get("t/a"), "2");
}

// A snapshot stays what it was while others commit.
TEST_P(StoreContract, ReadSeesOneMoment) {
  Put("t/a", "1");
  Put("t/gone", "1");
  const absl::Status status = store_->Read([&](Reader& reader) {
    EXPECT_EQ(*reader.Get("t/none"), std::nullopt);
    std::thread([&] {
      Put("t/a", "2");
      Put("t/b", "2");
      EXPECT_TRUE(store_
                      ->Transact([&](Transaction& txn) {
                        txn.Erase("t/gone");
                        return absl::OkStatus();
                      })
                      .ok());
    }).join();
    EXPECT_EQ(*reader.Get("t/a"), "1");
    EXPECT_EQ(*reader.Get("t/b"), std::nullopt);
    const std::vector<Entry> expected = {{"t/a", "1"}, {"t/gone", "1"}};
    EXPECT_EQ(*reader.Scan(kTestRange), expected);
    return absl::OkStatus();
  });
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(ReadAll(*store_), (Map{{"t/a", "2"}, {"t/b", "2"}}));
}

TEST_P(StoreContract, EpochIsNotEmptyAndDiffersBetweenStores) {
  const std::string first = store_->epoch();
  EXPECT_EQ(first.size(), 32u);
  Open({});
  EXPECT_NE(store_->epoch(), first);
}

// --- Sizes -------------------------------------------------------------------

TEST_P(StoreContract, SizesAreCheckedAtTheirEdge) {
  const std::string longest_key = "t/" + std::string(wire::kKeyBytesMax - 2, 'k');
  const std::string longest_value(wire::kValueBytesMax, 'v');
  const struct {
    const char* name;
    std::function<void(Transaction&)> write;
    absl::StatusCode expected;
  } kCases[] = {
      {"longest key", [&](Transaction& txn) { txn.Put(longest_key, ""); }, absl::StatusCode::kOk},
      {"key one over", [&](Transaction& txn) { txn.Put(longest_key + "k", ""); }, absl::StatusCode::kInvalidArgument},
      {"erased key one over", [&](Transaction& txn) { txn.Erase(longest_key + "k"); },
       absl::StatusCode::kInvalidArgument},
      {"empty key", [&](Transaction& txn) { txn.Put("", "1"); }, absl::StatusCode::kInvalidArgument},
      {"empty topic", [&](Transaction& txn) { txn.Signal(""); }, absl::StatusCode::kInvalidArgument},
      {"longest value", [&](Transaction& txn) { txn.Put("t/v", longest_value); }, absl::StatusCode::kOk},
      {"value one over", [&](Transaction& txn) { txn.Put("t/v", longest_value + "v"); },
       absl::StatusCode::kInvalidArgument},
      {"same key over and over",
       [&](Transaction& txn) {
         for (int i = 0; i < 20; ++i) txn.Put("t/v", longest_value);
       },
       absl::StatusCode::kOk},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    const Map before = ReadAll(*store_);
    const absl::Status status = store_->Transact([&](Transaction& txn) {
      txn.Put("t/beside", c.name);
      c.write(txn);
      return absl::OkStatus();
    });
    EXPECT_EQ(status.code(), c.expected) << status;
    if (!status.ok()) {
      EXPECT_EQ(ReadAll(*store_), before) << "something was written";
    }
  }
}

TEST_P(StoreContract, TransactionIsCheckedAtItsEdge) {
  // Keys of 4 bytes; values fill the rest of each share exactly.
  constexpr size_t kShares = 16;
  const std::string value(wire::kTransactionBytesMax / kShares - 4, 'v');
  for (const size_t over : {0u, 1u}) {
    const absl::Status status = store_->Transact([&](Transaction& txn) {
      for (size_t i = 0; i < kShares; ++i) txn.Put("t/" + std::to_string(10 + i), value);
      if (over > 0) txn.Put("t/10", value + "v");
      return absl::OkStatus();
    });
    EXPECT_EQ(status.code(), over > 0 ? absl::StatusCode::kInvalidArgument : absl::StatusCode::kOk) << status;
  }
  EXPECT_EQ(ReadAll(*store_).at("t/10").size(), value.size());
}

TEST_P(StoreContract, ReadsOfBadSizeAreRefused) {
  const auto check = [](Reader& reader) {
    const auto bad = absl::StatusCode::kInvalidArgument;
    EXPECT_EQ(reader.Get("").status().code(), bad);
    EXPECT_TRUE(reader.Get(std::string(wire::kKeyBytesMax, 'k')).ok());
    EXPECT_EQ(reader.Get(std::string(wire::kKeyBytesMax + 1, 'k')).status().code(), bad);
    EXPECT_EQ(reader.Scan(kTestRange, {.limit = 0}).status().code(), bad);
    EXPECT_TRUE(reader.Scan(kTestRange, {.limit = wire::kScanEntriesMax}).ok());
    EXPECT_EQ(reader.Scan(kTestRange, {.limit = wire::kScanEntriesMax + 1}).status().code(), bad);
    EXPECT_TRUE(reader.Scan({"t0", "t/"})->empty()) << "a range that ends before it begins is empty";
    return absl::OkStatus();
  };
  EXPECT_TRUE(store_->Read(check).ok());
  EXPECT_TRUE(store_->Transact(check).ok());
}

// A body that takes too long commits nothing and is not run again; its reads end it early.
TEST_P(StoreContract, BodyThatTakesTooLongIsRefused) {
  Open({.body_time_max = absl::Milliseconds(150)});
  Put("t/a", "1");
  for (const bool reads : {false, true}) {
    SCOPED_TRACE(reads);
    int runs = 0;
    const absl::Status status = store_->Transact([&](Transaction& txn) -> absl::Status {
      ++runs;
      txn.Put("t/a", "2");
      std::this_thread::sleep_for(std::chrono::milliseconds(160));
      if (!reads) return absl::OkStatus();
      EXPECT_EQ(txn.Scan(kTestRange).status().code(), absl::StatusCode::kDeadlineExceeded);
      return txn.Get("t/b").status();
    });
    EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded) << status;
    EXPECT_NE(std::string(status.message()).find("took too long"), std::string::npos) << status;
    EXPECT_EQ(runs, 1);
    EXPECT_EQ(ReadAll(*store_), (Map{{"t/a", "1"}}));
  }
  // A refusal of the body's own stays what it is.
  EXPECT_EQ(store_->Transact([&](Transaction&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(160));
    return absl::NotFoundError("mine");
  }),
            absl::NotFoundError("mine"));
}

TEST_P(StoreContract, PrefixRangeHoldsWhatBeginsSo) {
  for (const std::string prefix : {"a", "a/", "a\xff", "a\xff\xff"}) {
    const Range range = PrefixRange(prefix);
    for (const std::string key : {"", "a", "a/", "a/b", "a0", "a\xff", "a\xff\xff", "a\xff\xff\xff", "b", "b/"}) {
      EXPECT_EQ(range.begin <= key && key < range.end, key.starts_with(prefix)) << prefix << " " << key;
    }
  }
}

// --- Topics ------------------------------------------------------------------

TEST_P(StoreContract, TopicsAreHeardOnceBeforeTheAnswer) {
  Listener listener;
  store_->Watch(&listener);
  ASSERT_TRUE(store_
                  ->Transact([&](Transaction& txn) {
                    txn.Put("t/a", "1");
                    txn.Signal("one");
                    txn.Signal("two");
                    txn.Signal("one");
                    return absl::OkStatus();
                  })
                  .ok());
  std::vector<std::string> heard = listener.heard();
  std::sort(heard.begin(), heard.end());
  EXPECT_EQ(heard, (std::vector<std::string>{"one", "two"}));

  ASSERT_TRUE(store_
                  ->Transact([&](Transaction& txn) {
                    txn.Signal("alone");
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_EQ(listener.heard().back(), "alone");
  store_->Watch(nullptr);
  ASSERT_TRUE(store_
                  ->Transact([&](Transaction& txn) {
                    txn.Signal("unheard");
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_EQ(listener.heard().size(), 3u);
}

TEST_P(StoreContract, TopicsOfAFailedTransactionAreNotHeard) {
  Listener listener;
  store_->Watch(&listener);
  EXPECT_FALSE(store_
                   ->Transact([&](Transaction& txn) {
                     txn.Put("t/a", "1");
                     txn.Signal("failed");
                     return absl::NotFoundError("");
                   })
                   .ok());
  EXPECT_FALSE(store_
                   ->Transact([&](Transaction& txn) {
                     txn.Signal("too long");
                     txn.Put("", "1");
                     return absl::OkStatus();
                   })
                   .ok());
  Put("t/b", "1");
  EXPECT_EQ(listener.heard(), std::vector<std::string>{});
  store_->Watch(nullptr);
}

}  // namespace
}  // namespace alcove::store
