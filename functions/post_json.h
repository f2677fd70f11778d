// What bots and dispatchers of an owner's are asked with: JSON in a POST (fetch.h).
//
// Threads: a free function.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "absl/time/time.h"
#include "functions/fetch.h"

namespace alcove::functions {

// What bounds the answer; as in Fetch.
struct AnswerBounds {
  absl::Duration timeout;
  size_t bytes_max = 0;
};

inline Fetch PostJson(std::string_view name, std::string url, std::string json, const AnswerBounds& bounds) {
  return Fetch{.name = std::string(name),
               .method = FetchMethod::kPost,
               .url = std::move(url),
               .headers = {{"Content-Type", "application/json"}},
               .body = std::move(json),
               .timeout = bounds.timeout,
               .answer_bytes_max = bounds.bytes_max};
}

}  // namespace alcove::functions
