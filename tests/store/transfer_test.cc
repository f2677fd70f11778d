// Backups and copies: what comes out is what went in, and nothing else is taken
// for a backup.
#include "store/transfer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "functions/wire/limits.h"
#include "store/format.h"
#include "store/keys.h"
#include "store/memory_disk.h"
#include "store/memory_store.h"
#include "store/status_macros.h"

namespace alcove::store {
namespace {

using testing::HasSubstr;

std::vector<Entry> Everything(Store& store) {
  auto all = store.Read([](Reader& reader) { return reader.Scan(keys::Everything()); });
  EXPECT_TRUE(all.ok()) << all.status();
  std::erase_if(*all, [](const Entry& entry) {
    return entry.key == keys::MetaEpoch() || entry.key == keys::MetaFormat() || entry.key == keys::MetaProbe();
  });
  return *all;
}

void Put(Store& store, const std::string& key, const std::string& value) {
  ASSERT_TRUE(store
                  .Transact([&](Transaction& txn) {
                    txn.Put(key, value);
                    return absl::OkStatus();
                  })
                  .ok());
}

// With more than a page, an entry of every largest size, and bytes at the edges.
std::unique_ptr<Store> Filled() {
  auto store = MakeMemoryStore();
  EXPECT_TRUE(store
                  ->Transact([](Transaction& txn) {
                    for (int i = 0; i < 1200; ++i) txn.Put("t/" + std::to_string(i), std::to_string(i));
                    txn.Put(std::string("\0", 1), std::string("\0\n", 2));
                    txn.Put(std::string(wire::kKeyBytesMax, '\xff'), std::string(wire::kValueBytesMax, 'v'));
                    txn.Put("empty", "");
                    return absl::OkStatus();
                  })
                  .ok());
  // Several transactions of a restore.
  for (int i = 0; i < 6; ++i) Put(*store, "long/" + std::to_string(i), std::string(wire::kValueBytesMax, 'x'));
  return store;
}

absl::StatusOr<std::string> Backup(Store& store, const TransferProgress& progress = nullptr) {
  std::string bytes;
  BackupWriter writer([&](std::string_view more) {
    bytes += more;
    return absl::OkStatus();
  });
  RETURN_IF_ERROR(store.Read([&](Reader& reader) { return WriteBackup(reader, store.epoch(), writer, progress); }));
  return bytes;
}

ByteSource SourceOf(const std::string& bytes, size_t step = 1 << 20) {
  return [&bytes, step, at = size_t{0}](char* buffer, size_t size) mutable -> absl::StatusOr<size_t> {
    const size_t count = std::min({size, step, bytes.size() - at});
    std::memcpy(buffer, bytes.data() + at, count);
    at += count;
    return count;
  };
}

absl::Status RestoreFrom(const ByteSource& source, Store& target, const TransferProgress& progress = nullptr) {
  BackupReader reader(source);
  ASSIGN_OR_RETURN(const BackupHeader header, reader.Begin());
  return Restore(reader, header, target, progress);
}

// All of it, without a store.
absl::Status Check(const std::string& bytes) {
  BackupReader reader(SourceOf(bytes));
  RETURN_IF_ERROR(reader.Begin().status());
  while (true) {
    ASSIGN_OR_RETURN(const auto entry, reader.Next());
    if (!entry) return absl::OkStatus();
  }
}

TEST(Transfer, RestoresWhatWasBackedUpUnderANewEpoch) {
  const auto store = Filled();
  Put(*store, keys::MetaProbe(), "1");
  int64_t told = 0;
  const auto bytes = Backup(*store, [&](int64_t done, int64_t entries) {
    if (entries == 0) return absl::OkStatus();  // it counts
    EXPECT_EQ(entries, 1209);
    EXPECT_GE(done, told);
    told = done;
    return absl::OkStatus();
  });
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  EXPECT_EQ(told, 1209);
  for (const size_t step : {size_t{1} << 20, size_t{1000}}) {
    const auto target = MakeMemoryStore();
    const absl::Status restored = RestoreFrom(SourceOf(*bytes, step), *target);
    ASSERT_TRUE(restored.ok()) << restored;
    EXPECT_EQ(Everything(*target), Everything(*store));
    EXPECT_NE(target->epoch(), store->epoch());
    const auto own = target->Read([](Reader& reader) -> absl::StatusOr<std::vector<std::string>> {
      return std::vector{reader.Get(keys::MetaEpoch())->value(), reader.Get(keys::MetaFormat())->value(),
                         reader.Get(keys::MetaProbe())->value_or("none")};
    });
    EXPECT_EQ(*own, (std::vector{target->epoch(), std::to_string(keys::kFormat), std::string("none")}));
  }
}

TEST(Transfer, BackupIsOfOneMoment) {
  const auto store = Filled();
  const auto before = Everything(*store);
  bool written = false;
  const auto bytes = Backup(*store, [&](int64_t, int64_t) {
    if (!std::exchange(written, true)) std::thread([&] { Put(*store, "t/1199+", "later"); }).join();
    return absl::OkStatus();
  });
  const auto target = MakeMemoryStore();
  ASSERT_TRUE(RestoreFrom(SourceOf(*bytes), *target).ok());
  EXPECT_EQ(Everything(*target), before);
}

TEST(Transfer, RefusesATargetThatIsNotEmptyAndLeavesItAlone) {
  const auto store = Filled();
  const auto bytes = *Backup(*store);
  for (const std::string& key : {std::string("sit_a/site"), keys::MetaSeedSecret(), std::string("~")}) {
    const auto target = MakeMemoryStore();
    Put(*target, key, "1");
    const absl::Status restored = RestoreFrom(SourceOf(bytes), *target);
    EXPECT_EQ(restored.code(), absl::StatusCode::kFailedPrecondition) << restored;
    EXPECT_THAT(std::string(restored.message()), HasSubstr("not empty"));
    EXPECT_EQ(Everything(*target), (std::vector<Entry>{{key, "1"}}));
    EXPECT_EQ(Copy(*store, *target, nullptr).status().code(), absl::StatusCode::kFailedPrecondition);
  }
  const auto probed = MakeMemoryStore();
  Put(*probed, keys::MetaProbe(), "1");
  EXPECT_TRUE(RestoreFrom(SourceOf(bytes), *probed).ok()) << "a server that was started once on it left no more";
}

TEST(Transfer, StoreThatWasNotFilledToItsEndIsRefused) {
  const auto store = Filled();
  const std::string bytes = *Backup(*store);
  const std::string cut = bytes.substr(0, bytes.size() - 1);
  const auto target = MakeMemoryStore();
  EXPECT_EQ(RestoreFrom(SourceOf(cut), *target).code(), absl::StatusCode::kDataLoss);
  const auto format = target->Read([](Reader& reader) { return reader.Get(keys::MetaFormat()); });
  const absl::Status refused = CheckFormat(**format);
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("did not end: remove it"));

