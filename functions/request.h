// Reading a request: its body, its query, and the text in it.
//
// Threads: free functions without state.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "functions/function.h"
#include "functions/json_codec.h"

namespace alcove::functions {

// 415 unsupported_media_type where there is a body that is not application/json.
absl::Status CheckContentType(const Request& request);

// The body as a T. No body at all is read as `{}`.
//   415 unsupported_media_type
//   INVALID_ARGUMENT  as ParseJson()
template <class T>
absl::StatusOr<T> ParseBody(const Request& request) {
  if (absl::Status status = CheckContentType(request); !status.ok()) return status;
  return ParseJson<T>(request.body.empty() ? std::string_view("{}") : std::string_view(request.body));
}

// 422 naming the field, where a text has more than `bytes_max` bytes, or a NUL.
absl::Status CheckText(std::string_view field, std::string_view text, size_t bytes_max);
// Also where it is empty or only white space.
absl::Status CheckTextGiven(std::string_view field, std::string_view text, size_t bytes_max);

// 422 naming the field, where there are more than kQuickRepliesMax, one twice, or one that is empty or longer than
// kQuickReplyBytesMax.
absl::Status CheckQuickReplies(std::string_view field, const std::optional<std::vector<std::string>>& replies);

// 422 where a new password has fewer than kPasswordBytesMin or more than kPasswordBytesMax bytes.
absl::Status CheckPassword(std::string_view field, std::string_view password);

// A query parameter as a number, `absent` where it is not there.
// INVALID_ARGUMENT naming it, where it is no decimal integer of `min` or more.
// A number above `max` is taken as `max`.
struct NumberBounds {
  int64_t absent = 0;
  int64_t min = 0;
  int64_t max = 0;
};
absl::StatusOr<int64_t> ParseQueryNumber(const Request& request, std::string_view name, const NumberBounds& bounds);

// Of a path: the id, or NOT_FOUND where it is not even well formed.
template <class Id>
absl::StatusOr<Id> ParsePathId(const Request& request, std::string_view name) {
  const std::optional<Id> id = Id::Parse(request.Parameter(name));
  if (!id) return absl::NotFoundError("no id");
  return *id;
}

// An id that the client chose for what it creates: 422 where it is not well formed.
absl::Status BadChosenId(std::string_view field);
template <class Id>
absl::StatusOr<Id> ParseChosenId(std::string_view field, std::string_view text) {
  const std::optional<Id> id = Id::Parse(text);
  if (!id) return BadChosenId(field);
  return *id;
}

// 200 or 201 with a body.
Response Ok(std::string body);
Response Created(std::string body);
// 200 with an empty object: done, and nothing to say about it.
Response Done();

}  // namespace alcove::functions
