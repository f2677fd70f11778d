// A folder of a test's own, below the system's place for them.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace alcove::store {

inline std::string MakeTemporaryFolder() {
  std::string path = (std::filesystem::temp_directory_path() / "alcove_store_XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr) std::abort();
  return path;
}

}  // namespace alcove::store
