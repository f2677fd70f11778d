// Random transactions at once: whatever was committed can be put in one order
// in which each saw what it saw. With the check of conflicts switched off the
// same test finds that there is none, or it would prove nothing.
//
// Every write is of a value that is used once and names the value that it
// replaced, so that the history of each key is known. From it follow who came
// before whom: a writer before those who saw its value, who saw a value before
// who replaced it, and a writer before who replaced its value. A circle among
// them is what no order could have made.
#include <algorithm>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "store/status_macros.h"
#include "tests/store/seed.h"
#include "tests/store/store_contract.h"

namespace alcove::store {
namespace {

INSTANTIATE_TEST_SUITE_P(Each, StoreContract, testing::ValuesIn(Backends()),
                         [](const auto& param) { return param.param.name; });

constexpr int kThreads = 4;
constexpr int kKeys = 8;

std::string KeyOf(uint64_t number) { return "t/" + std::to_string(number % kKeys); }

// What one committed transaction saw, absent keys as "", and wrote.
struct Committed {
  std::map<std::string, std::string> seen;
  std::map<std::string, std::string> written;
};

// One run of a body: looks at some keys or at a range of them, and changes one
// or two of those that it saw. Sometimes erases a range that it saw and fills it again.
absl::StatusOr<Committed> Act(Transaction& txn, uint64_t draw, const std::string& id) {
  std::mt19937_64 rng(draw);
  Committed done;
  if (rng() % 2 == 0) {
    for (int looks = 0; looks < 3; ++looks) {
      const std::string key = KeyOf(rng());
      ASSIGN_OR_RETURN(const auto value, txn.Get(key));
      done.seen[key] = value.value_or("");
    }
  } else {
    // Absent keys of the range were seen to be absent.
    const uint64_t first = rng() % kKeys;
    const uint64_t last = std::min<uint64_t>(first + rng() % 5, kKeys - 1);
    const Range range{KeyOf(first), KeyOf(last) + "/"};
    ASSIGN_OR_RETURN(const auto entries, txn.Scan(range));
    for (uint64_t key = first; key <= last; ++key) done.seen[KeyOf(key)] = "";
    for (const Entry& entry : entries) done.seen[entry.key] = entry.value;
    if (rng() % 4 == 0) txn.EraseRange(range);
  }
  std::this_thread::yield();
  // Of an erased range all that was there, so that no value is lost without one that replaces it.
  for (const auto& [key, value] : done.seen) {
    ASSIGN_OR_RETURN(const auto now, txn.Get(key));
    if (rng() % 2 != 0 && now.value_or("") == value) continue;
    done.written[key] = id + "/" + key;
    txn.Put(key, done.written[key]);
  }
  return done;
}

std::vector<Committed> Talk(Store& store, int each, uint64_t seed) {
  std::vector<Committed> all;
  std::mutex mutex;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      std::mt19937_64 rng(seed + static_cast<uint64_t>(thread));
      for (int n = 0; n < each; ++n) {
        const uint64_t draw = rng();
        const std::string id = std::to_string(thread) + "-" + std::to_string(n);
        auto done = store.Transact([&](Transaction& txn) { return Act(txn, draw, id); });
        EXPECT_TRUE(done.ok()) << done.status();
        const std::lock_guard lock(mutex);
        if (done.ok()) all.push_back(*std::move(done));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  return all;
}

// Whether the transactions can be put in one order.
bool HaveAnOrder(const std::vector<Committed>& all) {
  std::map<std::string, size_t> writer;  // of a value
  // Who replaced a value of a key ("" is of each key): of a sound history one at most.
  std::map<std::pair<std::string, std::string>, std::vector<size_t>> replaced_by;
  for (size_t i = 0; i < all.size(); ++i) {
    for (const auto& [key, value] : all[i].written) {
      writer[value] = i;
      replaced_by[{key, all[i].seen.at(key)}].push_back(i);
    }
  }
  std::vector<std::set<size_t>> before(all.size());  // i is before each of before[i]
  for (size_t i = 0; i < all.size(); ++i) {
    for (const auto& [key, value] : all[i].seen) {
      if (!value.empty() && writer.at(value) != i) before[writer.at(value)].insert(i);
      for (const size_t other : replaced_by[{key, value}]) {
        if (other != i) before[i].insert(other);
      }
    }
  }
  // Takes away who has nobody before them, again and again.
  std::vector<size_t> waits(all.size(), 0);
  for (const auto& others : before) {
    for (const size_t other : others) ++waits[other];
  }
  std::vector<size_t> free;
  for (size_t i = 0; i < all.size(); ++i) {
    if (waits[i] == 0) free.push_back(i);
  }
  size_t taken = 0;
  for (; !free.empty(); ++taken) {
    const size_t next = free.back();
    free.pop_back();
    for (const size_t other : before[next]) {
      if (--waits[other] == 0) free.push_back(other);
    }
  }
  return taken == all.size();
}

TEST_P(StoreContract, RandomTransactionsHaveAnOrder) {
  SCOPED_TRACE(Replay());
  const std::vector<Committed> all = Talk(*store_, 150, Seed());
  EXPECT_EQ(all.size(), static_cast<size_t>(kThreads * 150));
  EXPECT_TRUE(HaveAnOrder(all));
}

TEST_P(StoreContract, RandomTransactionsHaveNoneWithoutTheCheck) {
  SCOPED_TRACE(Replay());
  // By chance, so again until it happens.
  for (uint64_t round = 0; round < 200; ++round) {
    Open({.validation = CommitWindow::Validation::kOff});
    if (!HaveAnOrder(Talk(*store_, 100, Seed() + round))) return;
  }
  FAIL() << "what is switched off is not what this test looks at";
}

// The judge itself.
TEST(Order, IsDeniedToEachAnomaly) {
  const struct {
    const char* name;
    std::vector<Committed> all;
    bool has_one;
  } kCases[] = {
      {"one after another", {{{{"a", ""}}, {{"a", "1"}}}, {{{"a", "1"}}, {{"a", "2"}}}}, true},
      {"lost update", {{{{"a", ""}}, {{"a", "1"}}}, {{{"a", ""}}, {{"a", "2"}}}}, false},
      {"write skew", {{{{"a", ""}, {"b", ""}}, {{"a", "1"}}}, {{{"a", ""}, {"b", ""}}, {{"b", "2"}}}}, false},
      {"two keys of two moments",
       {{{{"a", ""}, {"b", ""}}, {{"a", "1"}, {"b", "2"}}}, {{{"a", "1"}, {"b", ""}}, {}}},
       false},
      {"readers of either side",
       {{{{"a", ""}, {"b", ""}}, {{"a", "1"}, {"b", "2"}}},
        {{{"a", ""}, {"b", ""}}, {}},
        {{{"a", "1"}, {"b", "2"}}, {}}},
       true},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(HaveAnOrder(c.all), c.has_one);
  }
}

}  // namespace
}  // namespace alcove::store
