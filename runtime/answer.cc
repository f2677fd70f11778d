#include "runtime/answer.h"

#include <sys/random.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <ctime>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "functions/wire/limits.h"
#include "runtime/characters.h"

namespace alcove::runtime {
namespace {

bool IsRequestId(std::string_view text) {
  return !text.empty() && text.size() <= wire::kRequestIdBytesMax && std::all_of(text.begin(), text.end(), [](char c) {
    return IsDigit(c) || IsLetter(c) || c == '.' || c == '_' || c == '-';
  });
}

uint64_t RandomNumber() {
  uint64_t number = 0;
  // Eight bytes cannot be cut short, and the pool is ready long before us.
  if (getrandom(&number, sizeof(number), 0) != sizeof(number)) return 0;
  return number;
}

bool HasHeader(const functions::Response& response, std::string_view wanted) {
  return std::any_of(response.headers.begin(), response.headers.end(),
                     [&](const auto& header) { return EqualsIgnoringCase(header.first, wanted); });
}

// RFC 9110: `Sun, 06 Nov 1994 08:49:37 GMT`. Written once a second by each thread.
const std::string& DateText() {
  thread_local std::time_t second = -1;
  thread_local std::string text;
  const std::time_t now = std::time(nullptr);
  if (now == second) return text;
  second = now;
  text = absl::FormatTime("%a, %d %b %E4Y %H:%M:%S GMT", absl::FromTimeT(now), absl::UTCTimeZone());
  return text;
}

}  // namespace

void AddCommonHeaders(std::string_view request_id, functions::Response& response) {
  response.headers.emplace_back("Date", DateText());
  response.headers.emplace_back("X-Request-Id", request_id);
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  if (!HasHeader(response, "Cache-Control")) response.headers.emplace_back("Cache-Control", "no-store");
}

std::string RequestIdFor(std::string_view wished) {
  if (IsRequestId(wished)) return std::string(wished);
  // One draw a process and a counter: unique in the logs, nobody's secret. Of 15 characters for as long as it can be:
  // so many are in the string itself, and everybody who waits has one.
  static const auto process = static_cast<uint32_t>(RandomNumber());
  static std::atomic<uint64_t> count{0};
  return absl::StrCat(absl::Hex(process, absl::kZeroPad8), "-", absl::Hex(++count));
}

std::string RefusalBytes(int status) {
  for (const functions::ProblemText& text : functions::ProblemTexts()) {
    if (text.status == status) return RefusalBytes(text.problem);
  }
  return RefusalBytes(functions::ProblemCode::kBadRequest);
}

std::string RefusalBytes(functions::ProblemCode problem) {
  functions::Response response = functions::ProblemResponse(problem);
  AddCommonHeaders(RequestIdFor({}), response);
  const std::string_view title = functions::ProblemTexts()[static_cast<size_t>(problem)].title;
  std::string bytes = absl::StrCat("HTTP/1.1 ", response.status, " ", std::string(title),
                                   "\r\nContent-Type: ", response.content_type, "\r\n");
  for (const auto& [name, value] : response.headers) absl::StrAppend(&bytes, name, ": ", value, "\r\n");
  absl::StrAppend(&bytes, "Connection: close\r\nContent-Length: ", response.body.size(), "\r\n\r\n", response.body);
  return bytes;
}

}  // namespace alcove::runtime
