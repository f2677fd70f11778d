#include <fcntl.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "functions/verify.h"
#include "runtime/admin_socket.h"
#include "runtime/command_line.h"
#include "runtime/commands/commands.h"
#include "runtime/commands/fail.h"
#include "runtime/commands/open_store.h"
#include "runtime/progress_bar.h"
#include "store/backup.h"
#include "store/status_macros.h"
#include "store/transfer.h"

namespace alcove::runtime {
namespace {

absl::StatusOr<Descriptor> Open(const std::string& path) {
  Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) {
    return absl::NotFoundError(absl::StrCat(path, " cannot be read: ", std::strerror(errno)));
  }
  return file;
}

// All of it, before anything is made of it.
absl::Status Check(const std::string& path) {
  ProgressBar bar("Checking the backup");
  ASSIGN_OR_RETURN(const Descriptor file, Open(path));
  store::BackupReader reader(SourceOf(file));
  ASSIGN_OR_RETURN(const store::BackupHeader header, reader.Begin());
  for (int64_t done = 0;; ++done) {
    ASSIGN_OR_RETURN(const auto entry, reader.Next());
    if (!entry) return absl::OkStatus();
    bar.Show(done, header.entries);
  }
}

absl::StatusOr<int64_t> Fill(const std::string& path, store::Store& target) {
  ProgressBar bar("Restoring");
  ASSIGN_OR_RETURN(const Descriptor file, Open(path));
  store::BackupReader reader(SourceOf(file));
  ASSIGN_OR_RETURN(const store::BackupHeader header, reader.Begin());
  RETURN_IF_ERROR(store::Restore(reader, header, target, bar.listener()));
  return header.entries;
}

absl::StatusOr<functions::VerifyReport> Verified(store::Store& target) {
  ProgressBar bar("Verifying");
  functions::VerifyListener listener;
  listener.progress = [&](int64_t entries) {
    bar.Show(entries, 0);
    return absl::OkStatus();
  };
  return target.Read([&](store::Reader& reader) { return functions::Verify(reader, listener); });
}

absl::Status WithName(const absl::Status& status, const std::string& name) {
  return absl::Status(status.code(), absl::StrCat(name, ": ", std::string(status.message())));
}

}  // namespace

int Restore(std::span<const std::string> arguments) {
  const auto command = ParseRestore(arguments);
  if (!command.ok()) return Fail(command.status(), 2);
  if (const absl::Status sound = Check(command->from); !sound.ok()) return Fail(WithName(sound, command->from));
  const auto target = OpenStore(command->store);
  if (!target.ok()) return Fail(target.status());
  const std::string name = TextOf(command->store);
  const auto entries = Fill(command->from, **target);
  if (!entries.ok()) return Fail(WithName(entries.status(), name));
  const auto report = Verified(**target);
  if (!report.ok()) return Fail(WithName(report.status(), name));
  std::printf("%lld entries are restored in %s\n", static_cast<long long>(*entries), name.c_str());
  if (report->findings == 0) return 0;
  return Fail(absl::DataLossError(
      absl::StrCat("what was backed up did not hold together, and is restored as it was: `alcove verify` names ",
                   report->findings, " keys")));
}

}  // namespace alcove::runtime
