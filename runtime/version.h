#pragma once

namespace alcove::runtime {

// Of the project() in the top CMakeLists.txt.
inline constexpr const char* kVersion = ALCOVE_VERSION;

}  // namespace alcove::runtime
