#include "store/leveldb_disk.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <system_error>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "leveldb/cache.h"
#include "leveldb/db.h"
#include "leveldb/env.h"
#include "leveldb/filter_policy.h"
#include "leveldb/write_batch.h"
#include "store/preallocated_log.h"
#include "store/status_macros.h"

namespace alcove::store {
namespace {

// Bits a key: 1 % of the lookups of absent keys read a block for nothing.
constexpr int kBloomBits = 10;
constexpr size_t kBlockCacheBytes = size_t{8} << 20;
// Descriptors that tables may take: the sockets need the rest of the usual 1,024.
constexpr int kTableDescriptors = 200;

// What a request reads takes milliseconds. Half of this would cut off some on a
// machine that swaps; double keeps writers waiting behind a backup.
constexpr std::chrono::seconds kLongReading{1};

constexpr char kProbeName[] = "/write.probe";
constexpr char kLockName[] = "/LOCK";

leveldb::Slice ToSlice(std::string_view text) { return {text.data(), text.size()}; }

std::string ToString(const leveldb::Slice& slice) { return slice.ToString(); }

leveldb::ReadOptions ReadAt(const leveldb::Snapshot* snapshot) {
  leveldb::ReadOptions options;
  options.verify_checksums = true;
  options.snapshot = snapshot;
  return options;
}

absl::Status FromRead(const leveldb::Status& status) {
  if (status.ok()) return absl::OkStatus();
  if (status.IsCorruption()) return absl::DataLossError(status.ToString());
  return absl::UnavailableError(status.ToString());
}

absl::StatusOr<std::optional<std::string>> GetFrom(leveldb::DB& db, const leveldb::Snapshot* snapshot,
                                                   std::string_view key) {
  std::string value;
  const leveldb::Status status = db.Get(ReadAt(snapshot), ToSlice(key), &value);
  if (status.IsNotFound()) return std::optional<std::string>();
  RETURN_IF_ERROR(FromRead(status));
  return std::optional<std::string>(std::move(value));
}

absl::StatusOr<std::vector<Entry>> ScanFrom(leveldb::Iterator& at, const Range& range, const ScanOptions& options) {
  std::vector<Entry> found;
  if (range.begin >= range.end) return found;
  if (options.direction == Direction::kForward) {
    const leveldb::Slice end = range.end;
    for (at.Seek(range.begin); at.Valid() && at.key().compare(end) < 0; at.Next()) {
      found.push_back({ToString(at.key()), ToString(at.value())});
      if (found.size() == options.limit) break;
    }
  } else {
    const leveldb::Slice begin = range.begin;
    at.Seek(range.end);
    if (at.Valid()) {
      at.Prev();
    } else if (at.status().ok()) {
      at.SeekToLast();
    }
    for (; at.Valid() && at.key().compare(begin) >= 0; at.Prev()) {
      found.push_back({ToString(at.key()), ToString(at.value())});
      if (found.size() == options.limit) break;
    }
  }
  RETURN_IF_ERROR(FromRead(at.status()));
  return found;
}

// The number of a log of LevelDB's; others may put files there, too.
std::optional<uint64_t> NumberOfLog(std::string_view name) {
  constexpr std::string_view kEnd = ".log";
  if (!name.ends_with(kEnd)) return std::nullopt;
  name.remove_suffix(kEnd.size());
  uint64_t number = 0;
  const auto [end, failed] = std::from_chars(name.data(), name.data() + name.size(), number);
  return failed == std::errc() && end == name.data() + name.size() ? std::optional(number) : std::nullopt;
}

absl::Status CannotBeOpened(const std::string& folder, const std::string& why) {
  // In strerror()'s words, whoever asked the system.
  if (why.find("Permission denied") != std::string::npos) {
    return absl::UnavailableError(
        absl::StrCat("the data folder ", folder,
                     " cannot be opened: it and all that is in it must belong to the user that this runs as, ",
                     geteuid(), "; a command that another user ran there has left files of its own (", why, ")"));
  }
  return absl::UnavailableError(
      absl::StrCat("the data folder ", folder,
                   " cannot be opened: check that it may be written to and that the disk has room (", why, ")"));
}

absl::Status Closed() { return absl::UnavailableError("the store is closed after a failure of the disk"); }

}  // namespace

absl::Status DamagedFolder(const std::string& folder, std::string_view why) {
  return absl::DataLossError(absl::StrCat("the data folder ", folder,
                                          " is damaged: keep a copy of it and restore a backup into a new folder (",
                                          std::string(why), ")"));
}

LevelDbDisk::Lease::Lease(LevelDbDisk& disk, WhileReopening manner) : disk_(disk) {
  const MutexLock lock(disk_.mutex_);
  while (disk_.reopening_ && manner == WhileReopening::kWait) disk_.changed_.Wait(disk_.mutex_);
  ++disk_.leases_;
  db_ = disk_.reopening_ ? nullptr : disk_.db_.get();
}

LevelDbDisk::Lease::~Lease() {
  const MutexLock lock(disk_.mutex_);
  if (--disk_.leases_ == 0) disk_.changed_.NotifyAll();
}

absl::Status LevelDbDisk::Lease::CheckWanted() const {
  const MutexLock lock(disk_.mutex_);
  const bool long_ago = std::chrono::steady_clock::now() - begun_ > kLongReading;
  return disk_.reopening_ && long_ago ? Closed() : absl::OkStatus();
}

class LevelDbDisk::View final : public Reader {
 public:
  explicit View(LevelDbDisk& disk, Lease::WhileReopening manner = Lease::WhileReopening::kWait)
      : lease_(disk, manner), snapshot_(lease_.db() == nullptr ? nullptr : lease_.db()->GetSnapshot()) {}
  ~View() override {
    at_.reset();
    if (open()) lease_.db()->ReleaseSnapshot(snapshot_);
  }
  bool open() const { return lease_.db() != nullptr; }

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) override {
    RETURN_IF_ERROR(lease_.CheckWanted());
    return GetFrom(*lease_.db(), snapshot_, key);
  }
  absl::StatusOr<std::vector<Entry>> Scan(const Range& range, const ScanOptions& options) override {
    RETURN_IF_ERROR(lease_.CheckWanted());
    // To make one costs as much as to find a place with it.
    if (at_ == nullptr) at_.reset(lease_.db()->NewIterator(ReadAt(snapshot_)));
    auto found = ScanFrom(*at_, range, options);
    if (!found.ok()) at_.reset();
    return found;
  }

