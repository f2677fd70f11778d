// What is remembered is what the disk would say.
#include "store/remembering_disk.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "store/memory_disk.h"
#include "store/status_macros.h"
#include "tests/store/seed.h"

namespace alcove::store {
namespace {

constexpr RememberingDisk::Room kPlenty = {.news = size_t{1} << 20, .others = size_t{1} << 20};

bool IsNews(std::string_view key) { return key.starts_with("news"); }

// Counts what is asked of it, and lets tests step in.
class WatchedDisk final : public Disk {
 public:
  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) override {
    ++gets;
    auto value = kept_.Get(key);
    if (after_get) after_get();
    return value;
  }
  absl::StatusOr<std::vector<Entry>> Scan(const Range& range, const ScanOptions& options) override {
    return kept_.Scan(range, options);
  }
  absl::StatusOr<std::unique_ptr<Reader>> Snapshot() override { return SnapshotAtOnce(); }
  std::unique_ptr<Reader> SnapshotAtOnce() override { return std::make_unique<WatchedReader>(*this); }
  absl::Status Write(const std::vector<Change>& changes) override {
    if (before_write) before_write();
    RETURN_IF_ERROR(kept_.Write(changes));
    if (after_write) after_write();
    return fails ? absl::UnavailableError("no") : absl::OkStatus();
  }
  absl::Status Reopen() override {
    if (while_reopening) while_reopening();
    return absl::OkStatus();
  }

  int gets = 0;
  bool fails = false;
  std::function<void()> after_get, before_write, after_write, while_reopening;

 private:
  class WatchedReader final : public Reader {
   public:
    explicit WatchedReader(WatchedDisk& disk) : disk_(disk), inner_(disk.kept_.SnapshotAtOnce()) {}
    absl::StatusOr<std::optional<std::string>> Get(std::string_view key) override {
      ++disk_.gets;
      auto value = inner_->Get(key);
      if (disk_.after_get) disk_.after_get();
      return value;
    }
    absl::StatusOr<std::vector<Entry>> Scan(const Range& range, const ScanOptions& options) override {
      return inner_->Scan(range, options);
    }

   private:
    WatchedDisk& disk_;
    const std::unique_ptr<Reader> inner_;
  };

  MemoryDisk kept_;
};

class RememberingDiskTest : public testing::Test {
 protected:
  void Put(const std::string& key, const std::string& value) { ASSERT_TRUE(disk_.Write({{key, value}}).ok()); }
  std::string Get(const std::string& key) { return disk_.Get(key)->value_or("none"); }
  static std::string Get(Reader& reader, const std::string& key) { return reader.Get(key)->value_or("none"); }

