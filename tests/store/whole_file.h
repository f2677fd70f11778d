// A file as one text, as tests alter it.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace alcove::store {

inline std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void WriteFile(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

}  // namespace alcove::store
