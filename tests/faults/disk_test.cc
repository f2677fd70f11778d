// The disk fails under a conversation.
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>

#include "store/leveldb_store.h"
#include "tests/faults/talk.h"
#include "tests/store/fault_env.h"
#include "tests/store/seed.h"
#include "tests/store/temporary_folder.h"

namespace alcove::functions {
namespace {

namespace fs = std::filesystem;
using store::FaultEnv;

store::LevelDbOptions OptionsWith(leveldb::Env* env) {
  store::LevelDbOptions options;
  options.env = env;
  options.write_buffer_bytes = size_t{4} << 20;
  options.probe_bytes = 1000;
  options.engine.reopen_pause = absl::Milliseconds(1);
  options.engine.reopen_pause_max = absl::Milliseconds(1);
  return options;
}

class FaultyDisk : public testing::Test {
 protected:
  FaultyDisk() : rng_(store::Seed()) {}
  ~FaultyDisk() override { fs::remove_all(folder_); }

  std::unique_ptr<store::Store> Open() {
    auto store = store::OpenLevelDbStore(folder_, OptionsWith(&env_));
    EXPECT_TRUE(store.ok()) << store.status();
    return store.ok() ? *std::move(store) : nullptr;
  }
  // Another process on a sound disk finds the same.
  void ExpectWholeWhenOpened(const Talk& talk) {
    env_.Heal();
    auto store = Open();
    if (store == nullptr) return;
    ExpectWhole(*store, talk.acknowledged());
    World world(std::move(store));
    world.clock.Advance(absl::Minutes(1));
    Talk more(world, rng_());
    more.Run(world, 3, [] { return false; });
    ExpectWhole(*world.store, more.acknowledged());
  }
  void Fresh() {
    fs::remove_all(folder_);
    folder_ = store::MakeTemporaryFolder();
  }

  struct Size {
    int steps;
    size_t text_bytes_max;
    int stride;
  };
  // Small: each operation. Large: memtables are written out and tables merged
  // meanwhile; every operation would take minutes, so a stride that meets all kinds.
  static constexpr Size kSizes[] = {{8, 40, 1}, {300, wire::kMessageTextBytesMax, 907}};

