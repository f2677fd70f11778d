#include "runtime/partial_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"

namespace alcove::runtime {

absl::Status PartialFile::Failed(std::string_view what) const {
  return absl::UnavailableError(absl::StrCat(path_, " cannot be ", std::string(what), ": ", std::strerror(errno)));
}

absl::StatusOr<PartialFile> PartialFile::Create(std::string path) {
  PartialFile file(std::move(path));
  struct stat found = {};
  if (lstat(file.path_.c_str(), &found) == 0) {
    return absl::AlreadyExistsError(absl::StrCat(file.path_, " is there already: name another file"));
  }
  Descriptor opened(open(file.partial().c_str(), O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!opened.is_open()) return file.Failed("written");
  struct stat locked = {};
  const bool alone = flock(opened.get(), LOCK_EX | LOCK_NB) == 0 && fstat(opened.get(), &locked) == 0;
  // Between the two it may have been given its name: it is whole, and not ours.
  if (!alone || lstat(file.partial().c_str(), &found) != 0 || found.st_ino != locked.st_ino) {
    return absl::AlreadyExistsError(
        absl::StrCat(file.path_, " is being written by another process: name another file"));
  }
  if (ftruncate(opened.get(), 0) != 0) return file.Failed("written");
  file.file_ = std::move(opened);
  return file;
}

PartialFile::~PartialFile() {
  if (file_.is_open()) unlink(partial().c_str());
}

absl::Status PartialFile::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failed("written");
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::StatusOr<Descriptor> PartialFile::Reread() const {
  Descriptor file(open(partial().c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return Failed("read");
  return file;
}

absl::Status PartialFile::Commit() {
  if (fsync(file_.get()) != 0) return Failed("written to the disk");
  if (rename(partial().c_str(), path_.c_str()) != 0) return Failed("given its name");
  file_.Close();
  const std::string folder = std::filesystem::path(path_).parent_path().string();
  const Descriptor opened(open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.is_open() || fsync(opened.get()) != 0) return Failed("written to the disk");
  return absl::OkStatus();
}

}  // namespace alcove::runtime
