// The names of the methods that functions answer.
//
// Threads: free functions.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "functions/function.h"

namespace alcove::functions {

// In the order of Method.
inline constexpr std::array<std::string_view, 5> kMethodNames = {"GET", "POST", "PUT", "DELETE", "PATCH"};

inline std::string_view NameOf(Method method) { return kMethodNames[static_cast<size_t>(method)]; }

// nullopt: functions know none of that name.
inline std::optional<Method> ParseMethod(std::string_view name) {
  const auto* const found = std::find(kMethodNames.begin(), kMethodNames.end(), name);
  if (found == kMethodNames.end()) return std::nullopt;
  return static_cast<Method>(found - kMethodNames.begin());
}

}  // namespace alcove::functions
