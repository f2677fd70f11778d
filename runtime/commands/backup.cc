#include "store/backup.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "runtime/admin_socket.h"
#include "runtime/command_line.h"
#include "runtime/commands/commands.h"
#include "runtime/commands/fail.h"
#include "runtime/commands/open_store.h"
#include "runtime/partial_file.h"
#include "runtime/progress_bar.h"
#include "store/status_macros.h"
#include "store/transfer.h"

namespace alcove::runtime {
namespace {

// In a folder, a new file named by the time.
std::string FileFor(const std::string& to) {
  std::error_code error;
  if (!std::filesystem::is_directory(to, error)) return to;
  const std::string name = absl::FormatTime("alcove-%Y%m%d-%H%M%S.backup", absl::Now(), absl::UTCTimeZone());
  return (std::filesystem::path(to) / name).string();
}

// What a server sends, entry by entry, so that it is checked on its way and the bar knows.
absl::Status TakeFromServer(const Descriptor& server, store::BackupWriter& writer, ProgressBar& bar) {
  store::BackupReader reader(SourceOf(server));
  const auto header = reader.Begin();
  if (absl::IsInvalidArgument(header.status())) return absl::UnavailableError("the server ended before the backup did");
  RETURN_IF_ERROR(header.status());
  RETURN_IF_ERROR(writer.Begin(*header));
  for (int64_t done = 0;; ++done) {
    ASSIGN_OR_RETURN(const auto entry, reader.Next());
    if (!entry) return writer.Finish();
    RETURN_IF_ERROR(writer.Add(*entry));
    bar.Show(done, header->entries);
  }
}

absl::Status Take(const StoreAddress& address, store::BackupWriter& writer) {
  ProgressBar bar("Backing up");
  if (!address.data.empty()) {
    const auto server = AskServer(address.data, "backup\n");
    if (server.ok()) return TakeFromServer(*server, writer, bar);
  }
  ASSIGN_OR_RETURN(const auto store, OpenExistingStore(address));
  return store->Read(
      [&](store::Reader& reader) { return store::WriteBackup(reader, store->epoch(), writer, bar.listener()); });
}

// Reads the file back: what is not sound must not be called a backup.
absl::StatusOr<int64_t> Check(const PartialFile& file) {
  ProgressBar bar("Checking the backup");
  ASSIGN_OR_RETURN(const Descriptor written, file.Reread());
  store::BackupReader reader(SourceOf(written));
  ASSIGN_OR_RETURN(const store::BackupHeader header, reader.Begin());
  for (int64_t done = 0;; ++done) {
    ASSIGN_OR_RETURN(const auto entry, reader.Next());
    if (!entry) return done;
    bar.Show(done, header.entries);
  }
}

absl::StatusOr<int64_t> BackUp(const StoreAddress& address, const std::string& path) {
  ASSIGN_OR_RETURN(PartialFile file, PartialFile::Create(path));
  store::BackupWriter writer([&](std::string_view bytes) { return file.Write(bytes); });
  RETURN_IF_ERROR(Take(address, writer));
  ASSIGN_OR_RETURN(const int64_t entries, Check(file));
  RETURN_IF_ERROR(file.Commit());
  return entries;
}

}  // namespace

int Backup(std::span<const std::string> arguments) {
  const auto command = ParseBackup(arguments);
  if (!command.ok()) return Fail(command.status(), 2);
  const std::string path = FileFor(command->to);
  const auto entries = BackUp(command->store, path);
  if (!entries.ok()) return Fail(entries.status());
  std::printf("%lld entries are backed up in %s\n", static_cast<long long>(*entries), path.c_str());
  return 0;
}

}  // namespace alcove::runtime
