#include "store/preallocated_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "leveldb/env.h"
#include "store/status_macros.h"

namespace alcove::store {
namespace {

// Made at once. One sync in so many bytes is of a file that grows: half is twice as many of these, and double would
// make each, of these zeros, as long as ten others.
constexpr size_t kRoomBytes = size_t{256} << 10;

// The least that a disk writes as a whole.
constexpr size_t kSectorBytes = 512;

class PreallocatedLog final : public leveldb::WritableFile {
 public:
  PreallocatedLog(std::string name, std::unique_ptr<leveldb::WritableFile> file)
      : name_(std::move(name)), file_(std::move(file)), room_(open(name_.c_str(), O_WRONLY | O_CLOEXEC)) {}
  // LevelDB closes no log, it only deletes it.
  ~PreallocatedLog() override { (void)Close(); }

  leveldb::Status Append(const leveldb::Slice& data) override {
    appended_bytes_ += data.size();
    while (appended_bytes_ > room_bytes_) MakeRoom();
    return Noted(file_->Append(data));
  }
  leveldb::Status Flush() override { return Noted(file_->Flush()); }
  leveldb::Status Sync() override {
    leveldb::Status synced = Noted(file_->Sync());
    if (synced.ok()) synced_bytes_ = appended_bytes_;
    return synced;
  }
  leveldb::Status Close() override {
    if (std::exchange(is_closed_, true)) return leveldb::Status::OK();
    leveldb::Status closed = Noted(file_->Close());
    if (room_ < 0) return closed;
    // What was refused may be there in part.
    const uint64_t bytes = has_failed_ ? synced_bytes_ : appended_bytes_;
    if (ftruncate(room_, static_cast<off_t>(bytes)) != 0) {
      closed = leveldb::Status::IOError(name_, "the room behind the log could not be cut off");
    }
    close(room_);
    return closed;
  }

 private:
  // Where there is none, on a full disk, the log grows as far as it can.
  void MakeRoom() {
    const std::string zeros(kRoomBytes, '\0');
    if (room_ >= 0) (void)!pwrite(room_, zeros.data(), zeros.size(), static_cast<off_t>(room_bytes_));
    room_bytes_ += kRoomBytes;
  }
  leveldb::Status Noted(leveldb::Status status) {
    has_failed_ = has_failed_ || !status.ok();
    return status;
  }

  const std::string name_;
  const std::unique_ptr<leveldb::WritableFile> file_;
  const int room_;               // a descriptor of the same file; negative where it could not be opened
  uint64_t appended_bytes_ = 0;  // to file_, which may hold some back
  uint64_t synced_bytes_ = 0;
  uint64_t room_bytes_ = 0;
  bool has_failed_ = false;
  bool is_closed_ = false;
};

// LevelDB's doc/log_format.md: a file is of blocks, a block of records and of zeros where no header fits, and a write
// is one record or, over the end of a block, several.
constexpr size_t kBlockBytes = size_t{32} << 10;
constexpr size_t kHeaderBytes = 7;  // checksum 4 and length 2, the low byte first; type 1
constexpr char kFull = 1, kFirst = 2, kMiddle = 3, kLast = 4;

constexpr std::array<uint32_t, 256> MakeCrcTable() {
  std::array<uint32_t, 256> table{};
  for (uint32_t byte = 0; byte < table.size(); ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82f63b78U : 0);
    table[byte] = crc;
  }
  return table;
}

// CRC-32C (RFC 3720). LevelDB's own is not to be had, and these lines are less than another library.
uint32_t Crc32c(std::string_view bytes) {
  static constexpr auto kTable = MakeCrcTable();
  uint32_t crc = ~0U;
  for (const char byte : bytes) crc = (crc >> 8) ^ kTable[(crc ^ static_cast<unsigned char>(byte)) & 0xff];
  return ~crc;
}

uint32_t LittleEndian(std::string_view bytes) {
  uint32_t number = 0;
  for (size_t i = bytes.size(); i > 0; --i) number = number << 8 | static_cast<unsigned char>(bytes[i - 1]);
  return number;
}

class Log {
 public:
  explicit Log(std::string bytes) : bytes_(std::move(bytes)) {}

  // Where the writes end that are whole and stand one behind another from the beginning.
  size_t EndOfWholeWrites() const {
    size_t whole = 0;
    for (size_t at = 0; IsRecord(at);) {
      const char type = bytes_[at + kHeaderBytes - 1];
      at += SizeAt(at);
      if (type == kFull || type == kLast) whole = at;
      at = Header(at);
    }
    return whole;
  }

  // Whether a write begins behind the one at `begin`.
  bool HasAnotherBehind(size_t begin) const {
    for (size_t at = Header(begin) + 1; at + kHeaderBytes <= bytes_.size(); ++at) {
      const char type = bytes_[at + kHeaderBytes - 1];
      if ((type == kFull || type == kFirst) && IsRecord(at)) return true;
    }
    return false;
  }

