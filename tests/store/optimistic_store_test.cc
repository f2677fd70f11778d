// The engine over a disk that waits, fails and forgets when the test says so.
#include "store/optimistic_store.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "store/gated_store.h"
#include "store/memory_disk.h"
#include "store/status_macros.h"
#include "tests/store/store_contract.h"

namespace alcove::store {
namespace {

// Set once, waited for.
class Event {
 public:
  void Set() {
    const MutexLock lock(mutex_);
    set_ = true;
    changed_.NotifyAll();
  }
  void Wait() {
    const MutexLock lock(mutex_);
    while (!set_) changed_.Wait(mutex_);
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  bool set_ ABSL_GUARDED_BY(mutex_) = false;
};

// What the test turns, shared with the disk that the store owns.
class Controls {
 public:
  enum class Writes { kPass, kHold, kFail, kApplyThenFail };

  void Set(Writes writes) {
    const MutexLock lock(mutex_);
    writes_ = writes;
    changed_.NotifyAll();
  }
  // For the disk: waits while writes are held.
  Writes Enter() {
    const MutexLock lock(mutex_);
    ++entered_;
    changed_.NotifyAll();
    while (writes_ == Writes::kHold) changed_.Wait(mutex_);
    return writes_;
  }
  void AwaitWrites(int count) {
    const MutexLock lock(mutex_);
    while (entered_ < count) changed_.Wait(mutex_);
  }
  int writes() {
    const MutexLock lock(mutex_);
    return entered_;
  }

  // What Reopen() does: counts, then answers with what is left here, then OK.
  absl::Status Reopen() {
    const MutexLock lock(mutex_);
    ++reopened_;
    changed_.NotifyAll();
    if (reopen_answers_.empty()) return absl::OkStatus();
    if (reopen_answers_.size() == 1) return reopen_answers_.front();
    const absl::Status answer = reopen_answers_.front();
    reopen_answers_.erase(reopen_answers_.begin());
    return answer;
  }
  // The last stays for ever, unless it is OK or replaced.
  void AnswerReopen(std::vector<absl::Status> answers) {
    const MutexLock lock(mutex_);
    reopen_answers_ = std::move(answers);
  }
  void AwaitReopenings(int count) {
    const MutexLock lock(mutex_);
    while (reopened_ < count) changed_.Wait(mutex_);
  }
  int reopened() {
    const MutexLock lock(mutex_);
    return reopened_;
  }
  std::atomic<bool> forgets_on_reopen = false;

  // Called before a key is read in a snapshot. Of the thread that reads.
  std::function<void()> before_snapshot_get;

 private:
  Mutex mutex_;
  CondVar changed_;
  Writes writes_ ABSL_GUARDED_BY(mutex_) = Writes::kPass;
  int entered_ ABSL_GUARDED_BY(mutex_) = 0;
  int reopened_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<absl::Status> reopen_answers_ ABSL_GUARDED_BY(mutex_);
};
using Writes = Controls::Writes;

class ControlledReader final : public Reader {
 public:
  ControlledReader(Controls& controls, std::unique_ptr<Reader> snapshot)
      : controls_(controls), snapshot_(std::move(snapshot)) {}
  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) override {
    if (const auto before = std::exchange(controls_.before_snapshot_get, nullptr)) before();
    return snapshot_->Get(key);
  }
  absl::StatusOr<std::vector<Entry>> Scan(const Range& range, const ScanOptions& options) override {
    return snapshot_->Scan(range, options);
  }

