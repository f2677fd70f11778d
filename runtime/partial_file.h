// A file that is there when it is whole and on disk, and not before: until then
// it has `.partial` behind its name.
//
// Threads: one.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/descriptor.h"

namespace alcove::runtime {

class PartialFile {
 public:
  // ALREADY_EXISTS where the name is taken or another process writes it,
  // UNAVAILABLE where it cannot be written. What an interrupted command left is
  // written over. Only its user may read it.
  static absl::StatusOr<PartialFile> Create(std::string path);
  PartialFile(PartialFile&&) = default;
  PartialFile& operator=(PartialFile&&) = delete;
  // Removes what was not given its name.
  ~PartialFile();

  // UNAVAILABLE with the reason.
  absl::Status Write(std::string_view bytes);
  // What was written, from its beginning.
  absl::StatusOr<Descriptor> Reread() const;
  // To the disk, under its name.
  absl::Status Commit();

 private:
  explicit PartialFile(std::string path) : path_(std::move(path)) {}
  std::string partial() const { return path_ + ".partial"; }
  absl::Status Failed(std::string_view what) const;

  std::string path_;
  Descriptor file_;
};

}  // namespace alcove::runtime
