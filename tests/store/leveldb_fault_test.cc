// A disk that fails at its Nth operation, for every N: what was acknowledged
// stays, and the store goes on by itself when the disk does.
//
// LevelDB alone fails these: it writes on behind a torn record and loses what
// follows at the next start.
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "store/leveldb_store.h"
#include "store/mutex.h"
#include "tests/store/fault_env.h"
#include "tests/store/store_contract.h"
#include "tests/store/temporary_folder.h"

namespace alcove::store {
namespace {

// What may be found under each key: the value that was acknowledged last, and
// those that were tried since and whose outcome is unknown. Several threads may
// use it, each for keys of its own.
class Allowed {
 public:
  void Acknowledged(const std::string& key, const std::string& value) {
    const MutexLock lock(mutex_);
    values_[key] = {value};
  }
  void InDoubt(const std::string& key, const std::string& value) {
    const MutexLock lock(mutex_);
    if (!values_.contains(key)) values_[key] = {""};  // absent, as it was
    values_[key].insert(value);
  }
  void Check(const Map& found) {
    const MutexLock lock(mutex_);
    for (const auto& [key, values] : values_) {
      const auto entry = found.find(key);
      EXPECT_TRUE(values.contains(entry == found.end() ? "" : entry->second)) << key;
    }
    for (const auto& [key, value] : found) EXPECT_TRUE(values_.contains(key)) << key;
  }

 private:
  Mutex mutex_;
  std::map<std::string, std::set<std::string>> values_ ABSL_GUARDED_BY(mutex_);
};

class LevelDbFaults : public testing::Test {
 public:
  struct Scenario {
    int writes;
    size_t value_bytes;
    int keys;
    int writers = 1;  // at once, each with so many writes and keys of its own
  };