 private:
  Controls& controls_;
  const std::unique_ptr<Reader> snapshot_;
};

class ControlledDisk final : public Disk {
 public:
  explicit ControlledDisk(Controls& controls) : controls_(controls) {}
  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) override { return kept_.Get(key); }
  absl::StatusOr<std::vector<Entry>> Scan(const Range& range, const ScanOptions& options) override {
    return kept_.Scan(range, options);
  }
  absl::StatusOr<std::unique_ptr<Reader>> Snapshot() override { return kept_.Snapshot(); }
  std::unique_ptr<Reader> SnapshotAtOnce() override {
    return std::make_unique<ControlledReader>(controls_, kept_.SnapshotAtOnce());
  }
  absl::Status Write(const std::vector<Change>& changes) override {
    const Writes writes = controls_.Enter();
    if (writes != Writes::kFail) RETURN_IF_ERROR(kept_.Write(changes));
    return writes == Writes::kPass ? absl::OkStatus() : absl::UnavailableError("the disk said no");
  }
  absl::Status Reopen() override {
    RETURN_IF_ERROR(controls_.Reopen());
    if (!controls_.forgets_on_reopen) return absl::OkStatus();
    ASSIGN_OR_RETURN(const auto all, kept_.Scan(kTestRange, {}));
    for (const Entry& entry : all) RETURN_IF_ERROR(kept_.Write({{entry.key, std::nullopt}}));
    return absl::OkStatus();
  }

 private:
  Controls& controls_;
  MemoryDisk kept_;
};

class OptimisticStoreTest : public testing::Test {
 protected:
  OptimisticStoreTest() {
    EngineOptions options;
    options.reopen_pause = absl::Milliseconds(1);
    options.reopen_pause_max = absl::Milliseconds(1);
    options.reopen_attempts_max = 3;
    options.on_fatal = [this](const absl::Status& status) {
      fatal_status_ = status;
      fatal_.Set();
    };
    store_ = std::make_unique<OptimisticStore>(std::make_unique<ControlledDisk>(controls_), "epoch", options);
  }

  absl::Status Put(const std::string& key, const std::string& value) {
    return store_->Transact([&](Transaction& txn) {
      txn.Put(key, value);
      return absl::OkStatus();
    });
  }
  // What a transaction sees, and when it may say so.
  absl::StatusOr<std::optional<std::string>> GetInTransaction(const std::string& key, Event* ran = nullptr) {
    return store_->Transact([&](Transaction& txn) {
      auto value = txn.Get(key);
      if (ran != nullptr) ran->Set();
      return value;
    });
  }
  // Else it might just look for work. Until writes pass.
  std::thread OccupyCommitter() {
    controls_.Set(Writes::kHold);
    std::thread before([this] { EXPECT_TRUE(Put("t/before", "1").ok()); });
    controls_.AwaitWrites(1);
    return before;
  }
  std::optional<std::string> GetDurable(const std::string& key) {
    return *store_->Read([&](Reader& reader) { return reader.Get(key); });
  }

