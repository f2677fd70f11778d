#include "runtime/canonical.h"

#include <algorithm>
#include <array>

#include "runtime/characters.h"

namespace alcove::runtime {
namespace {

constexpr std::array<std::string_view, 7> kCarried = {
    "Host", "Authorization", "Content-Type", "If-None-Match", "Accept-Encoding", "X-Request-Id", "X-Forwarded-For"};

// CPPHTTPLIB_HEADER_MAX_LENGTH, which is compiled into Debian's library.
constexpr size_t kHttplibLineBytesMax = 8192;

}  // namespace

void CanonicalRequest::Start(const RequestLine& line) {
  head_.assign(line.method).append(" ").append(line.target).append(" HTTP/1.1\r\n");
}

int CanonicalRequest::Add(const Header& header) {
  const auto is_this = [&](std::string_view name) { return EqualsIgnoringCase(name, header.name); };
  const auto* const carried = std::find_if(kCarried.begin(), kCarried.end(), is_this);
  if (carried == kCarried.end() || header.value.empty()) return 0;

  const size_t begin = head_.size();
  head_.append(*carried).append(": ");
  for (const char c : header.value) {
    if (c == '%') {
      head_.append("%25");
    } else {
      head_.push_back(c);
    }
  }
  head_.append("\r\n");
  return head_.size() - begin > kHttplibLineBytesMax ? 431 : 0;
}

std::string CanonicalRequest::Finish() {
  if (!body_.empty()) head_.append("Content-Length: ").append(std::to_string(body_.size())).append("\r\n");
  head_.append("\r\n").append(body_);
  body_ = std::string();
  // Moving out of a string leaves it valid but not always empty.
  std::string whole = std::move(head_);
  head_ = std::string();
  whole.shrink_to_fit();
  return whole;
}

std::string_view BodyOfCanonical(std::string_view request) { return request.substr(request.find("\r\n\r\n") + 4); }

}  // namespace alcove::runtime
