#include "store/transfer.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "functions/wire/limits.h"
#include "store/each_entry.h"
#include "store/format.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::store {
namespace {

// One transaction of a filling. A sync each: half would be twice as many, and
// twice the size would not be much faster.
constexpr size_t kBatchBytes = wire::kTransactionBytesMax / 2;
// And its entries: each is a statement where the store is a database, whose
// patience with one transaction is seconds.
constexpr size_t kBatchEntries = 5000;

bool IsOwn(std::string_view key) {
  return key == keys::MetaFormat() || key == keys::MetaEpoch() || key == keys::MetaProbe();
}

using Act = std::function<absl::Status(const Entry&)>;

absl::Status ForEach(Reader& reader, int64_t entries, const TransferProgress& progress, const Act& act) {
  int64_t done = 0;
  return EachPage(reader, keys::Everything(), [&](const std::vector<Entry>& page) -> absl::Status {
    for (const Entry& entry : page) {
      if (IsOwn(entry.key)) continue;
      RETURN_IF_ERROR(act(entry));
      ++done;
    }
    return progress ? progress(done, entries) : absl::OkStatus();
  });
}

absl::Status Put(Store& store, std::string_view key, std::string_view value) {
  return store.Transact([&](Transaction& txn) {
    txn.Put(key, value);
    return absl::OkStatus();
  });
}

// Fills an empty store, some entries at a time. Until Finish() the store says
// that it is not whole, and is refused when it is opened.
class Filling {
 public:
  explicit Filling(Store& store) : store_(store) {}

  absl::Status Begin() {
    return store_.Transact([&](Transaction& txn) -> absl::Status {
      // As many as a store has of its own, and one more.
      ASSIGN_OR_RETURN(const std::vector<Entry> first, txn.Scan(keys::Everything(), {.limit = 4}));
      if (!std::all_of(first.begin(), first.end(), [](const Entry& entry) { return IsOwn(entry.key); })) {
        return absl::FailedPreconditionError("it is not empty: name a new one");
      }
      txn.Put(keys::MetaFormat(), kUnfinishedFormat);
      return absl::OkStatus();
    });
  }

  absl::Status Add(Entry entry) {
    bytes_ += entry.key.size() + entry.value.size();
    batch_.push_back(std::move(entry));
    return bytes_ < kBatchBytes && batch_.size() < kBatchEntries ? absl::OkStatus() : Flush();
  }

  absl::Status Flush() {
    const absl::Status status = store_.Transact([&](Transaction& txn) {
      for (const Entry& entry : batch_) txn.Put(entry.key, entry.value);
      return absl::OkStatus();
    });
    batch_.clear();
    bytes_ = 0;
    return status;
  }

  // REQUIRES: flushed. Its own keys are no part of what is compared, so that may be done before.
  absl::Status Finish() { return Put(store_, keys::MetaFormat(), absl::StrCat(keys::kFormat)); }

 private:
  Store& store_;
  std::vector<Entry> batch_;
  size_t bytes_ = 0;
};

void AddTo(Digest& digest, const Entry& entry) {
  digest.Add(Bytes16(static_cast<uint16_t>(entry.key.size())) + Bytes32(static_cast<uint32_t>(entry.value.size())));
  digest.Add(entry.key);
  digest.Add(entry.value);
}

}  // namespace

absl::StatusOr<int64_t> CountEntries(Reader& reader, const TransferProgress& progress) {
  int64_t count = 0;
  RETURN_IF_ERROR(ForEach(reader, 0, progress, [&](const Entry&) {
    ++count;
    return absl::OkStatus();
  }));
  return count;
}

absl::StatusOr<Contents> Measure(Reader& reader, int64_t entries, const TransferProgress& progress) {
  Contents contents;
  Digest digest;
  RETURN_IF_ERROR(ForEach(reader, entries, progress, [&](const Entry& entry) {
    AddTo(digest, entry);
    ++contents.entries;
    return absl::OkStatus();
  }));
  contents.sha256 = digest.Hex();
  return contents;
}

absl::Status WriteBackup(Reader& reader, const std::string& epoch, BackupWriter& writer,
                         const TransferProgress& progress) {
  ASSIGN_OR_RETURN(const int64_t entries, CountEntries(reader, progress));
  RETURN_IF_ERROR(writer.Begin({.format = keys::kFormat, .epoch = epoch, .entries = entries}));
  RETURN_IF_ERROR(ForEach(reader, entries, progress, [&](const Entry& entry) { return writer.Add(entry); }));
  return writer.Finish();
}

absl::Status Restore(BackupReader& backup, const BackupHeader& header, Store& target,
                     const TransferProgress& progress) {
  Filling filling(target);
  RETURN_IF_ERROR(filling.Begin());
  for (int64_t done = 0;;) {
    ASSIGN_OR_RETURN(std::optional<Entry> entry, backup.Next());
    if (!entry) break;
    RETURN_IF_ERROR(filling.Add(*std::move(entry)));
    if (++done % static_cast<int64_t>(kPageEntries) == 0 && progress) RETURN_IF_ERROR(progress(done, header.entries));
  }
  RETURN_IF_ERROR(filling.Flush());
  return filling.Finish();
}

absl::StatusOr<Contents> Copy(Store& from, Store& to, const TransferProgress& progress) {
  Digest digest;
  Filling filling(to);
  const auto send = [&](Reader& reader) -> absl::StatusOr<Contents> {
    ASSIGN_OR_RETURN(const int64_t entries, CountEntries(reader, progress));
    RETURN_IF_ERROR(filling.Begin());
    RETURN_IF_ERROR(ForEach(reader, entries, progress, [&](const Entry& entry) {
      AddTo(digest, entry);
      return filling.Add(entry);
    }));
    RETURN_IF_ERROR(filling.Flush());
    return Contents{entries, digest.Hex()};
  };
  ASSIGN_OR_RETURN(const Contents sent, from.Read(send));
  ASSIGN_OR_RETURN(const Contents found,
                   to.Read([&](Reader& reader) { return Measure(reader, sent.entries, progress); }));
  if (found == sent) {
    RETURN_IF_ERROR(filling.Finish());
    return sent;
  }
  return absl::DataLossError(absl::StrCat("what was read back differs: ", sent.entries, " entries with SHA-256 ",
                                          sent.sha256, " were sent, and ", found.entries, " with ", found.sha256,
                                          " are there"));
}

}  // namespace alcove::store