  Controls controls_;
  Event fatal_;
  absl::Status fatal_status_;
  std::unique_ptr<OptimisticStore> store_;
};

class CountingWatcher final : public Watcher {
 public:
  void TopicsChanged(const std::vector<std::string>& topics) override { heard += static_cast<int>(topics.size()); }
  std::atomic<int> heard = 0;
};

// One write is held on its way to the disk: nobody may be told of it.
TEST_F(OptimisticStoreTest, NothingIsToldBeforeItIsDurable) {
  CountingWatcher watcher;
  store_->Watch(&watcher);
  controls_.Set(Writes::kHold);

  std::atomic<bool> answered = false;
  std::thread writer([&] {
    EXPECT_TRUE(store_
                    ->Transact([&](Transaction& txn) {
                      txn.Put("t/a", "1");
                      txn.Signal("topic");
                      return absl::OkStatus();
                    })
                    .ok());
    answered = true;
  });
  controls_.AwaitWrites(1);

  // A transaction sees it at once, though it must not speak of it yet.
  Event ran;
  std::atomic<bool> reader_answered = false;
  std::thread reader([&] {
    EXPECT_EQ(*GetInTransaction("t/a", &ran), "1");
    reader_answered = true;
  });
  Event refused_ran;
  std::atomic<bool> refused_answered = false;
  std::thread refused([&] {
    const absl::Status status = store_->Transact([&](Transaction& txn) -> absl::Status {
      const auto entries = txn.Scan(kTestRange);
      EXPECT_EQ(entries->size(), 1u);
      refused_ran.Set();
      return absl::AlreadyExistsError("");
    });
    EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
    refused_answered = true;
  });
  ran.Wait();
  refused_ran.Wait();

  // What does not rest on it is answered, before and while it is held.
  EXPECT_EQ(*GetInTransaction("t/b"), std::nullopt);
  EXPECT_EQ(GetDurable("t/a"), std::nullopt);
  EXPECT_FALSE(answered);
  EXPECT_FALSE(reader_answered);
  EXPECT_FALSE(refused_answered);
  EXPECT_EQ(watcher.heard, 0);

  controls_.Set(Writes::kPass);
  writer.join();
  EXPECT_EQ(watcher.heard, 1) << "a topic is heard before the answer is given";
  EXPECT_EQ(GetDurable("t/a"), "1");
  reader.join();
  refused.join();
  store_->Watch(nullptr);
}

class CommitCounter final : public Watcher {
 public:
  void TopicsChanged(const std::vector<std::string>&) override {}
  void CommitsMade(size_t commits, std::chrono::nanoseconds took) override {
    EXPECT_GE(took.count(), 0);
    const MutexLock lock(mutex_);
    commits_ += commits;
    changed_.NotifyAll();
  }
  // What never comes is for the test's own time-out.
  size_t Await(size_t commits) {
    const MutexLock lock(mutex_);
    while (commits_ < commits) changed_.Wait(mutex_);
    return commits_;
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  size_t commits_ ABSL_GUARDED_BY(mutex_) = 0;
};

TEST_F(OptimisticStoreTest, TellsOfCommitsThatWrote) {
  CommitCounter watcher;
  store_->Watch(&watcher);
  const auto write = [&](const std::string& key) {
    return store_->Transact([&](Transaction& txn) {
      if (!key.empty()) txn.Put(key, "1");
      txn.Signal("topic");
      return absl::OkStatus();
    });
  };
  EXPECT_TRUE(write("t/a").ok());
  EXPECT_TRUE(write("").ok()) << "a topic alone needs no disk";
  controls_.Set(Controls::Writes::kFail);
  EXPECT_FALSE(write("t/b").ok());
  controls_.Set(Controls::Writes::kPass);
  while (!write("t/b").ok()) {
  }
  EXPECT_EQ(watcher.Await(2), 2U);
  store_->Watch(nullptr);
}

// Writers of one key need not wait for each other's sync.
TEST_F(OptimisticStoreTest, WritersOfOneKeyShareASync) {
  constexpr size_t kWriters = 10;
  controls_.Set(Writes::kHold);
  std::vector<std::thread> threads;
  // Looks from a thread of its own, whose answer comes when the disk lets it.
  const auto length_seen = [&] {
    struct Look {
      Event ran;
      std::atomic<size_t> length = 0;
    };
    const auto look = std::make_shared<Look>();
    threads.emplace_back([this, look] {
      EXPECT_TRUE(store_
                      ->Transact([&](Transaction& txn) -> absl::Status {
                        ASSIGN_OR_RETURN(const auto value, txn.Get("t/n"));
                        look->length = value.value_or("").size();
                        look->ran.Set();
                        return absl::OkStatus();
                      })
                      .ok());
    });
    look->ran.Wait();
    return look->length.load();
  };
  for (size_t i = 0; i < kWriters; ++i) {
    threads.emplace_back([this] {
      EXPECT_TRUE(store_
                      ->Transact([&](Transaction& txn) -> absl::Status {
                        ASSIGN_OR_RETURN(const auto before, txn.Get("t/n"));
                        txn.Put("t/n", before.value_or("") + "x");
                        return absl::OkStatus();
                      })
                      .ok());
    });
    while (length_seen() <= i) std::this_thread::yield();
    // Else the others might come in time for the first one's batch.
    if (i == 0) controls_.AwaitWrites(1);
  }
  controls_.Set(Writes::kPass);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(GetDurable("t/n"), std::string(kWriters, 'x'));
  EXPECT_EQ(controls_.writes(), 2) << "the first, and all others together";
}

// --- When the disk fails -----------------------------------------------------

TEST_F(OptimisticStoreTest, FailedWriteFailsAllThatIsNotDurable) {
  CountingWatcher watcher;
  store_->Watch(&watcher);
  ASSERT_TRUE(Put("t/a", "1").ok());
  controls_.Set(Writes::kHold);
  std::vector<std::thread> threads;
  const auto fails = [&](const std::function<absl::Status(Transaction&)>& body) {
    const auto ran = std::make_shared<Event>();
    threads.emplace_back([this, ran, body] {
      const absl::Status status = store_->Transact([&](Transaction& txn) {
        absl::Status result = body(txn);
        ran->Set();
        return result;
      });
      EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
    });
    ran->Wait();
  };
  fails([](Transaction& txn) {
    txn.Put("t/a", "2");
    txn.Signal("topic");
    return absl::OkStatus();
  });
  controls_.AwaitWrites(2);
  // Waits behind it; has seen it; refuses because of it.
  fails([](Transaction& txn) {
    txn.Put("t/b", "2");
    return absl::OkStatus();
  });
  fails([](Transaction& txn) { return txn.Get("t/a").status(); });
  fails([](Transaction& txn) {
    EXPECT_EQ(*txn.Get("t/a"), "2");
    return absl::NotFoundError("");
  });
  // Never to be opened again while the test looks.
  controls_.AnswerReopen({absl::ResourceExhaustedError("full")});
  controls_.Set(Writes::kFail);
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(GetDurable("t/a"), "1") << "reads go on";
  EXPECT_EQ(Put("t/c", "1").code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(watcher.heard, 0);

  // A disk that is only full is tried for ever.
  controls_.AwaitReopenings(10);
  EXPECT_EQ(GetDurable("t/a"), "1");
  controls_.Set(Writes::kPass);
  controls_.AnswerReopen({});
  while (!Put("t/c", "2").ok()) std::this_thread::yield();
  EXPECT_EQ(ReadAll(*store_), (Map{{"t/a", "1"}, {"t/c", "2"}}));
  EXPECT_EQ(watcher.heard, 1) << "it might have been kept";
  store_->Watch(nullptr);
}

// A body that saw what was thrown away is run again, or refused.
TEST_F(OptimisticStoreTest, BodyThatSawALostWriteDoesNotCount) {
  ASSERT_TRUE(Put("t/a", "1").ok());
  int runs = 0;
  const absl::Status status = store_->Transact([&](Transaction& txn) -> absl::Status {
    if (++runs > 1) {
      EXPECT_EQ(*txn.Get("t/a"), "1");
      return absl::OkStatus();
    }
    std::thread([&] {
      controls_.Set(Writes::kFail);
      EXPECT_EQ(Put("t/a", "lost").code(), absl::StatusCode::kUnavailable);
      controls_.Set(Writes::kPass);
      while (!Put("t/b", "1").ok()) std::this_thread::yield();
    }).join();
    EXPECT_EQ(txn.Get("t/a").status().code(), absl::StatusCode::kAborted);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(runs, 2);
}

// The batch that failed may have been written all the same. That is neither a
// loss nor, at the next failure, a surprise.
TEST_F(OptimisticStoreTest, BatchInDoubtMayHaveBeenWritten) {
  ASSERT_TRUE(Put("t/a", "1").ok());
  for (const char* value : {"2", "3"}) {
    controls_.Set(Writes::kApplyThenFail);
    EXPECT_EQ(Put("t/a", value).code(), absl::StatusCode::kUnavailable);
    controls_.Set(Writes::kPass);
    while (!Put("t/b", "1").ok()) std::this_thread::yield();
    EXPECT_EQ(GetDurable("t/a"), value);
  }
  EXPECT_EQ(controls_.reopened(), 2);
  EXPECT_EQ(fatal_status_, absl::OkStatus());
}

// Its caller is told of a failure, and may never come again: who waits must be
// woken all the same, once the batch can be read.
TEST_F(OptimisticStoreTest, BatchInDoubtWakesWhoWaitsForIt) {
  class Reading final : public Watcher {
   public:
    explicit Reading(Controls& controls) : controls_(controls) {}
    void TopicsChanged(const std::vector<std::string>& topics) override {
      const MutexLock lock(mutex_);
      for (const std::string& topic : topics) heard_.push_back(topic + " " + std::to_string(controls_.reopened()));
    }
    std::vector<std::string> heard() {
      const MutexLock lock(mutex_);
      return heard_;
    }

   private:
    Controls& controls_;
    Mutex mutex_;
    std::vector<std::string> heard_ ABSL_GUARDED_BY(mutex_);
  };
  Reading watcher(controls_);
  store_->Watch(&watcher);
  controls_.Set(Writes::kApplyThenFail);
  const absl::Status status = store_->Transact([](Transaction& txn) {
    txn.Put("t/a", "kept");
    txn.Signal("topic");
    return absl::OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  controls_.Set(Writes::kPass);
  while (!Put("t/b", "1").ok()) std::this_thread::yield();
  EXPECT_EQ(GetDurable("t/a"), "kept");
  EXPECT_EQ(watcher.heard(), (std::vector<std::string>{"topic 1"})) << "after the reopening";
  store_->Watch(nullptr);
}

TEST_F(OptimisticStoreTest, AcknowledgedWriteThatIsGoneIsFatal) {
  ASSERT_TRUE(Put("t/a", "1").ok());
  controls_.forgets_on_reopen = true;
  controls_.Set(Writes::kFail);
  EXPECT_EQ(Put("t/b", "1").code(), absl::StatusCode::kUnavailable);
  fatal_.Wait();
  EXPECT_EQ(fatal_status_.code(), absl::StatusCode::kDataLoss) << fatal_status_;
  EXPECT_EQ(Put("t/b", "1").code(), absl::StatusCode::kUnavailable);
}

TEST_F(OptimisticStoreTest, DiskThatDoesNotOpenAgainIsFatalAfterSomeTries) {
  controls_.AnswerReopen({absl::UnavailableError("no")});
  controls_.Set(Writes::kFail);
  EXPECT_EQ(Put("t/a", "1").code(), absl::StatusCode::kUnavailable);
  fatal_.Wait();
  EXPECT_EQ(controls_.reopened(), 3);
  EXPECT_EQ(Put("t/a", "1").code(), absl::StatusCode::kUnavailable);
}

TEST_F(OptimisticStoreTest, DiskThatOpensAtTheLastTryIsUsed) {
  controls_.AnswerReopen({absl::UnavailableError("no"), absl::UnavailableError("no"), absl::OkStatus()});
  controls_.Set(Writes::kFail);
  EXPECT_EQ(Put("t/a", "1").code(), absl::StatusCode::kUnavailable);
  controls_.Set(Writes::kPass);
  while (!Put("t/a", "2").ok()) std::this_thread::yield();
  EXPECT_EQ(GetDurable("t/a"), "2");
  EXPECT_EQ(fatal_status_, absl::OkStatus());
}

// --- Ends --------------------------------------------------------------------

TEST_F(OptimisticStoreTest, EndingInTheMiddleOfAFailureReturns) {
  controls_.AnswerReopen({absl::ResourceExhaustedError("full")});
  controls_.Set(Writes::kFail);
  EXPECT_EQ(Put("t/a", "1").code(), absl::StatusCode::kUnavailable);
  controls_.AwaitReopenings(1);
  store_.reset();
}

// Who takes a watcher away may destroy it: its last call has ended.
TEST_F(OptimisticStoreTest, WatcherIsNotCalledAfterItWasTakenAway) {
  class Slow final : public Watcher {
   public:
    void TopicsChanged(const std::vector<std::string>&) override {
      called.Set();
      std::this_thread::yield();
      for (int i = 0; i < 1000; ++i) sum += i;
      done = true;
    }
    Event called;
    std::atomic<int> sum = 0;
    std::atomic<bool> done = false;
  };
  auto slow = std::make_unique<Slow>();
  store_->Watch(slow.get());
  std::thread writer([&] {
    EXPECT_TRUE(store_
                    ->Transact([&](Transaction& txn) {
                      txn.Signal("topic");
                      return absl::OkStatus();
                    })
                    .ok());
  });
  slow->called.Wait();
  store_->Watch(nullptr);
  EXPECT_TRUE(slow->done);
  slow.reset();
  writer.join();
}

// The disk holds the write; who asked for it goes on and hears of it later.
TEST_F(OptimisticStoreTest, AGatedTransactionComesBackBeforeItIsDurable) {
  controls_.Set(Writes::kHold);
  GatedStore gated(*store_);
  EXPECT_TRUE(gated
                  .Transact([&](Transaction& txn) {
                    txn.Put("t/a", "1");
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_EQ(GetDurable("t/a"), std::nullopt);

  const FatePtr fate = gated.TakeFate();
  ASSERT_NE(fate, nullptr);
  EXPECT_EQ(gated.TakeFate(), nullptr);
  Event decided;
  absl::Status status = absl::UnknownError("not decided");
  fate->WhenDecided([&](absl::Status decision) {
    status = std::move(decision);
    decided.Set();
  });
  controls_.AwaitWrites(1);
  EXPECT_FALSE(status.ok());
  controls_.Set(Writes::kPass);
  decided.Wait();
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(GetDurable("t/a"), "1");
}

TEST_F(OptimisticStoreTest, AGatedReadThatRestsOnNothingNewHasNoFate) {
  ASSERT_TRUE(Put("t/a", "1").ok());
  GatedStore gated(*store_);
  EXPECT_EQ(*gated.Transact([&](Transaction& txn) { return txn.Get("t/a"); }), "1");
  EXPECT_EQ(*gated.Read([&](Reader& reader) { return reader.Get("t/a"); }), "1");
  EXPECT_EQ(gated.TakeFate(), nullptr);
}

TEST_F(OptimisticStoreTest, AGatedStoreSeesItsOwnWritesWhereverItReadsNext) {
  GatedStore gated(*store_);
  const auto put = [&](const std::string& value) {
    return gated.Transact([&](Transaction& txn) {
      txn.Put("t/a", value);
      return absl::OkStatus();
    });
  };
  ASSERT_TRUE(put("1").ok());
  EXPECT_EQ(*gated.Read([&](Reader& reader) { return reader.Get("t/a"); }), "1");
  ASSERT_TRUE(put("2").ok());
  EXPECT_EQ(*gated.Transact([&](Transaction& txn) { return txn.Get("t/a"); }), "2");
}

TEST_F(OptimisticStoreTest, AGatedStoreThatMustNotWaitRefusesWhatWouldAndAllBehindIt) {
  GatedStore gated(*store_, GatedStore::Pace::kAtOnce);
  const auto put = [&](Transaction& txn) -> absl::Status {
    ASSIGN_OR_RETURN(const auto before, txn.Get("t/a"));
    if (!before) Meanwhile([&] { EXPECT_TRUE(Put("t/a", "0").ok()); });
    txn.Put("t/a", "1");
    return absl::OkStatus();
  };
  EXPECT_TRUE(absl::IsUnavailable(gated.Transact(put)));
  EXPECT_TRUE(gated.refused());
  EXPECT_TRUE(absl::IsUnavailable(gated.Transact(put))) << "it is to be run again from its beginning";
  EXPECT_TRUE(absl::IsUnavailable(gated.Read([](Reader&) { return absl::OkStatus(); })));
  EXPECT_EQ(gated.TakeFate(), nullptr);
  EXPECT_EQ(GetDurable("t/a"), "0");

  GatedStore again(*store_, GatedStore::Pace::kAtOnce);
  EXPECT_EQ(*again.Read([&](Reader& reader) { return reader.Get("t/a"); }), "0");
  EXPECT_TRUE(again.Transact(put).ok());
  EXPECT_FALSE(again.refused());
  EXPECT_TRUE(absl::IsUnavailable(again.Read([](Reader&) { return absl::OkStatus(); }))) << "it may have to wait";
  EXPECT_TRUE(again.refused());
  EXPECT_TRUE(again.Settle().ok());
  EXPECT_EQ(GetDurable("t/a"), "1");
}

// It is asked for once, before the snapshot is: what is made, and durable, between the two must not be seen.
TEST_F(OptimisticStoreTest, ASnapshotIsReadAsItWasAtTheStart) {
  for (const bool writes : {false, true}) {
    ASSERT_TRUE(Put("t/a", "1").ok());
    controls_.before_snapshot_get = [&] { Meanwhile([&] { EXPECT_TRUE(Put("t/a", "2").ok()); }); };
    FatePtr fate;
    const auto status = store_->SequenceAtOnce(
        [&](Transaction& txn) -> absl::Status {
          EXPECT_EQ(*txn.Get("t/a"), "1");
          if (writes) txn.Put("t/b", "1");
          return absl::OkStatus();
        },
        fate);
    EXPECT_EQ(GetDurable("t/a"), "2");
    EXPECT_EQ(status.has_value(), !writes) << "what rests on an older state is not written";
    EXPECT_EQ(fate, nullptr);
  }
}

// Who makes several tells the committer once, which carries them out together.
TEST_F(OptimisticStoreTest, WhatIsMadeAtOnceIsCarriedOutTogether) {
  std::thread before = OccupyCommitter();
  std::vector<FatePtr> fates;
  for (const char* const key : {"t/a", "t/b", "t/c"}) {
    const auto put = [&](Transaction& txn) {
      txn.Put(key, "1");
      return absl::OkStatus();
    };
    EXPECT_EQ(store_->SequenceAtOnce(put, fates.emplace_back()), absl::OkStatus());
  }
  EXPECT_EQ(GetDurable("t/c"), std::nullopt);
  controls_.Set(Writes::kPass);
  before.join();
  store_->CarryOut();
  for (const FatePtr& fate : fates) EXPECT_TRUE(fate->Await().ok());
  EXPECT_EQ(controls_.writes(), 2);
  EXPECT_EQ(GetDurable("t/c"), "1");
  store_->CarryOut();
  EXPECT_TRUE(Put("t/d", "1").ok());
  EXPECT_EQ(controls_.writes(), 3) << "there was nothing to carry out";
}

// What one batch tells is told between the beginning and the end of one TellTogether().
TEST_F(OptimisticStoreTest, ABatchIsToldTogether) {
  class Together final : public Watcher {
   public:
    void TellTogether(absl::FunctionRef<void()> tell) override {
      ++times;
      telling = true;
      tell();
      telling = false;
    }
    void TopicsChanged(const std::vector<std::string>& topics) override {
      EXPECT_TRUE(telling);
      heard += topics.size();
    }
    std::atomic<bool> telling = false;
    std::atomic<size_t> times = 0, heard = 0;
  } watcher;
  std::thread before = OccupyCommitter();
  store_->Watch(&watcher);
  std::vector<FatePtr> fates;
  std::atomic<int> decided = 0;
  for (const char* const topic : {"a", "b"}) {
    const auto signal = [&](Transaction& txn) {
      txn.Put(std::string("t/") + topic, "1");
      txn.Signal(topic);
      return absl::OkStatus();
    };
    ASSERT_EQ(store_->SequenceAtOnce(signal, fates.emplace_back()), absl::OkStatus());
    fates.back()->WhenDecided([&](const absl::Status& status) {
      EXPECT_TRUE(status.ok() && watcher.telling);
      ++decided;
    });
  }
  store_->CarryOut();
  controls_.Set(Writes::kPass);
  before.join();
  while (decided < 2) std::this_thread::yield();
  store_->Watch(nullptr);
  EXPECT_EQ(watcher.times, 2U) << "that which was on its way, and those two";
  EXPECT_EQ(watcher.heard, 2U);
}

TEST_F(OptimisticStoreTest, AGatedStoreGoesNoFurtherAfterALoss) {
  controls_.Set(Writes::kFail);
  controls_.AnswerReopen({absl::ResourceExhaustedError("full")});
  GatedStore gated(*store_);
  const auto put = [&] {
    return gated.Transact([&](Transaction& txn) {
      txn.Put("t/a", "1");
      return absl::OkStatus();
    });
  };
  ASSERT_TRUE(put().ok());
  int ran = 0;
  EXPECT_TRUE(absl::IsUnavailable(gated.Read([&](Reader&) {
    ++ran;
    return absl::OkStatus();
  })));
  EXPECT_EQ(ran, 0);

  controls_.Set(Writes::kPass);
  controls_.AnswerReopen({});
  absl::Status again = absl::UnavailableError("");
  while (absl::IsUnavailable(again)) again = put();
  EXPECT_TRUE(again.ok());
  EXPECT_TRUE(gated.TakeFate()->Await().ok());
}

}  // namespace
}  // namespace alcove::store