  std::unique_ptr<WatchedDisk> owned_ = std::make_unique<WatchedDisk>();
  WatchedDisk& below_ = *owned_;
  RememberingDisk disk_{std::move(owned_), kPlenty, IsNews};
};

TEST_F(RememberingDiskTest, AsksOnceForWhatIsRead) {
  ASSERT_TRUE(below_.Write({{"a", "1"}}).ok());  // before it was there
  EXPECT_EQ(Get("a"), "1");
  EXPECT_EQ(Get("a"), "1");
  EXPECT_EQ(Get(*disk_.SnapshotAtOnce(), "a"), "1");
  EXPECT_EQ(below_.gets, 1);
}

TEST_F(RememberingDiskTest, AsksForNothingThatWasWrittenSinceItWasRead) {
  Put("a", "1");
  EXPECT_EQ(Get("a"), "1");
  EXPECT_EQ(below_.gets, 1) << "what nobody has read is not remembered";
  Put("a", "2");
  EXPECT_EQ(Get("a"), "2");
  EXPECT_EQ(Get(**disk_.Snapshot(), "a"), "2");
  EXPECT_EQ(below_.gets, 1);
  ASSERT_TRUE(disk_.Write({{"a", "3"}, {"a", std::nullopt}}).ok());
  EXPECT_EQ(Get("a"), "none");
  EXPECT_EQ(below_.gets, 1);
}

TEST_F(RememberingDiskTest, AsksOnceForWhatIsNotThere) {
  const auto older = disk_.SnapshotAtOnce();
  EXPECT_EQ(Get("a"), "none");
  EXPECT_EQ(Get("a"), "none");
  EXPECT_EQ(Get(*disk_.SnapshotAtOnce(), "a"), "none");
  EXPECT_EQ(below_.gets, 1);
  Put("a", "1");
  EXPECT_EQ(Get("a"), "1");
  EXPECT_EQ(below_.gets, 1) << "it is what was written in its place";
  EXPECT_EQ(Get(*older, "a"), "none");
}

TEST_F(RememberingDiskTest, AsksForNoNews) {
  const auto older = disk_.SnapshotAtOnce();
  Put("news 1", "1");
  EXPECT_EQ(Get("news 1"), "1");
  EXPECT_EQ(Get(*disk_.SnapshotAtOnce(), "news 1"), "1");
  EXPECT_EQ(below_.gets, 0);
  EXPECT_EQ(Get(*older, "news 1"), "none");
  ASSERT_TRUE(disk_.Write({{"news 2", "1"}, {"news 2", std::nullopt}}).ok());
  EXPECT_EQ(Get("news 2"), "none");
  Put("news 3", std::string(1 << 20, 'v'));
  below_.gets = 0;
  EXPECT_EQ(Get("news 3").size(), size_t{1} << 20);
  EXPECT_EQ(below_.gets, 1) << "one long value would push out all others";
}

TEST_F(RememberingDiskTest, IsNotInTheWayOfLongValues) {
  const std::string long_value(5000, 'v');
  Put("short", "1");
  EXPECT_EQ(Get("short"), "1");
  EXPECT_EQ(Get("absent"), "none");
  const auto older = disk_.SnapshotAtOnce();
  ASSERT_TRUE(disk_.Write({{"short", long_value}, {"absent", long_value}}).ok());
  EXPECT_EQ(Get("short"), long_value);
  EXPECT_EQ(Get("absent"), long_value);
  EXPECT_EQ(Get(*disk_.SnapshotAtOnce(), "absent"), long_value);
  EXPECT_EQ(Get(*older, "short"), "1");
  EXPECT_EQ(Get(*older, "absent"), "none");
}

TEST_F(RememberingDiskTest, TellsAnOlderSnapshotNothingNew) {
  Put("a", "1");
  const auto older = disk_.SnapshotAtOnce();
  Put("a", "2");
  Put("b", "2");
  EXPECT_EQ(Get(*older, "a"), "1");
  EXPECT_EQ(Get(*older, "b"), "none");
  EXPECT_EQ(Get("a"), "2");
}

// A reader has read, something is written, and only then the reader remembers.
TEST_F(RememberingDiskTest, RemembersNothingThatWasReplacedMeanwhile) {
  ASSERT_TRUE(below_.Write({{"a", "1"}}).ok());
  const auto write_once = [&] {
    below_.after_get = nullptr;
    Put("a", "2");
  };
  below_.after_get = write_once;
  EXPECT_EQ(Get("a"), "1") << "it began before the write";
  EXPECT_EQ(Get("a"), "2");
  below_.after_get = [&] {
    below_.after_get = nullptr;
    ASSERT_TRUE(disk_.Write({{"c", std::nullopt}}).ok());
  };
  ASSERT_TRUE(below_.Write({{"c", "1"}}).ok());
  EXPECT_EQ(Get("c"), "1");
  EXPECT_EQ(Get("c"), "none");
  below_.after_get = [&] {
    below_.after_get = nullptr;
    Put("d", "1");
  };
  EXPECT_EQ(Get("d"), "none");
  EXPECT_EQ(Get("d"), "1");
}

// A snapshot may be taken while a write is half done, before or after it can be seen.
TEST_F(RememberingDiskTest, ASnapshotIsOfOneStateWhateverIsUnderWay) {
  Put("a", "1");
  Put("b", "1");
  std::unique_ptr<Reader> before, after;
  below_.before_write = [&] {
    before = disk_.SnapshotAtOnce();
    EXPECT_EQ(Get(*before, "a"), "1");
  };
  below_.after_write = [&] {
    after = disk_.SnapshotAtOnce();
    EXPECT_EQ(Get(*after, "a"), "2");
  };
  EXPECT_EQ(Get("c"), "none");
  ASSERT_TRUE(disk_.Write({{"a", "2"}, {"b", "2"}, {"c", "2"}}).ok());
  EXPECT_EQ(Get(*before, "c"), "none");
  EXPECT_EQ(Get(*after, "c"), "2");
  EXPECT_EQ(Get("c"), "2");
  EXPECT_EQ(Get(*before, "a"), "1");
  EXPECT_EQ(Get(*before, "b"), "1");
  EXPECT_EQ(Get(*after, "a"), "2");
  EXPECT_EQ(Get(*after, "b"), "2");
  EXPECT_EQ(Get("b"), "2");
}

// It must not vouch for what the disk has lost: the engine looks for its last batch after a failure.
TEST_F(RememberingDiskTest, KnowsNothingAfterAFailure) {
  Put("a", "1");
  EXPECT_EQ(Get("a"), "1");
  EXPECT_EQ(Get("b"), "none");
  below_.gets = 0;
  below_.fails = true;
  EXPECT_FALSE(disk_.Write({{"b", "1"}, {"news", "1"}}).ok());
  EXPECT_EQ(below_.gets, 0);
  EXPECT_EQ(Get("b"), "1") << "it was kept";
  EXPECT_EQ(std::exchange(below_.gets, 0), 1);
  EXPECT_EQ(Get("news"), "1") << "it was kept";
  EXPECT_EQ(std::exchange(below_.gets, 0), 1);
  for (int i = 1; i <= 3; ++i) {
    EXPECT_EQ(Get("a"), "1");
    EXPECT_EQ(below_.gets, i) << "remembered by a disk that is not trusted";
  }
  below_.while_reopening = [&] { EXPECT_EQ(Get("a"), "1"); };
  EXPECT_TRUE(disk_.Reopen().ok());
  below_.gets = 0;
  EXPECT_EQ(Get("a"), "1");
  EXPECT_EQ(below_.gets, 1);
  EXPECT_EQ(Get("a"), "1");
  EXPECT_EQ(below_.gets, 1) << "and from then on it remembers again";
}

TEST_F(RememberingDiskTest, ForgetsWhatWasNotAskedForTheLongest) {
  constexpr size_t kRoomForAbout = 10;
  auto owned = std::make_unique<WatchedDisk>();
  WatchedDisk& below = *owned;
  RememberingDisk disk(std::move(owned), {.news = 1000, .others = kRoomForAbout * 300}, IsNews);
  ASSERT_TRUE(disk.Write({{"kept", "1"}}).ok());
  EXPECT_EQ(**disk.Get("kept"), "1");
  const auto read = [&](const std::string& key) { EXPECT_TRUE(disk.Get(key)->has_value()) << key; };
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(disk.Write({{"k" + std::to_string(i), std::string(100, 'v')}}).ok());
    read("k" + std::to_string(i));
    EXPECT_EQ(**disk.Get("kept"), "1");
  }
  EXPECT_EQ(below.gets, 101) << "each once";
  read("k99");
  EXPECT_EQ(below.gets, 101);
  read("k0");
  EXPECT_EQ(below.gets, 102);
  ASSERT_TRUE(disk.Write({{"long", std::string(1 << 20, 'v')}}).ok());
  read("long");
  read("long");
  EXPECT_EQ(below.gets, 104);
  EXPECT_EQ(**disk.Get("kept"), "1");
  EXPECT_EQ(below.gets, 104) << "one long value has pushed out all others";
}