 protected:
  // Runs the writes on a new store whose disk fails as `plan` says; a write that
  // fails is repeated with another value after `after_failure`. Returns how often the disk failed.
  int Run(const Scenario& scenario, const std::function<void(FaultEnv&)>& plan,
          const std::function<void(FaultEnv&, Store&)>& after_failure) {
    const std::string folder = MakeTemporaryFolder();
    FaultEnv env;
    Allowed allowed;
    int failures = 0;
    {
      LevelDbOptions options;
      options.env = &env;
      options.write_buffer_bytes = size_t{4} << 20;
      options.probe_bytes = 1000;
      options.engine.reopen_pause = absl::Milliseconds(1);
      options.engine.reopen_pause_max = absl::Milliseconds(1);
      options.engine.on_fatal = [](const absl::Status& status) { ADD_FAILURE() << status; };
      auto store = OpenLevelDbStore(folder, options);
      EXPECT_TRUE(store.ok()) << store.status();
      plan(env);
      std::atomic<int> attempt = 0;
      const auto write = [&](int writer) {
        for (int i = 0; i < scenario.writes && !testing::Test::HasFailure(); ++i) {
          const std::string key = "t/" + std::to_string(writer) + "/" + std::to_string(i % scenario.keys);
          while (true) {
            const std::string value = std::to_string(++attempt) + std::string(scenario.value_bytes, 'v');
            const absl::Status status = (*store)->Transact([&](Transaction& txn) {
              txn.Put(key, value);
              return absl::OkStatus();
            });
            if (status.ok()) {
              allowed.Acknowledged(key, value);
              break;
            }
            EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
            allowed.InDoubt(key, value);
            after_failure(env, **store);
            std::this_thread::yield();
          }
        }
      };
      std::vector<std::thread> writers;
      for (int writer = 1; writer < scenario.writers; ++writer) writers.emplace_back(write, writer);
      write(0);
      for (std::thread& writer : writers) writer.join();
      failures = env.failures();
      env.Heal();
      allowed.Check(ReadAll(**store));
    }
    // A new process on a sound disk finds the same.
    auto store = OpenLevelDbStore(folder, {.env = &env});
    EXPECT_TRUE(store.ok()) << store.status();
    if (store.ok()) allowed.Check(ReadAll(**store));
    if (store.ok()) store->reset();
    std::filesystem::remove_all(folder);
    return failures;
  }
};

constexpr LevelDbFaults::Scenario kSmall = {.writes = 8, .value_bytes = 20, .keys = 3};

TEST_F(LevelDbFaults, NoAcknowledgedWriteIsLostWhicheverOperationFails) {
  // Alone, or with a second failure some operations later: in the middle of
  // closing, probing and opening again.
  for (const int second : {0, 6, 12}) {
    for (int n = 1, failures = 1; failures > 0 && !HasFailure(); ++n) {
      SCOPED_TRACE(testing::Message() << "operation " << n << " fails, and " << second << " later");
      failures = Run(kSmall, [&](FaultEnv& env) { env.FailAt({n, n + second}); }, [](FaultEnv&, Store&) {});
    }
  }
}

// A batch holds what several wrote: of each it is kept or refused as a whole.
TEST_F(LevelDbFaults, NoAcknowledgedWriteOfSeveralAtOnceIsLost) {
  constexpr Scenario kSeveral = {.writes = 8, .value_bytes = 20, .keys = 3, .writers = 6};
  for (int n = 1, failures = 1; failures > 0 && !HasFailure(); ++n) {
    SCOPED_TRACE(testing::Message() << "operation " << n << " fails, and another later");
    failures = Run(kSeveral, [&](FaultEnv& env) { env.FailAt({n, n + 9}); }, [](FaultEnv&, Store&) {});
  }
}

TEST_F(LevelDbFaults, FullDiskStopsWritesOnlyAndForAsLongAsItLasts) {
  for (int n = 1, failures = 1; failures > 0 && !HasFailure(); ++n) {
    SCOPED_TRACE(testing::Message() << "all fail from operation " << n);
    int failed = 0;
    failures = Run(
        kSmall, [&](FaultEnv& env) { env.FailFrom(n); },
        [&](FaultEnv& env, Store& store) {
          const auto read = store.Read([](Reader& reader) { return reader.Scan(kTestRange); });
          EXPECT_TRUE(read.ok()) << "reads go on: " << read.status();
          if (++failed == 20) env.Heal();
        });
    // Healing forgets the count.
    failures += failed;
  }
}

// A backup, which reads for minutes, must not keep a failed disk from being
// opened again; it ends, and can be repeated.
TEST_F(LevelDbFaults, LongReadingLetsGoOfAFailedDisk) {
  const std::string folder = MakeTemporaryFolder();
  FaultEnv env;
  LevelDbOptions options;
  options.env = &env;
  options.probe_bytes = 1000;
  options.engine.reopen_pause = absl::Milliseconds(1);
  auto store = OpenLevelDbStore(folder, options);
  ASSERT_TRUE(store.ok()) << store.status();
  const auto put = [&] {
    return (*store)->Transact([](Transaction& txn) {
      txn.Put("t/a", "1");
      return absl::OkStatus();
    });
  };
  ASSERT_TRUE(put().ok());
  const absl::Status read = (*store)->Read([&](Reader& reader) -> absl::Status {
    env.FailAt({1});
    std::thread([&] { EXPECT_EQ(put().code(), absl::StatusCode::kUnavailable); }).join();
    while (true) {
      if (const auto page = reader.Scan(kTestRange); !page.ok()) return page.status();
      std::this_thread::yield();
    }
  });
  EXPECT_EQ(read.code(), absl::StatusCode::kUnavailable) << read;
  while (!put().ok()) std::this_thread::yield();
  store->reset();
  std::filesystem::remove_all(folder);
}

// Large values: memtables are written out and tables merged meanwhile. Every
// operation would take minutes, so a stride that meets all kinds of them.
TEST_F(LevelDbFaults, NoAcknowledgedWriteIsLostWhileTablesAreWritten) {
  constexpr LevelDbFaults::Scenario kLarge = {.writes = 40, .value_bytes = 300'000, .keys = 7};
  for (int n = 1, failures = 1; failures > 0 && !HasFailure(); n += 251) {
    SCOPED_TRACE(testing::Message() << "operation " << n << " fails");
    failures = Run(kLarge, [&](FaultEnv& env) { env.FailAt({n}); }, [](FaultEnv&, Store&) {});
  }
}

}  // namespace
}  // namespace alcove::store