  // Whether the write at `begin`, the last, lacks a sector. REQUIRES: there is something of it.
  bool IsTorn(size_t begin) const {
    const size_t written = bytes_.find_last_not_of('\0') + 1;
    const size_t there = EndOfSector(written - 1);  // of what is behind no sector is there
    bool lacks_one = false;
    for (size_t at = Header(begin); at < written; at = EndOfSector(at)) lacks_one = lacks_one || IsLost(at);

    for (size_t at = Header(begin);; at = Header(at + SizeAt(at))) {
      if (at + kHeaderBytes > std::min(there, bytes_.size()) || IsLost(at)) return true;
      if (EndOfSector(at) < at + kHeaderBytes && IsLost(EndOfSector(at))) return true;
      const bool is_first = at == Header(begin);
      const char type = bytes_[at + kHeaderBytes - 1];
      const size_t end = at + SizeAt(at), end_of_block = (at / kBlockBytes + 1) * kBlockBytes;
      if (type == (is_first ? kFull : kLast)) {
        // Of another write that follows nobody would know, if this were cut off.
        if (end > end_of_block || end < written) return false;
        // Whole, and longer than it says that it is: then that is the damage.
        return end > there ? !HasChecksumOf(at, written) : lacks_one;
      }
      if (type != (is_first ? kFirst : kMiddle) || end != end_of_block) return false;
    }
  }

  bool IsZeroFrom(size_t at) const { return bytes_.find_first_not_of('\0', at) == std::string::npos; }

 private:
  // Where the next header is, behind a record that ends at `at`.
  static size_t Header(size_t at) {
    const size_t left = kBlockBytes - at % kBlockBytes;
    return left < kHeaderBytes ? at + left : at;
  }
  static size_t EndOfSector(size_t at) { return (at / kSectorBytes + 1) * kSectorBytes; }

  size_t SizeAt(size_t at) const { return kHeaderBytes + LittleEndian(std::string_view(bytes_).substr(at + 4, 2)); }

  bool IsRecord(size_t at) const {
    if (at + kHeaderBytes > bytes_.size() || at % kBlockBytes + kHeaderBytes > kBlockBytes) return false;
    const size_t size = SizeAt(at);
    if (at + size > bytes_.size() || at % kBlockBytes + size > kBlockBytes) return false;
    return HasChecksumOf(at, at + size);
  }

  // Of the record at `at`, if it ended at `end`. The length is no part of it.
  bool HasChecksumOf(size_t at, size_t end) const {
    const size_t type = at + kHeaderBytes - 1;
    if (end <= type) return false;
    const uint32_t crc = Crc32c(std::string_view(bytes_).substr(type, end - type));
    // As a log may hold logs, it is turned.
    constexpr uint32_t kTurn = 0xa282ead8U;
    return LittleEndian(std::string_view(bytes_).substr(at, 4)) == (crc >> 15 | crc << 17) + kTurn;
  }

  // Whether its sector has nothing from `at` on.
  bool IsLost(size_t at) const { return bytes_.find_first_not_of('\0', at) >= EndOfSector(at); }

  std::string bytes_;
};

absl::StatusOr<Log> ReadLog(leveldb::Env& env, const std::string& name) {
  uint64_t size = 0;
  leveldb::Status status = env.GetFileSize(name, &size);
  leveldb::SequentialFile* opened = nullptr;
  if (status.ok()) status = env.NewSequentialFile(name, &opened);
  const std::unique_ptr<leveldb::SequentialFile> file(opened);
  std::string bytes(size, '\0');
  size_t read = 0;
  for (leveldb::Slice piece; status.ok() && read < size; read += piece.size()) {
    status = file->Read(size - read, &piece, bytes.data() + read);
    if (piece.empty()) break;
    std::memmove(bytes.data() + read, piece.data(), piece.size());
  }
  if (!status.ok()) return absl::UnavailableError(status.ToString());
  bytes.resize(read);
  return Log(std::move(bytes));
}

}  // namespace

std::unique_ptr<leveldb::WritableFile> PreallocateLog(std::string name, std::unique_ptr<leveldb::WritableFile> file) {
  return std::make_unique<PreallocatedLog>(std::move(name), std::move(file));
}

absl::StatusOr<bool> CutTornWrite(leveldb::Env& env, const std::string& name) {
  ASSIGN_OR_RETURN(const Log log, ReadLog(env, name));
  const size_t whole = log.EndOfWholeWrites();
  if (log.IsZeroFrom(whole)) return whole > 0;
  if (log.HasAnotherBehind(whole)) return absl::DataLossError(absl::StrCat(name, " has a damaged write before others"));
  if (!log.IsTorn(whole)) return true;
  std::error_code failed;
  std::filesystem::resize_file(name, whole, failed);
  if (failed) return absl::UnavailableError(absl::StrCat(name, ": a torn write cannot be cut off: ", failed.message()));
  return true;
}

}  // namespace alcove::store