  std::mt19937_64 rng_;
  std::string folder_ = store::MakeTemporaryFolder();
  FaultEnv env_;
};

TEST_F(FaultyDisk, OneOperationFailsAndNothingIsLost) {
  SCOPED_TRACE(store::Replay());
  for (const Size& size : kSizes) {
    for (int n = 1, failures = 1; failures > 0 && !HasFailure(); n += size.stride) {
      SCOPED_TRACE(testing::Message() << size.steps << " steps, operation " << n << " fails");
      Fresh();
      std::optional<Talk> talk;
      {
        World world(Open());
        talk.emplace(world, rng_(), size.text_bytes_max);
        env_.FailAt({n});
        talk->Run(world, size.steps, [] { return true; });
        failures = env_.failures();
        ExpectWhole(*world.store, talk->acknowledged());
      }
      ExpectWholeWhenOpened(*talk);
    }
  }
}

// Full, and later not: writes are refused for as long, reads go on, nobody has to do anything.
TEST_F(FaultyDisk, FullDiskThatClearsLosesNothing) {
  SCOPED_TRACE(store::Replay());
  const Size& size = kSizes[0];
  for (int n = 1, failed = 1; failed > 0 && !HasFailure(); n += 3) {
    SCOPED_TRACE(testing::Message() << "all fail from operation " << n);
    Fresh();
    World world(Open());
    Talk talk(world, rng_(), size.text_bytes_max);
    env_.FailFrom(n);
    failed = 0;
    talk.Run(world, size.steps, [&] {
      EXPECT_TRUE(world.store->Read([](store::Reader& reader) { return reader.Get("t").status(); }).ok());
      if (++failed == 5) env_.Heal();
      return true;
    });
    ExpectWhole(*world.store, talk.acknowledged());
  }
}

TEST_F(FaultyDisk, PowerCutLosesNothingThatWasAcknowledged) {
  SCOPED_TRACE(store::Replay());
  for (const Size& size : kSizes) {
    for (int n = 1, failures = 1; failures > 0 && !HasFailure(); n += size.stride) {
      const auto loss = rng_() % 2 == 0 ? FaultEnv::Loss::kAll : FaultEnv::Loss::kTorn;
      SCOPED_TRACE(testing::Message() << size.steps << " steps, the power goes at operation " << n << ", torn "
                                      << (loss == FaultEnv::Loss::kTorn));
      Fresh();
      std::optional<Talk> talk;
      {
        World world(Open());
        talk.emplace(world, rng_(), size.text_bytes_max);
        env_.FailFrom(n);
        talk->Run(world, size.steps, [] { return false; });
        failures = env_.failures();
      }
      env_.LoseWhatIsNotSynced(loss, rng_);
      // And once more, while it is opened again.
      env_.FailFrom(static_cast<int>(1 + rng_() % 20));
      {
        const auto opened = store::OpenLevelDbStore(folder_, OptionsWith(&env_));
      }
      env_.LoseWhatIsNotSynced(loss, rng_);
      ExpectWholeWhenOpened(*talk);
    }
  }
}

// --- By the kernel's own hand ---------------------------------------------------

// Runs `act` in a process of its own, whose limits and mounts end with it: this program anew, for this test alone. A
// fork would not do where another test has been before: LevelDB's own thread is not in the copy, and is waited for.
void InAChild(const std::function<void()>& act) {
  constexpr char kIsChild[] = "ALCOVE_FAULTS_CHILD";
  constexpr int kHasRun = 42;  // not what a run of no test ends with
  if (std::getenv(kIsChild) != nullptr) {
    act();
    if (!testing::Test::HasFailure()) std::exit(kHasRun);
    return;
  }
  const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
  const std::string filter = std::string("--gtest_filter=") + test.test_suite_name() + "." + test.name();
  std::fflush(nullptr);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    setenv(kIsChild, "1", 1);
    // This test may be the first of our part, and of the part of one test is not.
    unsetenv("GTEST_TOTAL_SHARDS");
    unsetenv("GTEST_SHARD_INDEX");
    execl("/proc/self/exe", "faults_test", filter.c_str(), nullptr);
    _exit(127);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == kHasRun) << "the child failed, above is why: " << status;
}

// Talks until the disk refuses, looks that it goes on refusing, clears it, and
// talks on. The store opens its files again by itself.
void FillAndClear(const std::string& folder, const std::function<void()>& clear) {
  auto opened = store::OpenLevelDbStore(folder);
  ASSERT_TRUE(opened.ok()) << opened.status();
  std::optional<Talk> talk;
  {
    World world(*std::move(opened));
    talk.emplace(world, store::Seed(), wire::kMessageTextBytesMax);
    int refused = 0;
    talk->Run(world, 100'000, [&] { return ++refused < 20; });
    EXPECT_EQ(refused, 20) << "the disk was never full";
    EXPECT_GT(talk->acknowledged().size(), 5U);
    ExpectWhole(*world.store, talk->acknowledged());
    clear();
    talk->Run(world, 50, [] {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      return true;
    });
    ExpectWhole(*world.store, talk->acknowledged());
  }
  auto again = store::OpenLevelDbStore(folder);
  ASSERT_TRUE(again.ok()) << again.status();
  ExpectWhole(**again, talk->acknowledged());
}

// EFBIG, which LevelDB takes as it takes ENOSPC; needs no rights.
TEST_F(FaultyDisk, FileThatMayNotGrowIsAFullDisk) {
  InAChild([&] {
    signal(SIGXFSZ, SIG_IGN);
    rlimit limit = {};
    getrlimit(RLIMIT_FSIZE, &limit);
    const rlim_t before = limit.rlim_cur;
    limit.rlim_cur = 300'000;
    setrlimit(RLIMIT_FSIZE, &limit);
    FillAndClear(folder_, [&] {
      limit.rlim_cur = before;
      setrlimit(RLIMIT_FSIZE, &limit);
    });
  });
}

// ENOSPC of a small tmpfs, where a process may have mounts of its own (as root,
// or by a user namespace). Elsewhere the same by the size that a file may have.
TEST_F(FaultyDisk, FullTmpfsThatIsClearedLosesNothing) {
  InAChild([&] {
    const bool alone = unshare(CLONE_NEWNS) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0;
    const bool mounted = alone && mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                         mount("tmpfs", folder_.c_str(), "tmpfs", 0, "size=38m") == 0;
    if (!mounted) {
      std::printf("no mounts of its own here: a limit of the size of files stands for the tmpfs\n");
      signal(SIGXFSZ, SIG_IGN);
      rlimit limit = {};
      getrlimit(RLIMIT_FSIZE, &limit);
      limit.rlim_cur = 500'000;
      setrlimit(RLIMIT_FSIZE, &limit);
      FillAndClear(folder_ + "/data", [&] {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_FSIZE, &limit);
      });
      return;
    }
    // What else fills the disk, and is removed.
    const std::string ballast = folder_ + "/ballast";
    std::ofstream(ballast, std::ios::binary) << std::string(28 << 20, 'b');
    FillAndClear(folder_ + "/data", [&] { fs::remove(ballast); });
    EXPECT_EQ(umount2(folder_.c_str(), MNT_DETACH), 0);
  });
}

}  // namespace
}  // namespace alcove::functions
