#include "runtime/answer.h"

#include <sys/random.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <ctime>
#include <iterator>

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

// RFC 9110, 15, and RFC 6585: those that we answer with.
struct Phrase {
  int status;
  std::string_view text;
};
constexpr Phrase kPhrases[] = {
    {200, "OK"},
    {201, "Created"},
    {204, "No Content"},
    {302, "Found"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
};

// Empty where it has none here, as a phrase may be.
std::string_view PhraseOf(int status) {
  const auto* const found = std::find_if(std::begin(kPhrases), std::end(kPhrases),
                                         [&](const Phrase& phrase) { return phrase.status == status; });
  return found == std::end(kPhrases) ? std::string_view() : found->text;
}

// Nothing that would end its line, and the answer's head with it.
void AppendHeader(std::string_view name, std::string_view value, std::string& bytes) {
  const auto ends_a_line = [](std::string_view text) {
    return text.find('\n') != text.npos || text.find('\r') != text.npos;
  };
  if (ends_a_line(name) || ends_a_line(value)) return;
  bytes.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::string AnswerBytes(const functions::Response& response, Body body, Persistence persistence) {
  // A poll's head takes 250 bytes; half again for longer ones costs nothing.
  constexpr size_t kHeadBytes = 384;
  std::string bytes;
  bytes.reserve(kHeadBytes + response.body.size());
  absl::StrAppend(&bytes, "HTTP/1.1 ", response.status, " ", std::string(PhraseOf(response.status)), "\r\n");
  for (const auto& [name, value] : response.headers) AppendHeader(name, value, bytes);
  if (persistence == Persistence::kClose) bytes.append("Connection: close\r\n");
  // RFC 9110: 204 has no length; that of 304 would be the length of the 200.
  const bool has_length = response.status != 204 && response.status != 304;
  if (has_length) absl::StrAppend(&bytes, "Content-Length: ", response.body.size(), "\r\n");
  if (!response.content_type.empty()) AppendHeader("Content-Type", response.content_type, bytes);
  bytes.append("\r\n");
  if (body == Body::kWhole && has_length) bytes.append(response.body);
  return bytes;
}

void AddCommonHeaders(std::string_view request_id, functions::Response& response) {
  response.headers.reserve(response.headers.size() + 4);
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
  return AnswerBytes(response, Body::kWhole, Persistence::kClose);
}

}  // namespace alcove::runtime
