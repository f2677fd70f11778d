#include "store/backup.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "functions/wire/limits.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::store {
namespace {

constexpr std::string_view kName = "alcove backup ";
constexpr int64_t kLayout = 1;
constexpr uint64_t kEnd = 0;
constexpr uint64_t kRefusal = 0xffff;
constexpr size_t kDigestBytes = 32;
constexpr size_t kBufferBytes = size_t{64} << 10;
// The lines of the head are shorter, and what is no backup has longer ones.
constexpr size_t kLineBytes = 100;

}  // namespace

// --- Writing --------------------------------------------------------------------

absl::Status BackupWriter::Write(std::string_view bytes) {
  digest_.Add(bytes);
  buffer_ += bytes;
  return buffer_.size() < kBufferBytes ? absl::OkStatus() : Flush();
}

absl::Status BackupWriter::Flush() { return sink_(std::exchange(buffer_, {})); }

absl::Status BackupWriter::Begin(const BackupHeader& header) {
  return Write(absl::StrCat(std::string(kName), kLayout, "\nformat ", header.format, "\nepoch ", header.epoch,
                            "\nentries ", header.entries, "\n"));
}

absl::Status BackupWriter::Add(const Entry& entry) {
  ++entries_;
  RETURN_IF_ERROR(
      Write(Bytes16(static_cast<uint16_t>(entry.key.size())) + Bytes32(static_cast<uint32_t>(entry.value.size()))));
  RETURN_IF_ERROR(Write(entry.key));
  return Write(entry.value);
}

absl::Status BackupWriter::Finish() {
  RETURN_IF_ERROR(Write(Bytes16(kEnd) + Bytes64(entries_)));
  RETURN_IF_ERROR(Write(digest_.Raw()));
  return Flush();
}

absl::Status BackupWriter::Refuse(std::string_view reason) {
  RETURN_IF_ERROR(Write(Bytes16(kRefusal) + Bytes32(static_cast<uint32_t>(reason.size()))));
  RETURN_IF_ERROR(Write(reason));
  return Flush();
}

// --- Reading --------------------------------------------------------------------

absl::Status BackupReader::Damaged(std::string_view what) const {
  return absl::DataLossError(
      absl::StrCat("the backup is damaged at byte ", taken_, " (", std::string(what), "): take another one"));
}

absl::StatusOr<std::string> BackupReader::Take(size_t size) {
  while (buffer_.size() - at_ < size) {
    buffer_.erase(0, std::exchange(at_, 0));
    const size_t before = buffer_.size();
    buffer_.resize(before + kBufferBytes);
    const auto got = source_(buffer_.data() + before, kBufferBytes);
    buffer_.resize(before + (got.ok() ? *got : 0));
    if (!got.ok()) return got.status();
    if (*got == 0) return Damaged("it is cut off");
  }
  std::string taken = buffer_.substr(at_, size);
  at_ += size;
  taken_ += size;
  return taken;
}

absl::StatusOr<std::string> BackupReader::TakeLine() {
  std::string line;
  while (line.size() < kLineBytes) {
    ASSIGN_OR_RETURN(const std::string byte, Take(1));
    digest_.Add(byte);
    if (byte == "\n") return line;
    line += byte;
  }
  return Damaged("a line of its head is too long");
}

absl::Status BackupReader::TakeRefusal() {
  ASSIGN_OR_RETURN(const std::string size, Take(4));
  ASSIGN_OR_RETURN(const std::string reason, Take(std::min<size_t>(NumberOf(size), kBufferBytes)));
  return absl::UnavailableError(reason);
}

absl::StatusOr<BackupHeader> BackupReader::Begin() {
  const absl::Status none = absl::InvalidArgumentError("it is no backup of Alcove");
  const auto begin = Take(2);
  if (!begin.ok()) return absl::IsDataLoss(begin.status()) ? none : begin.status();
  if (NumberOf(*begin) == kRefusal) return TakeRefusal();
  at_ -= begin->size();
  taken_ -= begin->size();
  const auto first = TakeLine();
  int64_t layout = 0;
  if (!first.ok()) return absl::IsDataLoss(first.status()) ? none : first.status();
  if (!first->starts_with(kName) || !absl::SimpleAtoi(first->substr(kName.size()), &layout)) return none;
  if (layout > kLayout) {
    return absl::FailedPreconditionError("the backup was made by a newer Alcove: restore it with that version");
  }
  const auto line = [&](std::string_view name) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const std::string text, TakeLine());
    if (!text.starts_with(std::string(name) + " ")) return Damaged("its head");
    return text.substr(name.size() + 1);
  };
  ASSIGN_OR_RETURN(const std::string format, line("format"));
  ASSIGN_OR_RETURN(header_.epoch, line("epoch"));
  ASSIGN_OR_RETURN(const std::string entries, line("entries"));
  if (!absl::SimpleAtoi(format, &header_.format) || header_.format < 1) return Damaged("its format");
  if (!absl::SimpleAtoi(entries, &header_.entries) || header_.entries < 0) return Damaged("its number of entries");
  if (header_.format > keys::kFormat) {
    return absl::FailedPreconditionError(absl::StrCat("the backup was made by a newer Alcove (format ", header_.format,
                                                      "; this one reads up to ", keys::kFormat,
                                                      "): restore it with that version"));
  }
  return header_;
}

absl::StatusOr<std::optional<Entry>> BackupReader::Next() {
  ASSIGN_OR_RETURN(const std::string key_size, Take(2));
  const uint64_t key_bytes = NumberOf(key_size);
  if (key_bytes == kRefusal) return TakeRefusal();
  digest_.Add(key_size);
  if (key_bytes == kEnd) {
    RETURN_IF_ERROR(Finish());
    return std::optional<Entry>();
  }
  ASSIGN_OR_RETURN(const std::string value_size, Take(4));
  const uint64_t value_bytes = NumberOf(value_size);
  if (key_bytes > wire::kKeyBytesMax || value_bytes > wire::kValueBytesMax) return Damaged("an entry is too long");
  Entry entry;
  ASSIGN_OR_RETURN(entry.key, Take(key_bytes));
  ASSIGN_OR_RETURN(entry.value, Take(value_bytes));
  if (entries_ > 0 && entry.key <= last_key_) return Damaged("its keys are out of order");
  digest_.Add(value_size);
  digest_.Add(entry.key);
  digest_.Add(entry.value);
  ++entries_;
  last_key_ = entry.key;
  return std::optional<Entry>(std::move(entry));
}

absl::Status BackupReader::Finish() {
  ASSIGN_OR_RETURN(const std::string count, Take(8));
  digest_.Add(count);
  ASSIGN_OR_RETURN(const std::string digest, Take(kDigestBytes));
  if (digest != digest_.Raw()) return Damaged("its SHA-256 is another");
  if (NumberOf(count) != entries_ || static_cast<uint64_t>(header_.entries) != entries_) {
    return Damaged("its number of entries is another");
  }
  if (const auto more = Take(1); more.ok()) return Damaged("something follows its end");
  return absl::OkStatus();
}

}  // namespace alcove::store