  MemoryDisk disk;
  ASSERT_TRUE(disk.Write({{keys::MetaFormat(), kUnfinishedFormat}, {keys::MetaEpoch(), "e"}}).ok());
  EXPECT_EQ(ReadOrCreateFormat(disk).status(), refused);
}

TEST(Transfer, NothingElseIsTakenForABackup) {
  const auto store = MakeMemoryStore();
  Put(*store, "t/a", "aaaa");
  Put(*store, "t/b", "bbbb");
  const std::string sound = *Backup(*store);
  ASSERT_TRUE(Check(sound).ok());
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = sound;
    EXPECT_NE(text.find(from), text.npos) << from;
    return text.replace(text.find(from), from.size(), to);
  };
  const struct {
    const char* name;
    std::string bytes;
    absl::StatusCode code;
    const char* says;
  } kCases[] = {
      {"nothing", "", absl::StatusCode::kInvalidArgument, "no backup of Alcove"},
      {"a text", "Dear reader,\nall is well.\n", absl::StatusCode::kInvalidArgument, "no backup of Alcove"},
      {"a long line", std::string(1000, 'x'), absl::StatusCode::kInvalidArgument, "no backup of Alcove"},
      {"a number that is none", with("backup 1", "backup x"), absl::StatusCode::kInvalidArgument, "no backup"},
      {"a newer layout", with("backup 1", "backup 2"), absl::StatusCode::kFailedPrecondition, "newer Alcove"},
      {"a newer format", with("format 1", "format 2"), absl::StatusCode::kFailedPrecondition, "newer Alcove (format 2"},
      {"a format that is none", with("format 1", "format 0"), absl::StatusCode::kDataLoss, "damaged at byte"},
      {"entries that are none", with("entries 2", "entries -"), absl::StatusCode::kDataLoss, "damaged at byte"},
      {"other entries", with("entries 2", "entries 3"), absl::StatusCode::kDataLoss, "SHA-256"},
      {"another epoch", with(store->epoch(), std::string(32, '0')), absl::StatusCode::kDataLoss, "SHA-256"},
      {"another value", with("aaaa", "aaab"), absl::StatusCode::kDataLoss, "SHA-256"},
      {"keys out of order", with("t/b", "t/A"), absl::StatusCode::kDataLoss, "out of order"},
      {"the same key", with("t/b", "t/a"), absl::StatusCode::kDataLoss, "out of order"},
      {"a length beyond all", with(std::string("\3\0\4\0\0\0t/a", 9), std::string("\3\0\4\0\0\1t/a", 9)),
       absl::StatusCode::kDataLoss, "too long"},
      {"something behind", sound + "x", absl::StatusCode::kDataLoss, "follows its end"},
      {"two", sound + sound, absl::StatusCode::kDataLoss, "follows its end"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    const absl::Status status = Check(c.bytes);
    EXPECT_EQ(status.code(), c.code) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.says));
  }
  for (size_t size = 0; size < sound.size(); ++size) {
    EXPECT_FALSE(Check(sound.substr(0, size)).ok()) << "cut off after " << size << " bytes";
  }
  for (size_t at = 0; at < sound.size() * 8; ++at) {
    std::string flipped = sound;
    flipped[at / 8] = static_cast<char>(flipped[at / 8] ^ (1 << (at % 8)));
    EXPECT_FALSE(Check(flipped).ok()) << "bit " << at;
  }
}