 private:
  Lease lease_;
  const leveldb::Snapshot* snapshot_;
  std::unique_ptr<leveldb::Iterator> at_;
};

LevelDbDisk::LevelDbDisk(std::string folder, leveldb::Env* env, Sizes sizes)
    : folder_(std::move(folder)),
      env_(env),
      sizes_(sizes),
      filter_(leveldb::NewBloomFilterPolicy(kBloomBits)),
      cache_(leveldb::NewLRUCache(kBlockCacheBytes)) {}

LevelDbDisk::~LevelDbDisk() = default;

absl::Status LevelDbDisk::Open() {
  ASSIGN_OR_RETURN(auto handle, OpenHandle());
  const MutexLock lock(mutex_);
  db_ = std::move(handle);
  return absl::OkStatus();
}

absl::Status LevelDbDisk::CutTornWrite() {
  // What another process writes just now looks torn. Who has the lock is told of as it is opened.
  leveldb::FileLock* lock = nullptr;
  if (!env_->LockFile(folder_ + kLockName, &lock).ok()) return absl::OkStatus();
  const absl::Cleanup unlock = [&] { (void)env_->UnlockFile(lock); };
  std::vector<std::string> names;
  (void)env_->GetChildren(folder_, &names);
  std::map<uint64_t, std::string, std::greater<>> logs;  // the newest first
  for (const std::string& name : names) {
    if (const auto number = NumberOfLog(name)) logs[*number] = name;
  }
  for (const auto& [number, name] : logs) {
    ASSIGN_OR_RETURN(const bool has_writes, store::CutTornWrite(*env_, absl::StrCat(folder_, "/", name)));
    if (has_writes) break;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<leveldb::DB>> LevelDbDisk::OpenHandle() {
  if (const absl::Status cut = CutTornWrite(); !cut.ok()) {
    const std::string said(cut.message());
    return absl::IsDataLoss(cut) ? DamagedFolder(folder_, said) : CannotBeOpened(folder_, said);
  }
  leveldb::Options options;
  options.create_if_missing = true;
  options.paranoid_checks = true;
  options.env = env_;
  options.write_buffer_size = sizes_.write_buffer_bytes;
  options.max_open_files = kTableDescriptors;
  options.block_cache = cache_.get();
  options.filter_policy = filter_.get();
  options.reuse_logs = false;  // corrupts, google/leveldb#1287
  leveldb::DB* db = nullptr;
  const leveldb::Status status = leveldb::DB::Open(options, folder_, &db);
  if (status.ok()) return std::unique_ptr<leveldb::DB>(db);
  const std::string said = status.ToString();
  // So begins what LevelDB's LockFile() says of a lock that another holds; a
  // LOCK that cannot be made is named without the first word.
  if (said.find("lock " + folder_ + kLockName) != std::string::npos) {
    return absl::FailedPreconditionError(
        absl::StrCat("the data folder ", folder_,
                     " is in use by another alcove process: stop that one, or choose another folder (", said, ")"));
  }
  if (status.IsCorruption() || status.IsInvalidArgument()) return DamagedFolder(folder_, said);
  return CannotBeOpened(folder_, said);
}

absl::StatusOr<std::optional<std::string>> LevelDbDisk::Get(std::string_view key) {
  const Lease lease(*this);
  if (lease.db() == nullptr) return Closed();
  return GetFrom(*lease.db(), nullptr, key);
}

absl::StatusOr<std::vector<Entry>> LevelDbDisk::Scan(const Range& range, const ScanOptions& options) {
  const Lease lease(*this);
  if (lease.db() == nullptr) return Closed();
  const std::unique_ptr<leveldb::Iterator> at(lease.db()->NewIterator(ReadAt(nullptr)));
  return ScanFrom(*at, range, options);
}

absl::StatusOr<std::unique_ptr<Reader>> LevelDbDisk::Snapshot() {
  auto view = std::make_unique<View>(*this);
  if (!view->open()) return Closed();
  return view;
}

std::unique_ptr<Reader> LevelDbDisk::SnapshotAtOnce() {
  auto view = std::make_unique<View>(*this, Lease::WhileReopening::kStayEmpty);
  if (!view->open()) return nullptr;
  return view;
}

absl::Status LevelDbDisk::Write(const std::vector<Change>& changes) {
  leveldb::WriteBatch batch;
  for (const Change& change : changes) {
    if (change.value) {
      batch.Put(change.key, *change.value);
    } else {
      batch.Delete(change.key);
    }
  }
  const Lease lease(*this);
  if (lease.db() == nullptr) return Closed();
  leveldb::WriteOptions options;
  options.sync = true;
  const leveldb::Status status = lease.db()->Write(options, &batch);
  return status.ok() ? absl::OkStatus() : absl::UnavailableError(status.ToString());
}

absl::Status LevelDbDisk::ProbeFolder() {
  const std::string path = folder_ + kProbeName;
  leveldb::WritableFile* opened = nullptr;
  leveldb::Status status = env_->NewWritableFile(path, &opened);
  if (status.ok()) {
    const std::unique_ptr<leveldb::WritableFile> file(opened);
    const std::string piece(size_t{64} << 10, 'p');
    for (size_t written = 0; status.ok() && written < sizes_.probe_bytes; written += piece.size()) {
      status = file->Append(piece);
    }
    if (status.ok()) status = file->Sync();
    const leveldb::Status closed = file->Close();
    if (status.ok()) status = closed;
    const leveldb::Status removed = env_->RemoveFile(path);
    if (status.ok()) status = removed;
  }
  return status.ok() ? absl::OkStatus() : absl::ResourceExhaustedError(status.ToString());
}

absl::Status LevelDbDisk::Reopen() {
  RETURN_IF_ERROR(ProbeFolder());
  std::unique_ptr<leveldb::DB> old;
  {
    const MutexLock lock(mutex_);
    reopening_ = true;
    while (leases_ > 0) changed_.Wait(mutex_);
    old = std::move(db_);
  }
  old.reset();
  absl::StatusOr<std::unique_ptr<leveldb::DB>> handle = OpenHandle();
  const MutexLock lock(mutex_);
  if (handle.ok()) db_ = *std::move(handle);
  reopening_ = false;
  changed_.NotifyAll();
  if (handle.ok()) return absl::OkStatus();
  return handle.status();
}

}  // namespace alcove::store
