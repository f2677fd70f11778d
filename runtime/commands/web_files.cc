#include "runtime/commands/web_files.h"

#include <filesystem>
#include <system_error>

#include "runtime/log.h"

namespace alcove::runtime {
namespace {

// As they are built: `build/release/bin/alcove` and `build/web`; as they are
// installed: `bin/alcove` and `share/alcove/web`.
std::string FindWebFolder() {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
  for (const char* const relative : {"../../web", "../share/alcove/web"}) {
    const fs::path candidate = (folder / relative).lexically_normal();
    if (fs::is_directory(candidate, error)) return candidate.string();
  }
  return {};
}

}  // namespace

absl::StatusOr<std::unique_ptr<StaticFiles>> LoadWebFiles(const std::string& folder) {
  const std::string found = folder.empty() ? FindWebFolder() : folder;
  if (!found.empty()) return StaticFiles::Load(found);
  LogWarning("no web files were found beside the program: only the API is served");
  return std::make_unique<StaticFiles>();
}

}  // namespace alcove::runtime