TEST(Transfer, SaysWhyABackupCouldNotGoOn) {
  std::string bytes;
  BackupWriter writer([&](std::string_view more) {
    bytes += more;
    return absl::OkStatus();
  });
  ASSERT_TRUE(writer.Begin({.format = 1, .epoch = "e", .entries = 1}).ok());
  ASSERT_TRUE(writer.Refuse("the disk is on fire").ok());
  EXPECT_EQ(Check(bytes), absl::UnavailableError("the disk is on fire"));
}

TEST(Transfer, SaysWhyABackupCouldNotBegin) {
  std::string bytes;
  BackupWriter writer([&](std::string_view more) {
    bytes += more;
    return absl::OkStatus();
  });
  ASSERT_TRUE(writer.Refuse("there is no disk").ok());
  EXPECT_EQ(Check(bytes), absl::UnavailableError("there is no disk"));
}

TEST(Transfer, EndsWhenItsListenerSaysSo) {
  const auto store = Filled();
  int pages = 0;
  const TransferProgress stop = [&](int64_t, int64_t) {
    return ++pages == 2 ? absl::CancelledError("enough") : absl::OkStatus();
  };
  EXPECT_EQ(Backup(*store, stop).status(), absl::CancelledError("enough"));
  EXPECT_EQ(pages, 2) << "while it counted";
  pages = 0;
  EXPECT_EQ(Copy(*store, *MakeMemoryStore(), stop).status(), absl::CancelledError("enough"));
}

TEST(Transfer, PassesOnWhatTheOtherEndSays) {
  const auto store = Filled();
  BackupWriter writer([](std::string_view) { return absl::ResourceExhaustedError("full"); });
  EXPECT_EQ(store->Read([&](Reader& reader) { return WriteBackup(reader, "e", writer, nullptr); }),
            absl::ResourceExhaustedError("full"));
  const auto target = MakeMemoryStore();
  EXPECT_EQ(RestoreFrom([](char*, size_t) { return absl::UnavailableError("gone"); }, *target),
            absl::UnavailableError("gone"));
}

TEST(Transfer, CopiesAndComparesWhatCameOut) {
  const auto store = Filled();
  const auto target = MakeMemoryStore();
  const auto copied = Copy(*store, *target, nullptr);
  ASSERT_TRUE(copied.ok()) << copied.status();
  EXPECT_EQ(copied->entries, 1209);
  EXPECT_EQ(Everything(*target), Everything(*store));
  EXPECT_NE(target->epoch(), store->epoch());
  EXPECT_EQ(*store->Read([](Reader& reader) { return Measure(reader, 0, nullptr); }), *copied);
}

// A store that loses a bit of what it is given.
class Forgetful final : public Store {
 public:
  std::string epoch() const override { return inner_->epoch(); }
  void Watch(Watcher* watcher) override { inner_->Watch(watcher); }
  bool forgets = true;

 protected:
  absl::Status TransactStatus(const std::function<absl::Status(Transaction&)>& body) override {
    return inner_->Transact([&](Transaction& txn) {
      absl::Status status = body(txn);
      if (forgets) txn.Erase("t/77");
      return status;
    });
  }
  absl::Status ReadStatus(const std::function<absl::Status(Reader&)>& body) override { return inner_->Read(body); }

 private:
  std::unique_ptr<Store> inner_ = MakeMemoryStore();
};

TEST(Transfer, CopyThatDiffersIsNotLeftToBeStarted) {
  const auto store = Filled();
  Forgetful target;
  const auto copied = Copy(*store, target, nullptr);
  EXPECT_EQ(copied.status().code(), absl::StatusCode::kDataLoss) << copied.status();
  EXPECT_THAT(std::string(copied.status().message()), HasSubstr("1209 entries"));
  EXPECT_THAT(std::string(copied.status().message()), HasSubstr("1208"));
  EXPECT_EQ(target.Read([](Reader& reader) { return reader.Get(keys::MetaFormat()); })->value(), kUnfinishedFormat);
}

}  // namespace
}  // namespace alcove::store