TEST_F(RememberingDiskTest, NewsCrowdOutNothingElse) {
  constexpr size_t kRoomForAbout = 10;
  auto owned = std::make_unique<WatchedDisk>();
  WatchedDisk& below = *owned;
  RememberingDisk disk(std::move(owned), {.news = kRoomForAbout * 300, .others = 1000}, IsNews);
  ASSERT_TRUE(disk.Write({{"kept", "1"}}).ok());
  EXPECT_EQ(**disk.Get("kept"), "1");
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(disk.Write({{"news " + std::to_string(i), std::string(100, 'v')}}).ok());
    EXPECT_TRUE(disk.Get("news " + std::to_string(i))->has_value());
  }
  EXPECT_EQ(**disk.Get("kept"), "1");
  EXPECT_EQ(below.gets, 1);
  EXPECT_TRUE(disk.Get("news 0")->has_value());
  EXPECT_EQ(below.gets, 2) << "old news are forgotten";
}

// Random writes, reads and snapshots against a map, with so little room that much is forgotten.
TEST(RememberingDiskModel, RandomHistoryMatchesMap) {
  const uint64_t seed = Seed();
  SCOPED_TRACE(testing::Message() << "replay with ALCOVE_SEED=" << seed);
  std::mt19937_64 rng(seed);
  RememberingDisk disk(std::make_unique<MemoryDisk>(), {.news = 1000, .others = 1000}, IsNews);
  using Map = std::map<std::string, std::string>;
  Map now;
  struct Held {
    std::unique_ptr<Reader> reader;
    Map expected;
  };
  std::vector<Held> held;
  const auto draw_key = [&] { return (rng() % 2 == 0 ? "k" : "news") + std::to_string(rng() % 10); };
  const auto expected_of = [](const Map& map, const std::string& key) {
    const auto found = map.find(key);
    return found == map.end() ? std::nullopt : std::optional<std::string>(found->second);
  };
  for (int step = 0; step < 5000; ++step) {
    SCOPED_TRACE(testing::Message() << "step " << step);
    const std::string key = draw_key();
    switch (rng() % 5) {
      case 0: {
        std::vector<Change> changes;
        for (size_t count = 1 + rng() % 4; count > 0; --count) {
          Change change{draw_key(), std::nullopt};
          if (rng() % 4 != 0)
            change.value = std::to_string(step) + std::string(rng() % 16 == 0 ? 5000 : rng() % 50, 'v');
          if (change.value) {
            now[change.key] = *change.value;
          } else {
            now.erase(change.key);
          }
          changes.push_back(std::move(change));
        }
        ASSERT_TRUE(disk.Write(changes).ok());
        break;
      }
      case 1:
        if (held.size() > 5) held.erase(held.begin() + static_cast<std::ptrdiff_t>(rng() % held.size()));
        held.push_back({disk.SnapshotAtOnce(), now});
        break;
      case 2:
        ASSERT_EQ(*disk.Get(key), expected_of(now, key));
        break;
      default:
        if (held.empty()) break;
        const Held& one = held[rng() % held.size()];
        ASSERT_EQ(*one.reader->Get(key), expected_of(one.expected, key));
    }
  }
}

// Both keys are always written together: no reader may ever see them differ, or time run backwards.
TEST(RememberingDiskModel, ReadersOnOtherThreadsSeeWholeWrites) {
  constexpr int kWrites = 3000;
  RememberingDisk disk(std::make_unique<MemoryDisk>(), kPlenty, IsNews);
  ASSERT_TRUE(disk.Write({{"a", "0"}, {"news", "0"}}).ok());
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      for (int last = 0; last < kWrites;) {
        const auto snapshot = disk.SnapshotAtOnce();
        const int a = std::stoi(**snapshot->Get("a"));
        const int b = std::stoi(**snapshot->Get("news"));
        ASSERT_EQ(a, b);
        ASSERT_GE(a, last);
        last = std::stoi(**disk.Get("a"));
        ASSERT_GE(last, a);
      }
    });
  }
  for (int i = 1; i <= kWrites; ++i) {
    ASSERT_TRUE(disk.Write({{"a", std::to_string(i)}, {"news", std::to_string(i)}}).ok());
  }
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace alcove::store
