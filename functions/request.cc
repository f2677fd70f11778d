#include "functions/request.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "functions/problem.h"
#include "functions/wire/limits.h"
#include "functions/wire/typed_text.h"
#include "store/status_macros.h"

namespace alcove::functions {
namespace {

std::string Text(std::string_view text) { return std::string(text); }

}  // namespace

absl::Status CheckContentType(const Request& request) {
  if (request.body.empty() || request.content_type == "application/json") return absl::OkStatus();
  return ProblemStatus(ProblemCode::kUnsupportedMediaType);
}

absl::Status CheckText(std::string_view field, std::string_view text, size_t bytes_max) {
  // It ends the text for whoever shows or searches it with C's strings: what is behind would be hidden.
  if (text.find('\0') != std::string_view::npos) {
    return ProblemStatus(ProblemCode::kUnprocessable, absl::StrCat(Text(field), " has a NUL in it"));
  }
  if (text.size() <= bytes_max) return absl::OkStatus();
  return ProblemStatus(ProblemCode::kUnprocessable,
                       absl::StrCat(Text(field), " is longer than ", bytes_max, " bytes of UTF-8"));
}

absl::Status CheckTextGiven(std::string_view field, std::string_view text, size_t bytes_max) {
  if (wire::IsBlank(text)) {
    return ProblemStatus(ProblemCode::kUnprocessable, absl::StrCat(Text(field), " is empty"));
  }
  return CheckText(field, text, bytes_max);
}

absl::Status CheckQuickReplies(std::string_view field, const std::optional<std::vector<std::string>>& replies) {
  if (!replies) return absl::OkStatus();
  if (replies->size() > wire::kQuickRepliesMax) {
    return ProblemStatus(ProblemCode::kUnprocessable,
                         absl::StrCat(Text(field), " are more than ", wire::kQuickRepliesMax));
  }
  for (auto reply = replies->begin(); reply != replies->end(); ++reply) {
    RETURN_IF_ERROR(CheckTextGiven(field, *reply, wire::kQuickReplyBytesMax));
    if (std::find(replies->begin(), reply, *reply) == reply) continue;
    return ProblemStatus(ProblemCode::kUnprocessable, absl::StrCat(Text(field), " has one of them twice"));
  }
  return absl::OkStatus();
}

absl::Status CheckPassword(std::string_view field, std::string_view password) {
  RETURN_IF_ERROR(CheckText(field, password, wire::kPasswordBytesMax));
  if (password.size() >= wire::kPasswordBytesMin) return absl::OkStatus();
  return ProblemStatus(ProblemCode::kUnprocessable,
                       absl::StrCat(Text(field), " is shorter than ", wire::kPasswordBytesMin, " bytes"));
}

absl::StatusOr<int64_t> ParseQueryNumber(const Request& request, std::string_view name, const NumberBounds& bounds) {
  const std::string_view text = request.Query(name);
  if (text.empty()) return bounds.absent;
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = end == text.data() + text.size();
  if (whole && error == std::errc::result_out_of_range && text.front() != '-') return bounds.max;
  if (!whole || error != std::errc() || number < bounds.min) {
    return absl::InvalidArgumentError(absl::StrCat(Text(name), " is not a whole number of ", bounds.min, " or more"));
  }
  return number < bounds.max ? number : bounds.max;
}

absl::Status BadChosenId(std::string_view field) {
  return ProblemStatus(ProblemCode::kUnprocessable, absl::StrCat(Text(field), " is not a prefix and a ULID"));
}

Response Ok(std::string body) {
  Response response;
  response.body = std::move(body);
  return response;
}

Response Created(std::string body) {
  Response response = Ok(std::move(body));
  response.status = 201;
  return response;
}

Response Done() { return Ok("{}"); }

}  // namespace alcove::functions
